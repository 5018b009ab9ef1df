import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What was said in calls while an operator wanted it kept. */
export const captures: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('capture_rules')
      .addColumn('scope', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('key_id', 'varchar(64)')
      .addColumn('started_at', 'varchar(64)', (column) => column.notNull())
      .addColumn('ends_at', 'varchar(64)', (column) => column.notNull())
      .addColumn('captured', 'integer', (column) => column.notNull())
      .addColumn('dropped', 'integer', (column) => column.notNull())
      .execute()
    // The long column last: SQLite reads a row up to what it looks for.
    await schema
      .createTable('captured_calls')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('at', 'varchar(64)', (column) => column.notNull())
      .addColumn('expires_at', 'varchar(64)', (column) => column.notNull())
      .addColumn('bytes', 'integer', (column) => column.notNull())
      .addColumn('bodies', 'text', (column) => column.notNull())
      .execute()
    await schema
      .createIndex('captured_calls_by_age')
      .on('captured_calls')
      .columns(['at', 'id', 'bytes'])
      .execute()
  },
}
