import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** What was set in the console: texts as the environment would have them. */
export const consoleSettings: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema
      .createTable('console_settings')
      .addColumn('name', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute()
  },
}
