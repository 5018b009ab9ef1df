/** Small values that have to survive a restart, by name. */
import * as z from 'zod'
import type { LocalModeStore } from '../access/local-mode.ts'
import type { SecretCheckStore } from '../access/master-key.ts'
import type { Database } from './database.ts'

const SECRET_CHECK = 'secret-check'
const LOCAL_MODE_END = 'local-mode-end'

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
    insert: (end) => insertSetting(database, LOCAL_MODE_END, JSON.stringify(end)),
    async clear() {
      await database.deleteFrom('settings').where('name', '=', LOCAL_MODE_END).execute()
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

/** A value that is there already stays. */
async function insertSetting(database: Database, name: string, value: string): Promise<void> {
  await database
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
