/** Adds accounts that were read elsewhere: each is judged by itself, and what is here already stays as it is. */
import { toGatewayError } from '../conversation/failures.ts'
import type { Actor } from '../events/event.ts'
import type { NewAccount } from './account-input.ts'
import type { AccountTransfer, TokenIndex, TokenPair } from './account-transfer.ts'
import type { Accounts, AddedAccount } from './accounts.ts'

/** `row`: its place in the source. */
export type ImportRow = { row: number } & ({ account: NewAccount } | { problem: string })

export interface ImportedRow {
  row: number
  status: 'created' | 'duplicate' | 'invalid'
  /** Of a duplicate: the account that is there. */
  id?: string
  error?: string
}

export interface ImportParts {
  accounts: Pick<Accounts, 'addAll'>
  transfer: Pick<AccountTransfer, 'indexTokens'>
  by: Actor
  /** So many are stored together, or none of them. */
  rowsAtOnce?: number
  /** Looked at between these. */
  signal?: AbortSignal
  /** Told of each lot when it is stored. */
  report?: (rows: readonly ImportedRow[]) => void
}

const ROWS_AT_ONCE = 200
const WITHOUT_TOKEN = 'It has no refresh token, so nothing can be done with it.'
export const IS_HERE = 'An account of this client and refresh token is here already.'

/** What became of the rows, in their order; with a signal that aborts, of those until then. May be repeated. */
export async function importAccounts(rows: readonly ImportRow[], parts: ImportParts): Promise<ImportedRow[]> {
  const { rowsAtOnce = ROWS_AT_ONCE, signal, report } = parts
  const findSame = await parts.transfer.indexTokens()
  const imported: ImportedRow[] = []
  // One lot at least: that somebody has imported nothing is recorded, too.
  do {
    if (signal?.aborted === true) break
    const lot = rows.slice(imported.length, imported.length + rowsAtOnce)
    const done = await importLot(lot, findSame, parts)
    imported.push(...done)
    report?.(done)
  } while (imported.length < rows.length)
  return imported
}

export function countImported(rows: readonly ImportedRow[]) {
  const count = (status: ImportedRow['status']) => rows.filter((each) => each.status === status).length
  return { created: count('created'), duplicates: count('duplicate'), invalid: count('invalid') }
}

type Read = { row: number; account: NewAccount } | ImportedRow

async function importLot(
  rows: readonly ImportRow[],
  findSame: TokenIndex,
  { accounts, by }: ImportParts,
): Promise<ImportedRow[]> {
  const read = await readRows(rows, findSame)
  const inputs = read.flatMap((each) => ('account' in each ? [each.account] : []))
  // One transaction: what cannot be recorded is not done.
  const added = await accounts.addAll(inputs, by, (outcomes) => ({
    kind: 'accounts-imported',
    actor: by,
    after: countImported(mergeOutcomes(read, outcomes)),
  }))
  return mergeOutcomes(read, added)
}

/** What is to be added; or what became of the row, if nothing is. */
export async function readRows(rows: readonly ImportRow[], findSame: TokenIndex): Promise<Read[]> {
  const pairs = rows.flatMap((row) => pairOf(row) ?? [])
  const found = (await findSame(pairs)).values()
  return rows.map((given): Read => {
    const { row } = given
    if ('problem' in given) return { row, status: 'invalid', error: given.problem }
    if (pairOf(given) === undefined) return { row, status: 'invalid', error: WITHOUT_TOKEN }
    const { value: id } = found.next()
    return id === undefined
      ? { row, account: given.account }
      : { row, status: 'duplicate', id, error: IS_HERE }
  })
}

function pairOf(row: ImportRow): TokenPair | undefined {
  if ('problem' in row || row.account.refreshToken == null) return undefined
  return { clientId: row.account.clientId, refreshToken: row.account.refreshToken }
}

/** What is wrong with one account is told of it; what is wrong here ends the import. */
export function invalidity(error: unknown): string {
  const { failure } = toGatewayError(error)
  if (failure.kind !== 'invalid-request') throw error
  return failure.message
}

/** `added`: what became of those that were to be added, in their order. */
function mergeOutcomes(read: readonly Read[], added: readonly AddedAccount[]): ImportedRow[] {
  const next = added.values()
  return read.flatMap((each): ImportedRow[] => {
    if (!('account' in each)) return [each]
    const { value } = next.next()
    if (value === undefined) return []
    return [{ row: each.row, ...value, ...(value.status === 'duplicate' && { error: IS_HERE }) }]
  })
}
