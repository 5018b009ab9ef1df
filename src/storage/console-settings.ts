import type { SettingsStore, StoredSettings } from '../settings/settings-store.ts'
import type { Database } from './database.ts'
import type { EventLog } from './event-log.ts'
import { countRevision, lockRevision, readRevision } from './revisions.ts'

const REVISION = 'console-settings'

/** Keeps what was set in the console. */
export function createConsoleSettingsStore(database: Database, log: Pick<EventLog, 'append'>): SettingsStore {
  return {
    readRevision: () => readRevision(database, REVISION),
    async read() {
      // Before the values: they are as new as that, or newer.
      const revision = await readRevision(database, REVISION)
      return { revision, values: await readValues(database) }
    },

    change: (revision, { values, tell }) =>
      database.transaction().execute(async (transaction) => {
        await lockRevision(transaction, REVISION)
        if ((await readRevision(transaction, REVISION)) !== revision) return false
        const happenings = tell(await readValues(transaction))
        for (const [name, value] of values) {
          await (value === null ? remove(transaction, name) : put(transaction, name, value))
        }
        await countRevision(transaction, REVISION)
        for (const happening of happenings) await log.append(transaction, happening)
        return true
      }),
  }
}

async function readValues(database: Pick<Database, 'selectFrom'>): Promise<StoredSettings['values']> {
  const rows = await database.selectFrom('console_settings').select(['name', 'value']).execute()
  return new Map(rows.map(({ name, value }) => [name, value]))
}

async function put(transaction: Pick<Database, 'insertInto'>, name: string, value: string): Promise<void> {
  await transaction
    .insertInto('console_settings')
    .values({ name, value })
    .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
    .execute()
}

async function remove(transaction: Pick<Database, 'deleteFrom'>, name: string): Promise<void> {
  await transaction.deleteFrom('console_settings').where('name', '=', name).execute()
}
