import type { SecretCheckStore } from '../access/master-key.ts'
import type { Database } from './database.ts'

const SECRET_CHECK = 'secret-check'

/** Keeps the value by which a wrong master key is noticed at the start. */
export function createSecretCheckStore(database: Database): SecretCheckStore {
  return {
    async read() {
      const row = await database
        .selectFrom('settings')
        .select('value')
        .where('name', '=', SECRET_CHECK)
        .executeTakeFirst()
      return row?.value
    },

    async insert(value) {
      await database
        .insertInto('settings')
        .values({ name: SECRET_CHECK, value })
        .onConflict((conflict) => conflict.doNothing())
        .execute()
    },
  }
}
