import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Accounts under the column names of q2api, so that its users find theirs again, then our own columns. */
export const initial: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('accounts')
      // Keys have a length because MySQL cannot index text without one.
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('label', 'text')
      .addColumn('clientId', 'text', (column) => column.notNull())
      .addColumn('clientSecret', 'text', (column) => column.notNull())
      .addColumn('refreshToken', 'text')
      .addColumn('accessToken', 'text')
      .addColumn('other', 'text')
      .addColumn('last_refresh_time', 'text')
      .addColumn('last_refresh_status', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .addColumn('updated_at', 'text', (column) => column.notNull())
      .addColumn('enabled', 'integer', (column) => column.notNull())
      .addColumn('error_count', 'double precision', (column) => column.notNull())
      .addColumn('success_count', 'integer', (column) => column.notNull())
      .addColumn('expires_at', 'text')
      .addColumn('channel', 'text', (column) => column.notNull())
      .addColumn('region', 'text', (column) => column.notNull())
      .addColumn('sign_in_region', 'text', (column) => column.notNull())
      .addColumn('profile_arn', 'text')
      .addColumn('token_version', 'integer', (column) => column.notNull())
      .execute()
    await database.schema
      .createTable('settings')
      .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute()
  },
}
