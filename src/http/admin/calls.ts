/** The log of the requests of clients: page by page, counted, one by one, and as a file. Nothing that was said is in it. */
import type { FastifyInstance } from 'fastify'
import { Readable } from 'node:stream'
import type { CallHistogramReader } from '../../calls/call-histogram.ts'
import type { CallLog } from '../../calls/call-log.ts'
import type { KeptCall } from '../../calls/kept-call.ts'
import type { Clock } from '../../clock.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { answering } from './answering.ts'
import {
  callDetailAnswer,
  callExportAnswer,
  callExportQuery,
  callHistogramAnswer,
  callHistogramQuery,
  callListAnswer,
  callPath,
  callsQuery,
  readCallFilter,
} from './console-contract.ts'
import { exportCalls, exportTypes } from './export-calls.ts'
import { tellFailure } from './tell-failure.ts'

export interface CallRouteParts {
  callLog: CallLog
  callHistogram: CallHistogramReader
  dialects: readonly Dialect[]
  clock: Clock
}

export function registerCalls(routes: FastifyInstance, parts: CallRouteParts): void {
  const { callLog, callHistogram, dialects } = parts
  routes.get('/v2/calls', answering(callListAnswer), async ({ query }) => {
    const { limit, cursor, ...filter } = parseBody(callsQuery, query)
    const slice = { limit, ...(cursor !== undefined && { cursor }) }
    const { calls, nextCursor } = await callLog.list(readCallFilter(filter), slice)
    return { calls: calls.map(withText), nextCursor: nextCursor ?? null }
  })
  routes.get('/v2/calls/histogram', answering(callHistogramAnswer), async ({ query }) => {
    const { cursor, since, until, ...given } = parseBody(callHistogramQuery, query)
    const span = { since: Date.parse(since), until: Date.parse(until) }
    const counted = await callHistogram({ filter: readCallFilter(given), ...span, cursor })
    const { from, to, oldest, steps, nextCursor, ...rest } = counted
    return {
      ...rest,
      from: toText(from),
      to: toText(to),
      steps: steps.map(withText),
      nextCursor: nextCursor ?? null,
      oldest: oldest === undefined ? null : toText(oldest),
    }
  })
  registerExport(routes, parts)
  routes.get('/v2/calls/:id', answering(callDetailAnswer), async ({ params }) => {
    const { course, ...call } = await callLog.get(callPath.parse(params).id)
    return { ...withText<KeptCall>(call), ...course, told: tellFailure(call, dialects) }
  })
}

/** Whoever takes it slowly is read for slowly. */
function registerExport(routes: FastifyInstance, { callLog, clock }: CallRouteParts): void {
  const options = { ...answering(callExportAnswer), exposeHeadRoute: false }
  routes.get('/v2/calls/export', options, ({ query }, reply) => {
    const { format, ...filter } = parseBody(callExportQuery, query)
    const lines = exportCalls({ callLog, clock }, { filter: readCallFilter(filter), format })
    return reply
      .type(exportTypes[format])
      .header('content-disposition', `attachment; filename="aqueduct-requests.${format}"`)
      .send(Readable.from(lines))
  })
}

function withText<Timed extends { at: number }>(timed: Timed) {
  return { ...timed, at: toText(timed.at) }
}

function toText(at: number): string {
  return new Date(at).toISOString()
}
