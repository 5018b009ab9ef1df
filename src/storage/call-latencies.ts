/** How long calls took, in looks that have a bound as those for calls have. */
import { sql } from 'kysely'
import type { CallFilter, CallPosition, MeasuredCalls } from '../calls/traffic-store.ts'
import { planSearch } from './call-conditions.ts'
import { reachOf } from './call-searches.ts'
import type { Database } from './database.ts'

const LOOKED_UP_AT_ONCE = 2000
/** With what they may be sifted by. */
const MEASURED = ['at', 'id', 'outcome', 'first_token_ms', 'total_ms', 'dialect', 'model', 'key_id'] as const

export async function measureCalls(
  reader: Pick<Database, 'selectFrom'>,
  filter: CallFilter,
  before: CallPosition | undefined,
): Promise<MeasuredCalls> {
  const { lead, sifts } = planSearch(filter)
  const reach = reachOf(reader, lead, { filter, before, most: LOOKED_UP_AT_ONCE })
    .clearSelect()
    .select(MEASURED)
  const matches = sql<number>`case when ${sql.join([sql`1 = 1`, ...sifts], sql` and `)} then 1 else 0 end`
  const rows = await reader
    .selectFrom(reach.as('searched'))
    .select(['at', 'id', 'outcome', 'first_token_ms', 'total_ms', matches.as('matching')])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const last = rows.length < LOOKED_UP_AT_ONCE ? undefined : rows.at(-1)
  return {
    calls: rows
      .filter(({ matching }) => matching === 1)
      .map(({ at, outcome, first_token_ms: firstTokenMs, total_ms: totalMs }) => ({
        at: Date.parse(at),
        firstTokenMs,
        totalMs: outcome === 'ok' ? totalMs : null,
      })),
    ...(last && { next: [Date.parse(last.at), last.id] }),
  }
}
