import type { ClientKeyStore } from '../keys/client-key-store.ts'
import type { ClientKey } from '../keys/client-key.ts'
import { toClientKey, toKeyColumns, toSecretRows } from './client-key-rows.ts'
import type { Database } from './database.ts'
import type { EventLog } from './event-log.ts'
import { countRevision, lockRevision, readRevision } from './revisions.ts'

const REVISION = 'client-keys'

/** Keeps clients' keys, of their secrets the digests alone. */
export function createClientKeyStore(database: Database, log: Pick<EventLog, 'append'>): ClientKeyStore {
  return {
    readRevision: () => readRevision(database, REVISION),
    list: () => readKeys(database),
    find: (id) => findKey(database, id),

    async insert(key, happening) {
      await database.transaction().execute(async (transaction) => {
        await countRevision(transaction, REVISION)
        await transaction
          .insertInto('client_keys')
          .values({ id: key.id, ...toKeyColumns(key), last_used_at: null })
          .execute()
        await transaction.insertInto('client_key_secrets').values(toSecretRows(key)).execute()
        await log.append(transaction, happening)
      })
    },

    async update(id, change) {
      return database.transaction().execute(async (transaction) => {
        await lockRevision(transaction, REVISION)
        const before = await findKey(transaction, id)
        if (before === undefined) return undefined
        const { after, happening } = change(before)
        await transaction.updateTable('client_keys').set(toKeyColumns(after)).where('id', '=', id).execute()
        for (const row of toSecretRows(after)) {
          await transaction
            .insertInto('client_key_secrets')
            .values(row)
            .onConflict((conflict) => conflict.column('digest').doUpdateSet({ ends_at: row.ends_at }))
            .execute()
        }
        await countRevision(transaction, REVISION)
        if (happening !== undefined) await log.append(transaction, happening)
        return { before, after }
      })
    },

    async noteUses(uses) {
      await database.transaction().execute(async (transaction) => {
        // In one order, so that no two processes wait for each other.
        for (const [id, at] of [...uses].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
          const text = at.toISOString()
          await transaction
            .updateTable('client_keys')
            .set({ last_used_at: text })
            .where('id', '=', id)
            .where((row) => row.or([row('last_used_at', 'is', null), row('last_used_at', '<', text)]))
            .execute()
        }
      })
    },
  }
}

type Reader = Pick<Database, 'selectFrom'>

async function findKey(database: Reader, id: string): Promise<ClientKey | undefined> {
  const row = await database.selectFrom('client_keys').selectAll().where('id', '=', id).executeTakeFirst()
  if (row === undefined) return undefined
  const secrets = await database
    .selectFrom('client_key_secrets')
    .selectAll()
    .where('key_id', '=', id)
    .orderBy('place')
    .execute()
  return toClientKey(row, secrets)
}

async function readKeys(database: Reader): Promise<ClientKey[]> {
  const rows = await database
    .selectFrom('client_keys')
    .selectAll()
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  // After the keys: one that was made since is left out whole.
  const secrets = await database.selectFrom('client_key_secrets').selectAll().orderBy('place').execute()
  const byKey = Map.groupBy(secrets, (secret) => secret.key_id)
  return rows.map((row) => toClientKey(row, byKey.get(row.id) ?? []))
}
