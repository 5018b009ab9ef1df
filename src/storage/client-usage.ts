import type { ClientUsageStore, UsageRow } from '../quotas/client-usage-store.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'

/** Keeps what clients have used, by day. */
export function createClientUsageStore(database: Database): ClientUsageStore {
  return {
    async add(rows) {
      await runCountTransaction(database, async (transaction) => {
        // In one order, so that no two processes wait for each other.
        for (const row of rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))) {
          await transaction
            .insertInto('usage_daily')
            .values(toColumns(row))
            .onConflict((conflict) =>
              conflict.columns(['client', 'day', 'model', 'source']).doUpdateSet((column) => ({
                requests: column('usage_daily.requests', '+', row.requests),
                input_tokens: column('usage_daily.input_tokens', '+', row.inputTokens),
                output_tokens: column('usage_daily.output_tokens', '+', row.outputTokens),
                cache_read_tokens: column('usage_daily.cache_read_tokens', '+', row.cacheReadTokens),
                cache_write_tokens: column('usage_daily.cache_write_tokens', '+', row.cacheWriteTokens),
                credits: column('usage_daily.credits', '+', row.credits),
                assumed_credits: column('usage_daily.assumed_credits', '+', row.assumedCredits),
              })),
            )
            .execute()
        }
      })
    },

    async listSince(client, day) {
      const rows = await database
        .selectFrom('usage_daily')
        .selectAll()
        .where('client', '=', client)
        .where('day', '>=', day)
        .orderBy('day')
        .orderBy('model')
        .orderBy('source')
        .execute()
      return rows.map((row) => ({
        day: row.day,
        client: row.client,
        model: row.model,
        source: row.source,
        requests: row.requests,
        inputTokens: row.input_tokens,
        outputTokens: row.output_tokens,
        cacheReadTokens: row.cache_read_tokens,
        cacheWriteTokens: row.cache_write_tokens,
        credits: row.credits,
        assumedCredits: row.assumed_credits,
      }))
    },

    async prune(day) {
      await database.deleteFrom('usage_daily').where('day', '<', day).execute()
    },
  }
}

function toColumns({ day, client, model, source, requests, credits, assumedCredits, ...tokens }: UsageRow) {
  return {
    day,
    client,
    model,
    source,
    requests,
    credits,
    assumed_credits: assumedCredits,
    input_tokens: tokens.inputTokens,
    output_tokens: tokens.outputTokens,
    cache_read_tokens: tokens.cacheReadTokens,
    cache_write_tokens: tokens.cacheWriteTokens,
  }
}

function keyOf({ day, client, model, source }: UsageRow): string {
  return JSON.stringify([client, day, model, source])
}
