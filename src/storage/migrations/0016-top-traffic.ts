import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Which models and which keys requests were for, and how long whole answers took. */
export const topTraffic: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('traffic_tops')
      .addColumn('resolution', 'integer', (column) => column.notNull())
      .addColumn('start', 'varchar(64)', (column) => column.notNull())
      .addColumn('kind', 'varchar(64)', (column) => column.notNull())
      .addColumn('name', 'varchar(64)', (column) => column.notNull())
      .addColumn('requests', 'double precision', (column) => column.notNull())
      .addColumn('failures', 'double precision', (column) => column.notNull())
      .addColumn('input_tokens', 'double precision', (column) => column.notNull())
      .addColumn('output_tokens', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('traffic_tops_key', ['resolution', 'start', 'kind', 'name'])
      .execute()
    await schema
      .createTable('traffic_durations')
      .addColumn('resolution', 'integer', (column) => column.notNull())
      .addColumn('start', 'varchar(64)', (column) => column.notNull())
      .addColumn('bin', 'integer', (column) => column.notNull())
      .addColumn('requests', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('traffic_durations_key', ['resolution', 'start', 'bin'])
      .execute()
  },
}
