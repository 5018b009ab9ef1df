import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What accounts may still spend, and what clients have used. */
export const quotas: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    await schema
      .createTable('account_quotas')
      .addColumn('account_id', 'varchar(64)', (column) =>
        column.primaryKey().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('quota', 'text')
      .addColumn('read_at', 'text')
      .addColumn('tried_at', 'text')
      .addColumn('error', 'text')
      .addColumn('failures', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('spent', 'double precision', (column) => column.notNull().defaultTo(0))
      .addColumn('used_at', 'text')
      .addColumn('revision', 'integer', (column) => column.notNull().defaultTo(0))
      .execute()
    await schema
      .createTable('quota_samples')
      .addColumn('account_id', 'varchar(64)', (column) =>
        column.notNull().references('accounts.id').onDelete('cascade'),
      )
      .addColumn('day', 'varchar(64)', (column) => column.notNull())
      .addColumn('at', 'text', (column) => column.notNull())
      .addColumn('used', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('quota_samples_key', ['account_id', 'day'])
      .execute()
    await schema
      .createTable('usage_daily')
      .addColumn('day', 'varchar(64)', (column) => column.notNull())
      .addColumn('client', 'varchar(64)', (column) => column.notNull())
      .addColumn('model', 'varchar(64)', (column) => column.notNull())
      .addColumn('source', 'varchar(64)', (column) => column.notNull())
      .addColumn('requests', 'integer', (column) => column.notNull())
      // Doubles are exact far beyond the two thousand million of an integer.
      .addColumn('input_tokens', 'double precision', (column) => column.notNull())
      .addColumn('output_tokens', 'double precision', (column) => column.notNull())
      .addColumn('cache_read_tokens', 'double precision', (column) => column.notNull())
      .addColumn('cache_write_tokens', 'double precision', (column) => column.notNull())
      .addColumn('credits', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('usage_daily_key', ['client', 'day', 'model', 'source'])
      .execute()
  },
}
