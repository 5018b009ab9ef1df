import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

const counts = [
  'ok',
  'client_errors',
  'throttled',
  'upstream_errors',
  'shed',
  'cancelled',
  'input_tokens',
  'output_tokens',
]

/** How many requests there were and how they ended, and each of them without what was said. */
export const traffic: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    const steps = schema
      .createTable('traffic')
      .addColumn('resolution', 'integer', (column) => column.notNull())
      .addColumn('start', 'varchar(64)', (column) => column.notNull())
    // Doubles are exact far beyond the two thousand million of an integer.
    await counts
      .reduce((table, name) => table.addColumn(name, 'double precision', (column) => column.notNull()), steps)
      .addPrimaryKeyConstraint('traffic_key', ['resolution', 'start'])
      .execute()
    await schema
      .createTable('traffic_latencies')
      .addColumn('resolution', 'integer', (column) => column.notNull())
      .addColumn('start', 'varchar(64)', (column) => column.notNull())
      .addColumn('bin', 'integer', (column) => column.notNull())
      .addColumn('requests', 'double precision', (column) => column.notNull())
      .addPrimaryKeyConstraint('traffic_latencies_key', ['resolution', 'start', 'bin'])
      .execute()
    await schema
      .createTable('traffic_beats')
      .addColumn('minute', 'varchar(64)', (column) => column.notNull())
      .addColumn('account_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('level', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('traffic_beats_key', ['minute', 'account_id'])
      .execute()
    await createCalls(database)
  },
}

async function createCalls({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('calls')
    .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
    .addColumn('at', 'varchar(64)', (column) => column.notNull())
    .addColumn('outcome', 'varchar(64)', (column) => column.notNull())
    .addColumn('status', 'integer', (column) => column.notNull())
    .addColumn('failure', 'varchar(64)')
    .addColumn('dialect', 'varchar(64)', (column) => column.notNull())
    .addColumn('stream', 'integer', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('model_used', 'text')
    .addColumn('key_id', 'text')
    .addColumn('account_ids', 'text', (column) => column.notNull())
    .addColumn('first_token_ms', 'double precision')
    .addColumn('total_ms', 'double precision', (column) => column.notNull())
    .addColumn('input_tokens', 'double precision')
    .addColumn('output_tokens', 'double precision')
    .addColumn('credits', 'double precision')
    .addColumn('usage_source', 'varchar(64)')
    .addColumn('stop_reason', 'varchar(64)')
    .addColumn('repairs', 'text', (column) => column.notNull())
    .addColumn('client', 'text')
    .addColumn('course', 'text', (column) => column.notNull())
    .execute()
  await schema.createIndex('calls_by_time').on('calls').columns(['at', 'id']).execute()
  for (const name of ['outcome', 'model', 'key_id']) {
    await schema.createIndex(`calls_by_${name}`).on('calls').columns([name, 'at', 'id']).execute()
  }
  // A call has one row here for each account that was tried.
  await schema
    .createTable('call_accounts')
    .addColumn('account_id', 'varchar(64)', (column) => column.notNull())
    .addColumn('at', 'varchar(64)', (column) => column.notNull())
    .addColumn('call_id', 'varchar(64)', (column) => column.notNull())
    .addPrimaryKeyConstraint('call_accounts_key', ['account_id', 'at', 'call_id'])
    .execute()
  await schema.createIndex('call_accounts_by_time').on('call_accounts').columns(['at']).execute()
}
