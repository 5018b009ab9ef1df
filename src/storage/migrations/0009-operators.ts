import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Who is signed in as the operator, and the tokens that scripts of the operator's use. */
export const operators: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    await schema
      .createTable('operator_sessions')
      .addColumn('digest', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('last_seen_at', 'text', (column) => column.notNull())
      .addColumn('proof', 'text', (column) => column.notNull())
      .execute()
    await schema
      .createTable('admin_tokens')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('digest', 'varchar(64)', (column) => column.notNull().unique())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('scope', 'varchar(64)', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text', (column) => column.notNull())
      .addColumn('last_used_at', 'text')
      .execute()
  },
}
