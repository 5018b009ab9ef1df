import type { FastifyInstance } from 'fastify'
import type { JsonObject } from '../conversation/conversation.ts'
import type { ClientUsage } from '../quotas/client-usage.ts'
import type { UsageTotals } from '../quotas/summarize-usage.ts'
import { usageClientOf } from './client-of.ts'

export interface UsageRouteParts {
  clientUsage: Pick<ClientUsage, 'read'>
}

/** What a key itself has used, and nothing of others. For status lines and scripts. */
export function registerUsageRoute(app: FastifyInstance, { clientUsage }: UsageRouteParts): void {
  app.get('/v1/usage', { config: { access: 'model' } }, async (request) => {
    const client = usageClientOf(request)
    const { day, today, month, models } = await clientUsage.read(client)
    return {
      object: 'usage',
      key: client,
      day,
      today: writeTotals(today),
      month: writeTotals(month),
      models: models.map((each) => ({
        model: each.model,
        today: writeTotals(each.today),
        month: writeTotals(each.month),
      })),
    }
  })
}

export function writeTotals(totals: UsageTotals): JsonObject {
  return {
    requests: totals.requests,
    unanswered_requests: totals.unansweredRequests,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    cache_read_tokens: totals.cacheReadTokens,
    cache_write_tokens: totals.cacheWriteTokens,
    credits: withoutDust(totals.credits),
    tokens_by_source: { ...totals.tokensBySource },
  }
}

/** What adding fractions leaves behind. */
function withoutDust(credits: number): number {
  return Math.round(credits * 1e6) / 1e6
}
