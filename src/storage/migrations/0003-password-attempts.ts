import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What the throttle of password guesses remembers, so that a restart forgives nobody. */
export const passwordAttempts: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('password_attempts')
      .addColumn('subject', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('failures', 'double precision', (column) => column.notNull())
      .addColumn('last_failure_at', 'text', (column) => column.notNull())
      .addColumn('last_success_at', 'text')
      .execute()
  },
}
