/** Work that only one process at a time does: whoever holds its lease, by the database's own time. */
import type { Leases } from '../background/leases.ts'
import { readDatabaseTime } from './database-time.ts'
import type { Database } from './database.ts'

/** Whoever takes a lease has read the time before: another one may have taken it meanwhile. */
export const READING_MS = 60_000

export function createLeases(database: Database): Leases {
  return {
    async take(name, { owner, durationMs }) {
      const now = await readDatabaseTime(database)
      const until = new Date(now.getTime() + durationMs).toISOString()
      const never = new Date(now.getTime() + durationMs + READING_MS).toISOString()
      const inserted = await database
        .insertInto('leases')
        .values({ name, owner, until })
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirst()
      if ((inserted.numInsertedOrUpdatedRows ?? 0n) > 0n) return true
      const { numUpdatedRows } = await database
        .updateTable('leases')
        .set({ owner, until })
        .where('name', '=', name)
        .where((row) =>
          row.or([
            row('owner', '=', owner),
            row('until', '<=', now.toISOString()),
            // Nobody takes one for so long: the clock was set back since.
            row('until', '>', never),
          ]),
        )
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async release(name, owner) {
      await database.deleteFrom('leases').where('name', '=', name).where('owner', '=', owner).execute()
    },
  }
}
