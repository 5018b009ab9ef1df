/** What the key of a request permits, carried to where it is asked for. A request without a key is limited by nothing here. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { isLimited, type LimitedKey, type LimitKeeper } from '../limits/key-limits.ts'
import type { UsageSums } from '../quotas/client-usage-store.ts'
import type { PlanWishes } from '../relay/task.ts'

type Asking = Pick<FastifyRequest, 'caller'>

/** A hook for routes: counts the request, tells in its headers what is left, or throws. */
export function admitByKey(limits: LimitKeeper, kind: 'answer' | 'helper') {
  return async (request: Asking, reply: Pick<FastifyReply, 'headers'>): Promise<void> => {
    const key = limitedKeyOf(request)
    if (key === undefined) return
    try {
      await limits.admit(key, kind)
    } finally {
      reply.headers(limits.headersFor(key))
    }
  }
}

/** Tells what the answer has used, when it has ended. */
export function noteSpending(limits: LimitKeeper, request: Asking, counted: readonly UsageSums[]): void {
  const key = limitedKeyOf(request)
  if (key !== undefined) limits.note(key, counted)
}

/** Ids; undefined: all. */
export function allowedModelsOf({ caller }: Asking): readonly string[] | undefined {
  return caller?.kind === 'key' ? caller.grant.models : undefined
}

/** What the pool is to heed. */
export function poolWishesOf({ caller }: Asking): Pick<PlanWishes, 'tags' | 'keyConcurrency'> {
  if (caller?.kind !== 'key') return {}
  const { accountTags, limits } = caller.grant
  return { tags: accountTags, keyConcurrency: limits.concurrentRequests }
}

function limitedKeyOf({ caller }: Asking): LimitedKey | undefined {
  if (caller?.kind !== 'key' || !isLimited(caller.grant.limits)) return undefined
  return { print: caller.print, limits: caller.grant.limits }
}
