import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What the gateway has found out about an account, what the operator wants of it, and who refreshes its tokens. */
export const statusAndSettings: Migration = {
  async up(database: Kysely<unknown>) {
    const columns = ['status', 'settings', 'proxyUrl', 'refresh_lease_owner', 'refresh_lease_until'] as const
    for (const column of columns) {
      await database.schema.alterTable('accounts').addColumn(column, 'text').execute()
    }
    await database.schema.alterTable('accounts').addColumn('origin_hash', 'varchar(64)').execute()
    await database.schema.createIndex('accounts_origin_hash').on('accounts').column('origin_hash').execute()
  },
}
