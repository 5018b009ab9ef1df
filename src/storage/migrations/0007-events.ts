import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What happened to accounts, keys and settings. */
export const events: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    await schema
      .createTable('events')
      // Given out by the chain, so that a number that is missing is missed.
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('at', 'varchar(64)', (column) => column.notNull())
      .addColumn('kind', 'varchar(64)', (column) => column.notNull())
      .addColumn('actor_kind', 'varchar(64)', (column) => column.notNull())
      .addColumn('actor_via', 'text')
      .addColumn('actor_name', 'text')
      .addColumn('actor_address', 'text')
      .addColumn('subject_kind', 'varchar(64)')
      .addColumn('subject_id', 'text')
      .addColumn('subject_name', 'text')
      .addColumn('before', 'text')
      .addColumn('after', 'text')
      .addColumn('reason', 'text')
      .addColumn('previous_hash', 'varchar(64)', (column) => column.notNull())
      .addColumn('hash', 'varchar(64)', (column) => column.notNull())
      .execute()
    await schema.createIndex('events_by_time').on('events').columns(['at', 'id']).execute()
    await schema.createIndex('events_by_kind').on('events').columns(['kind', 'at', 'id']).execute()
  },
}
