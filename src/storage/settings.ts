/** Small values that have to survive a restart, by name. */
import * as z from 'zod'
import type { LocalModeStore } from '../access/local-mode.ts'
import type { SecretCheckStore } from '../access/master-key.ts'
import type { PasswordStore, StoredPassword } from '../access/operator-password.ts'
import type { Database } from './database.ts'
import type { EventLog } from './event-log.ts'

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
export function createPasswordStore(database: Database, log: Pick<EventLog, 'append'>): PasswordStore {
  return {
    async read() {
      const value = await readSetting(database, OPERATOR_PASSWORD)
      return value === undefined ? undefined : storedPassword.parse(JSON.parse(value))
    },

    replace: (before, after, happening) =>
      database.transaction().execute(async (transaction) => {
        const isReplaced = await replacePassword(transaction, before, after)
        if (isReplaced && happening !== undefined) await log.append(transaction, happening)
        return isReplaced
      }),
  }
}

async function replacePassword(
  transaction: Database,
  before: StoredPassword | undefined,
  after: StoredPassword,
): Promise<boolean> {
  if (before === undefined) return insertSetting(transaction, OPERATOR_PASSWORD, toText(after))
  const { numUpdatedRows } = await transaction
    .updateTable('settings')
    .set({ value: toText(after) })
    .where('name', '=', OPERATOR_PASSWORD)
    .where('value', '=', toText(before))
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

function toText({ id, hash }: StoredPassword): string {
  return JSON.stringify({ id, hash })
}

export async function readSetting(database: Database, name: string): Promise<string | undefined> {
  const row = await database
    .selectFrom('settings')
    .select('value')
    .where('name', '=', name)
    .executeTakeFirst()
  return row?.value
}

export async function writeSetting(database: Database, name: string, value: string): Promise<void> {
  await database
    .insertInto('settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
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
