import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Who an account is and how it signs in, and how processes learn of each other's changes and share their work. */
export const signInAndChanges: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    const texts = ['start_url', 'registration_expires_at', 'identity', 'learned_profile'] as const
    for (const column of texts) await schema.alterTable('accounts').addColumn(column, 'text').execute()
    await schema.alterTable('accounts').addColumn('identity_hash', 'varchar(64)').execute()
    await schema
      .alterTable('accounts')
      .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await schema.createIndex('accounts_identity_hash').on('accounts').column('identity_hash').execute()
    await schema
      .createTable('revisions')
      .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('value', 'integer', (column) => column.notNull())
      .execute()
    await schema
      .createTable('leases')
      .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('until', 'text', (column) => column.notNull())
      .execute()
  },
}
