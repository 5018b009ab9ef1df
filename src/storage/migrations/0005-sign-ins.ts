import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Sign-ins that wait for their person, and how the last ones ended. */
export const signIns: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('sign_ins')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('state', 'varchar(64)', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('interval_seconds', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('request', 'text')
      .addColumn('device', 'text')
      .addColumn('tokens', 'text')
      .addColumn('account_id', 'text')
      .addColumn('message', 'text')
      .addColumn('told', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
