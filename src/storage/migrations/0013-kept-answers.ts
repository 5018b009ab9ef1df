import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Answers that clients want kept, by the conversations that they belong to. */
export const keptAnswers: Migration = {
  async up(database: Kysely<unknown>) {
    const { schema } = database
    await schema
      .createTable('kept_threads')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('owner', 'varchar(64)', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('expires_at', 'varchar(64)', (column) => column.notNull())
      .addColumn('answers', 'integer', (column) => column.notNull())
      .addColumn('bytes', 'double precision', (column) => column.notNull())
      .execute()
    await schema
      .createIndex('kept_threads_by_owner')
      .on('kept_threads')
      .columns(['owner', 'expires_at', 'answers', 'bytes'])
      .execute()
    await schema.createIndex('kept_threads_by_end').on('kept_threads').columns(['expires_at']).execute()
    // The long columns last: SQLite reads a row up to what it looks for.
    await schema
      .createTable('kept_answers')
      .addColumn('id', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('thread_id', 'varchar(64)', (column) => column.notNull())
      .addColumn('parent_id', 'varchar(64)')
      .addColumn('created_at', 'varchar(64)', (column) => column.notNull())
      .addColumn('deleted', 'integer', (column) => column.notNull())
      .addColumn('bytes', 'double precision', (column) => column.notNull())
      .addColumn('input', 'text', (column) => column.notNull())
      .addColumn('answer', 'text', (column) => column.notNull())
      .execute()
    await schema
      .createIndex('kept_answers_by_thread')
      .on('kept_answers')
      .columns(['thread_id', 'created_at'])
      .execute()
    await schema.createIndex('kept_answers_by_parent').on('kept_answers').columns(['parent_id']).execute()
    await schema
      .createTable('kept_items')
      .addColumn('digest', 'varchar(64)', (column) => column.primaryKey())
      .addColumn('answer_id', 'varchar(64)', (column) => column.notNull())
      .execute()
    await schema.createIndex('kept_items_by_answer').on('kept_items').columns(['answer_id']).execute()
  },
}
