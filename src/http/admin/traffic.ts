import type { FastifyInstance } from 'fastify'
import type { Traffic } from '../../calls/traffic.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { answering } from './answering.ts'
import { packAnswer } from './pack-answer.ts'
import {
  accountDayAnswer,
  accountTrafficAnswer,
  accountTrafficPath,
  trafficAnswer,
  trafficQuery,
} from './console-contract.ts'

export interface TrafficRouteParts {
  traffic: Pick<Traffic, 'read' | 'readAccounts' | 'readAccount'>
  /** Requests under way through each account; those without one are left out. */
  inFlight: () => ReadonlyMap<string, number>
}

/** How many requests there were and how they ended. */
export function registerTraffic(routes: FastifyInstance, { traffic, inFlight }: TrafficRouteParts): void {
  routes.get('/v2/traffic', { ...answering(trafficAnswer), onSend: packAnswer }, async ({ query }) => {
    const { from, to, points, ...rest } = await traffic.read(parseBody(trafficQuery, query).range)
    return { ...rest, from: toText(from), to: toText(to), points: points.map(withText) }
  })
  routes.get('/v2/traffic/accounts', { ...answering(accountTrafficAnswer), onSend: packAnswer }, async () => {
    const { from, to, accounts } = await traffic.readAccounts()
    const underWay = new Map(inFlight())
    const known = accounts.map((each) => {
      const withLeases = { ...each, inFlight: underWay.get(each.accountId) ?? 0 }
      underWay.delete(each.accountId)
      return withLeases
    })
    const others = Array.from(underWay, ([accountId, count]) => ({
      ...nothingYet,
      accountId,
      inFlight: count,
    }))
    return { from: toText(from), to: toText(to), accounts: [...known, ...others] }
  })
  routes.get('/v2/traffic/accounts/:id', answering(accountDayAnswer), async ({ params }) => {
    const { from, to, hours } = await traffic.readAccount(accountTrafficPath.parse(params).id)
    return { from: toText(from), to: toText(to), hours: hours.map(withText) }
  })
}

const nothingYet = { requests: 0, ok: 0, firstTokenP95Ms: null }

function withText<Timed extends { at: number }>(timed: Timed) {
  return { ...timed, at: toText(timed.at) }
}

function toText(at: number): string {
  return new Date(at).toISOString()
}
