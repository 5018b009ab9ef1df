import type { FastifyInstance } from 'fastify'
import type { Accounts } from '../../accounts/accounts.ts'
import { viewUsage } from '../../accounts/view-quota.ts'
import type { Clock } from '../../clock.ts'
import { GatewayError, toGatewayError } from '../../conversation/failures.ts'
import { parseBody } from '../../dialects/request-body.ts'
import type { Quotas } from '../../quotas/quotas.ts'
import { answering } from './answering.ts'
import { accountUsageAnswer } from './answers.ts'
import { poolQuotaAnswer } from './console-contract.ts'
import { accountPath, usageQuery } from './contract.ts'
import { takeNoBody } from './take-no-body.ts'

export interface AccountUsageRouteParts {
  accounts: Pick<Accounts, 'get'>
  quotas: Pick<Quotas, 'usageOf' | 'readNow' | 'lookAhead'>
  clock: Clock
}

/** What an account has used and may still spend: as it is known, or as the service tells it now. */
export function registerAccountUsage(
  routes: FastifyInstance,
  { accounts, quotas, clock }: AccountUsageRouteParts,
): void {
  async function usageOf(id: string) {
    return { accountId: id, ...viewUsage(await quotas.usageOf(id), clock.now()) }
  }

  async function readNow(id: string) {
    try {
      await quotas.readNow(id)
    } catch (error) {
      throw toRefusedReading(error)
    }
    return usageOf(id)
  }

  routes.get('/v2/quota', answering(poolQuotaAnswer), async () => {
    const { creditsPerDay = null, runsOutAt, renewsAt, ...sums } = await quotas.lookAhead()
    return { ...sums, creditsPerDay, runsOutAt: toText(runsOutAt), renewsAt: toText(renewsAt) }
  })
  routes.get('/v2/accounts/:id/usage', answering(accountUsageAnswer), async ({ params, query }) => {
    const { id } = accountPath.parse(params)
    const { refresh } = parseBody(usageQuery, query)
    if (refresh === true) return readNow(id)
    await accounts.get(id)
    return usageOf(id)
  })
  routes.post(
    '/v2/accounts/:id/usage',
    { ...answering(accountUsageAnswer), onRequest: takeNoBody },
    async ({ params }) => readNow(accountPath.parse(params).id),
  )
}

function toText(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}

/** The operator is told 502 with the reason, whatever a client would be told of such a failure. */
function toRefusedReading(error: unknown): unknown {
  const { failure } = toGatewayError(error)
  return failure.kind === 'not-found' || failure.kind === 'internal'
    ? error
    : new GatewayError('upstream-unavailable', failure.message, { cause: error })
}
