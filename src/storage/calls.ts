import type { CallStore } from '../calls/traffic-store.ts'
import { measureCalls } from './call-latencies.ts'
import { findCalls, tallyCalls } from './call-searches.ts'
import { toCallRow, toDetailed } from './call-rows.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'

/** Databases bound how many values a statement may have. */
const ROWS_AT_ONCE = 100

/** Keeps the requests of clients that have ended. */
export function createCallStore(database: Database): CallStore {
  return {
    async insert(calls) {
      for (let start = 0; start < calls.length; start += ROWS_AT_ONCE) {
        const rows = calls.slice(start, start + ROWS_AT_ONCE).map(toCallRow)
        const accounts = calls.slice(start, start + ROWS_AT_ONCE).flatMap(({ id, at, accountIds }) =>
          accountIds.map((account) => ({
            account_id: account,
            at: new Date(at).toISOString(),
            call_id: id,
          })),
        )
        await runCountTransaction(database, async (transaction) => {
          await transaction
            .insertInto('calls')
            .values(rows)
            .onConflict((conflict) => conflict.doNothing())
            .execute()
          if (accounts.length === 0) return
          await transaction
            .insertInto('call_accounts')
            .values(accounts)
            .onConflict((conflict) => conflict.doNothing())
            .execute()
        })
      }
    },

    find: (filter, slice) => findCalls(database, filter, slice),

    tally: (filter, slice) => tallyCalls(database, filter, slice),

    measure: (filter, before) => measureCalls(database, filter, before),

    async oldest() {
      const row = await database
        .selectFrom('calls')
        .select('at')
        .orderBy('at')
        .orderBy('id')
        .limit(1)
        .executeTakeFirst()
      return row && Date.parse(row.at)
    },

    async get(id) {
      const row = await database.selectFrom('calls').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toDetailed(row)
    },

    async count() {
      const row = await database
        .selectFrom('calls')
        .select(({ fn }) => fn.countAll().as('count'))
        .executeTakeFirstOrThrow()
      return Number(row.count)
    },

    async prune({ before }, most) {
      const last = await database
        .selectFrom('calls')
        .select(['id', 'at'])
        .$if(before !== undefined, (query) => query.where('at', '<', new Date(before ?? 0).toISOString()))
        .orderBy('at')
        .orderBy('id')
        .limit(most)
        .execute()
      const end = last.at(-1)
      if (end === undefined) return 0
      await runCountTransaction(database, async (transaction) => {
        await transaction
          .deleteFrom('calls')
          .where((row) => row(row.refTuple('at', 'id'), '<=', row.tuple(end.at, end.id)))
          .execute()
        // Those of the same moment go with the next ones.
        await transaction
          .deleteFrom('call_accounts')
          .where('at', last.length < most ? '<=' : '<', end.at)
          .execute()
      })
      return last.length
    },
  }
}
