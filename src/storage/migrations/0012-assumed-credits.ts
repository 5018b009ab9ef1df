import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What answers have probably cost whose price the service never told, for the limits of keys. */
export const assumedCredits: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .alterTable('usage_daily')
      .addColumn('assumed_credits', 'double precision', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
