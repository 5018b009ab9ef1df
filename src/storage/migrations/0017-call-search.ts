import { sql, type Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What requests were like, and the way to those that failed: few as a rule, and what is looked for. */
export const callSearch: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema.alterTable('calls').addColumn('request_bytes', 'double precision').execute()
    await schema.alterTable('calls').addColumn('has_tools', 'integer').execute()
    await schema.alterTable('calls').addColumn('has_images', 'integer').execute()
    await schema.alterTable('calls').addColumn('tries', 'integer').execute()
    await schema
      .createIndex('calls_by_failure')
      .on('calls')
      .columns(['failure', 'at', 'id'])
      .where(sql<boolean>`failure is not null`)
      .execute()
    await schema
      .createIndex('calls_failed')
      .on('calls')
      .columns(['at', 'id'])
      .where(sql<boolean>`failure is not null`)
      .execute()
  },
}
