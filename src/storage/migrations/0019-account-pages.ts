import type { Kysely } from 'kysely'
import type { Migration } from 'kysely/migration'

/** Accounts are read in pages, and those that have changed, without looking at all of them. */
export const accountPages: Migration = {
  async up({ schema }: Kysely<unknown>) {
    await schema.createIndex('accounts_creation').on('accounts').columns(['created_at', 'id']).execute()
    await schema.createIndex('accounts_revision').on('accounts').column('revision').execute()
  },
}
