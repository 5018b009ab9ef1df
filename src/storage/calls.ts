import type { CallStore } from '../calls/traffic-store.ts'
import { measureCalls } from './call-latencies.ts'
import { findCalls, tallyCalls } from './call-searches.ts'
import { toCallRow, toDetailed } from './call-rows.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'
import { insertRows } from './insert-rows.ts'

/** Keeps the requests of clients that have ended. */
export function createCallStore(database: Database): CallStore {
  return {
    async insert(calls) {
      const accounts = calls.flatMap(({ id, at, accountIds }) =>
        accountIds.map((account) => ({
          account_id: account,
          at: new Date(at).toISOString(),
          call_id: id,
        })),
      )
      await runCountTransaction(database, async (transaction) => {
        await insertRows(transaction, calls.map(toCallRow), (rows) =>
          transaction.insertInto('calls').values(rows),
        )
        await insertRows(transaction, accounts, (rows) =>
          transaction.insertInto('call_accounts').values(rows),
        )
      })
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
