import type { FastifyInstance } from 'fastify'
import type { Dialect } from '../../dialects/dialect.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { answer, demandRoom, type ChatRouteParts } from '../chat-routes.ts'
import { forOperator } from '../guards.ts'
import { trialQuery } from './contract.ts'

/**
 * Each model API for the operator, who asks through one account, whatever its status, or through any: as clients do, but by
 * the session. In the log of calls they stand as the operator's own, and they are counted nowhere.
 */
export function registerTrials(routes: FastifyInstance, parts: ChatRouteParts): void {
  for (const [path, dialect] of trialPaths(parts.dialects)) {
    const options = {
      config: { ...forOperator, dialect, logged: true as const },
      onRequest: demandRoom(parts.admission),
    }
    routes.post(path, options, (request, reply) => {
      const { account_id: accountId } = parseBody(trialQuery, request.query)
      const only = accountId === undefined || accountId === '' ? {} : { accountId }
      const relay: ChatRouteParts['relay'] = {
        plan: (conversation, wishes) => parts.relay.plan(conversation, { ...wishes, ...only }),
      }
      return answer({ ...parts, relay }, dialect, request, reply)
    })
  }
}

/** `/v2/chat/test` for `/v1/chat/completions`. What lies deeper, as compaction does, is for clients alone. */
function trialPaths(dialects: readonly Dialect[]): ReadonlyMap<string, Dialect> {
  const named = dialects.flatMap((dialect) => {
    const match = /^\/v1\/(chat|responses|messages)(\/completions)?$/.exec(dialect.paths[0] ?? '')
    return match === null ? [] : [[`/v2/${match[1]}/test`, dialect] as const]
  })
  return new Map(named)
}

/** Whether a route takes whole conversations, whatever the limit of the operator's other bodies. */
export function isTrialPath(path: string): boolean {
  return /^\/v2\/(chat|responses|messages)\/test$/.test(path)
}
