import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** How requests went through each account, by the hour. */
export const accountTraffic: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('account_traffic')
      .addColumn('start', 'varchar(64)', (column) => column.notNull())
      .addColumn('account_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('requests', 'double precision', (column) => column.notNull())
      .addColumn('ok', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('account_traffic_key', ['start', 'account_id'])
      .execute()
    await schema
      .createTable('account_latencies')
      .addColumn('start', 'varchar(64)', (column) => column.notNull())
      .addColumn('account_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('bin', 'integer', (column) => column.notNull())
      .addColumn('requests', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('account_latencies_key', ['start', 'account_id', 'bin'])
      .execute()
  },
}
