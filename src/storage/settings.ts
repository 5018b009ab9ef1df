/** Small values that have to survive a restart, by name. */
import * as z from 'zod'
import type { LocalModeStore } from '../access/local-mode.ts'
import type { SecretCheckStore } from '../access/master-key.ts'
import type { PasswordStore } from '../access/operator-password.ts'
import type { Database } from './database.ts'

const SECRET_CHECK = 'secret-check'
const LOCAL_MODE_END = 'local-mode-end'
const OPERATOR_PASSWORD = 'operator-password'

const storedPassword = z.strictObject({ id: z.string().min(1), hash: z.string().min(1) })

const localModeEnd = z.object({
  at: z.string(),
  method: z.string(),
  path: z.string(),
  header: z.string(),
  value: z.string().exactOptional(),
  peer: z.string(),
})

/** Reads the value by which a wrong master key was noticed before there were data keys. */
export function createSecretCheckStore(database: Database): SecretCheckStore {
  return { read: () => readSetting(database, SECRET_CHECK) }
}

/** Keeps the request that ended local mode, until a password takes its place. */
export function createLocalModeStore(database: Database): LocalModeStore & { clear(): Promise<void> } {
  return {
    async read() {
      const value = await readSetting(database, LOCAL_MODE_END)
      return value === undefined ? undefined : localModeEnd.parse(JSON.parse(value))
    },
    async insert(end) {
      await insertSetting(database, LOCAL_MODE_END, JSON.stringify(end))
    },
    async clear() {
      await database.deleteFrom('settings').where('name', '=', LOCAL_MODE_END).execute()
    },
  }
}

/** Keeps the hash of the operator's password, where it was set through the API. */
export function createPasswordStore(database: Database): PasswordStore {
  return {
    async read() {
      const value = await readSetting(database, OPERATOR_PASSWORD)
      return value === undefined ? undefined : storedPassword.parse(JSON.parse(value))
    },

    async replace(before, { id, hash }) {
      const value = JSON.stringify({ id, hash })
      if (before === undefined) return insertSetting(database, OPERATOR_PASSWORD, value)
      const { numUpdatedRows } = await database
        .updateTable('settings')
        .set({ value })
        .where('name', '=', OPERATOR_PASSWORD)
        .where('value', '=', JSON.stringify({ id: before.id, hash: before.hash }))
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}

async function readSetting(database: Database, name: string): Promise<string | undefined> {
  const row = await database
    .selectFrom('settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value
}

/** A value that is there already stays: then the answer is false. */
async function insertSetting(database: Database, name: string, value: string): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await database
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return (numInsertedOrUpdatedRows ?? 0n) > 0n
}
