/**
 * Seals every stored value anew that was sealed with another key than the current one, in small steps. What is left to do
 * is read from the values themselves, so whoever goes on after a crash finds where.
 */
import { setImmediate } from 'node:timers/promises'
import { sql, type Transaction } from 'kysely'
import { SealError, type SecretPlace, type Secrets } from '../access/secrets.ts'
import { createAccountSeals, type AccountSeals } from './account-seals.ts'
import type { Database } from './database.ts'
import { lockRevision } from './revisions.ts'
import type { Tables } from './tables.ts'

/** Every column that is sealed, as SecretPlace names it. */
const sealedColumns = {
  accounts: ['clientSecret', 'refreshToken', 'accessToken', 'other', 'proxyUrl', 'identity'],
  sign_ins: ['request', 'device', 'tokens'],
  // What was said is sealed with the keys of its conversations: those alone are sealed anew.
  kept_threads: ['key'],
  captured_calls: ['bodies'],
} as const satisfies Partial<Record<keyof Tables, readonly string[]>>

type SealedTable = keyof typeof sealedColumns
type Row = Record<string, string | null>

interface Resealing {
  resealed: number
  /** Rows that cannot be opened: they were damaged, or set back. */
  unreadable: number
}

const ROWS_AT_ONCE = 20
/** With its rows, so that none is written in between that nobody looks at. */
const REVISION = 'accounts'

/** Stops early, and says so by undefined, when `mayGoOn` says no. */
export async function resealAll(
  { database, secrets }: { database: Database; secrets: Secrets },
  mayGoOn: () => Promise<boolean>,
): Promise<Resealing | undefined> {
  const seals = createAccountSeals(secrets)
  const total = { resealed: 0, unreadable: 0 }
  for (const table of ['accounts', 'sign_ins', 'kept_threads', 'captured_calls'] as const) {
    let after = ''
    for (;;) {
      if (!(await mayGoOn())) return undefined
      const rows = await findOthers(database, { table, after, currentSeal: secrets.currentSeal })
      const last = rows.at(-1)
      if (last === undefined) break
      // Not inside the transaction: SQLite has one connection, and the reading would wait for it without end.
      await secrets.learn(rows.flatMap(Object.values))
      const ids = rows.map(({ id }) => id)
      const done = await resealRows(database, { table, ids, secrets, seals })
      total.resealed += done
      total.unreadable += ids.length - done
      after = last.id
      // Requests get their turn.
      await setImmediate()
    }
  }
  return total
}

/** How many rows hold a value sealed with another key. */
export async function countOthers(database: Database, currentSeal: string): Promise<number> {
  let count = 0
  for (const table of ['accounts', 'sign_ins', 'kept_threads'] as const) {
    const { rows } = await sql<{ count: string | number }>`
      select count(*) as count from ${sql.table(table)} where ${isOther(table, currentSeal)}`.execute(
      database,
    )
    count += Number(rows[0]?.count ?? 0)
  }
  return count
}

function isOther(table: SealedTable, currentSeal: string) {
  const conditions = sealedColumns[table].map(
    (column) => sql`(${sql.ref(column)} is not null and ${sql.ref(column)} not like ${`${currentSeal}%`})`,
  )
  return sql.join(conditions, sql` or `)
}

/** The next rows that hold a value sealed with another key. */
async function findOthers(
  database: Database,
  { table, after, currentSeal }: { table: SealedTable; after: string; currentSeal: string },
): Promise<(Row & { id: string })[]> {
  const columns = sealedColumns[table].map((column) => sql.ref(column))
  const { rows } = await sql<Row & { id: string }>`
    select id, ${sql.join(columns)} from ${sql.table(table)}
    where id > ${after} and (${isOther(table, currentSeal)})
    order by id limit ${ROWS_AT_ONCE}`.execute(database)
  return rows
}

interface Step {
  table: SealedTable
  ids: readonly string[]
  secrets: Secrets
  seals: AccountSeals
}

/** Answers how many of them are sealed with the current key now, or gone. */
async function resealRows(database: Database, step: Step): Promise<number> {
  return database.transaction().execute(async (transaction) => {
    // Taken first: SQLite refuses a write that comes after a read of what another process has changed since.
    await lockRevision(transaction, REVISION)
    let done = 0
    for (const id of step.ids) if (await resealRow(transaction, id, step)) done += 1
    return done
  })
}

/** Each time but the last somebody has written the row in between, whose values are then looked at. */
async function resealRow(transaction: Transaction<Tables>, id: string, step: Step): Promise<boolean> {
  for (;;) {
    const outcome = await tryRow(transaction, id, step)
    if (outcome !== 'written-meanwhile') return outcome === 'done'
  }
}

async function tryRow(
  transaction: Transaction<Tables>,
  id: string,
  step: Step,
): Promise<'done' | 'unreadable' | 'written-meanwhile'> {
  const { table, secrets, seals } = step
  if (table === 'accounts' && !(await isLast(transaction, id, seals))) return 'unreadable'
  const { rows } = await sql<Row>`
    select ${sql.join(sealedColumns[table].map((column) => sql.ref(column)))}
    from ${sql.table(table)} where id = ${id}`.execute(transaction)
  const [row = {}] = rows
  const anew = sealAnew(row, { secrets, placeOf: (column) => ({ table, row: id, column }) })
  if (anew === undefined) return 'unreadable'
  const entries = Object.entries(anew)
  if (entries.length === 0) return 'done'
  const sets = entries.map(([column, text]) => sql`${sql.ref(column)} = ${text}`)
  // Nothing of what somebody has written meanwhile is written over.
  const unchanged = entries.map(([column]) => sql`${sql.ref(column)} = ${row[column]}`)
  const { numAffectedRows = 0n } = await sql`update ${sql.table(table)} set ${sql.join(sets)}
    where id = ${id} and ${sql.join(unchanged, sql` and `)}`.execute(transaction)
  if (numAffectedRows === 0n) return 'written-meanwhile'
  if (table === 'accounts') await seals.write(transaction, id)
  return 'done'
}

async function isLast(transaction: Transaction<Tables>, id: string, seals: AccountSeals): Promise<boolean> {
  const row = await transaction
    .selectFrom('accounts')
    .leftJoin('account_seals', 'account_seals.account_id', 'accounts.id')
    .selectAll('accounts')
    .select('account_seals.seal')
    .where('id', '=', id)
    .executeTakeFirst()
  return row === undefined || seals.isLast(row)
}

/** Undefined when a value cannot be opened: then the row stays as it is. */
function sealAnew(
  row: Row,
  { secrets, placeOf }: { secrets: Secrets; placeOf: (column: string) => SecretPlace },
): Record<string, string> | undefined {
  const anew: Record<string, string> = {}
  try {
    for (const [column, sealed] of Object.entries(row)) {
      if (sealed === null || sealed.startsWith(secrets.currentSeal)) continue
      anew[column] = secrets.seal(secrets.open(sealed, placeOf(column)), placeOf(column))
    }
    return anew
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return undefined
  }
}
