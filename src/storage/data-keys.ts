import { sql } from 'kysely'
import type { DataKeyStore, StoredDataKey } from '../access/data-keys.ts'
import { DATA_KEY_FORMAT } from '../access/secrets.ts'
import type { Database } from './database.ts'
import { countRevision } from './revisions.ts'

const REVISION = 'data-keys'

/** Keeps the data keys as they are wrapped. */
export function createDataKeyStore(database: Database): DataKeyStore {
  return {
    async areNeeded() {
      const sealed = await database
        .selectFrom('accounts')
        .select('id')
        .where('clientSecret', 'like', `${DATA_KEY_FORMAT}:%`)
        .limit(1)
        .executeTakeFirst()
      return sealed !== undefined
    },

    read: () => readFrom(database),

    change: (work) =>
      database.transaction().execute(async (transaction) => {
        // Whoever counts waits for those before him, and then sees what they did.
        await countRevision(transaction, REVISION)
        return work({
          keys: await readFrom(transaction),
          async insert(key) {
            await transaction.insertInto('data_keys').values(key).execute()
          },
          async rewrap({ id, purpose, wrapped }) {
            await transaction
              .updateTable('data_keys')
              .set({ purpose, wrapped })
              .where('id', '=', id)
              .execute()
          },
        })
      }),

    async addEncryptions(id, count) {
      await database
        .updateTable('data_keys')
        .set({ encryptions: sql<number>`encryptions + ${count}` })
        .where('id', '=', id)
        .execute()
    },
  }
}

function readFrom(reader: Pick<Database, 'selectFrom'>): Promise<StoredDataKey[]> {
  return reader.selectFrom('data_keys').selectAll().orderBy('number').execute()
}
