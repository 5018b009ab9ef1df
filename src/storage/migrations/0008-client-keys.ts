import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Clients' keys that were created here, and the digests of their secrets. */
export const clientKeys: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    await schema
      .createTable('client_keys')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('revoked_at', 'text')
      .addColumn('last_used_at', 'text')
      .addColumn('permissions', 'text', (column) => column.notNull())
      .execute()
    await schema
      .createTable('client_key_secrets')
      .addColumn('digest', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('key_id', 'varchar(64)', (column) =>
        column.notNull().references('client_keys.id').onDelete('cascade'),
      )
      .addColumn('place', 'integer', (column) => column.notNull())
      .addColumn('prefix', 'varchar(64)', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('ends_at', 'text')
      .execute()
    await schema.createIndex('client_key_secrets_key').on('client_key_secrets').column('key_id').execute()
  },
}
