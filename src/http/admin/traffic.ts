import type { FastifyInstance } from 'fastify'
import { NO_KEY_NAME, OTHERS } from '../../calls/top-steps.ts'
import type { LatencyReader } from '../../calls/read-latencies.ts'
import type { NamedTraffic, Traffic } from '../../calls/traffic.ts'
import type { Keys } from '../../keys/keys.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { answering } from './answering.ts'
import { packAnswer } from './pack-answer.ts'
import {
  accountDayAnswer,
  accountTrafficAnswer,
  accountTrafficPath,
  latencyAnswer,
  latencyQuery,
  topTrafficAnswer,
  trafficAnswer,
  trafficQuery,
} from './console-contract.ts'

export interface TrafficRouteParts {
  traffic: Pick<Traffic, 'read' | 'readTop' | 'readAccounts' | 'readAccount'>
  /** Of one model, API or account. */
  latencies: LatencyReader
  /** Requests under way through each account; those without one are left out. */
  inFlight: () => ReadonlyMap<string, number>
  keys: Pick<Keys, 'get'>
}

/** How many requests there were and how they ended. */
export function registerTraffic(routes: FastifyInstance, parts: TrafficRouteParts): void {
  const { traffic, latencies, inFlight } = parts
  routes.get('/v2/traffic', { ...answering(trafficAnswer), onSend: packAnswer }, async ({ query }) => {
    const { from, to, points, ...rest } = await traffic.read(parseBody(trafficQuery, query).range)
    return { ...rest, from: toText(from), to: toText(to), points: points.map(withText) }
  })
  routes.get(
    '/v2/traffic/latency',
    { ...answering(latencyAnswer), onSend: packAnswer },
    async ({ query }) => {
      const { range, ...subject } = parseBody(latencyQuery, query)
      const { from, to, since, points, ...rest } = await latencies(range, subject)
      const span = { from: toText(from), to: toText(to), since: toText(since) }
      return { ...rest, ...span, points: points.map(withText) }
    },
  )
  routes.get('/v2/traffic/top', answering(topTrafficAnswer), async ({ query }) => {
    const { from, to, models, keys: used } = await traffic.readTop(parseBody(trafficQuery, query).range)
    return { from: toText(from), to: toText(to), models, keys: await nameKeys(used, parts) }
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

/** Keys of the environment have no name but their place there; those that are gone keep theirs. */
async function nameKeys(used: readonly NamedTraffic[], { keys }: Pick<TrafficRouteParts, 'keys'>) {
  return Promise.all(
    used.map(async ({ name: id, ...counts }) => {
      const known =
        id === NO_KEY_NAME || id === OTHERS ? undefined : await keys.get(id).catch(() => undefined)
      return { id: id === NO_KEY_NAME ? null : id, name: known?.name ?? null, ...counts }
    }),
  )
}

const nothingYet = { requests: 0, ok: 0, firstTokenP95Ms: null }

function withText<Timed extends { at: number }>(timed: Timed) {
  return { ...timed, at: toText(timed.at) }
}

function toText(at: number): string {
  return new Date(at).toISOString()
}
