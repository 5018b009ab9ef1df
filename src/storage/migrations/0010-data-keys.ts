import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** The keys that seal values, and what tells older credentials of an account from its last ones. */
export const dataKeys: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('data_keys')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      // Unique, so that of two processes that make a key at once one fails.
      .addColumn('number', 'integer', (column) => column.notNull().unique())
      .addColumn('purpose', 'varchar(64)', (column) => column.notNull())
      .addColumn('wrapped', 'text', (column) => column.notNull())
      .addColumn('encryptions', 'integer', (column) => column.notNull())
      .execute()
    await database.schema
      .createTable('account_seals')
      .addColumn('account_id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('seal', 'varchar(64)', (column) => column.notNull())
      .execute()
  },
}
