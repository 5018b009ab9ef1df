/**
 * Reads the accounts in pages, so that the first are shown at once however many there are, and then only what has changed.
 * Pure, but for what it has read.
 */
import type { Account, AccountChangeList, AccountPage } from '../../api/types.ts'
import type { Read, Shown } from '../../state/resource.ts'

type List = readonly Account[]

interface Asks {
  page: (wish: { limit: number; cursor: string | undefined; signal: AbortSignal }) => Promise<AccountPage>
  changes: (since: number, signal: AbortSignal) => Promise<AccountChangeList>
  /** How many there are, told as soon as the first come; undefined once all have. */
  expect: (total: number | undefined) => void
  /** In milliseconds; only differences count. */
  now: () => number
}

/** What fills a window, and what the browser takes apart within a frame. */
const FIRST_PAGE = 100
const PAGE = 500
/** Of so few, all are as quickly read as what has changed. */
const FEW = PAGE
/** What counts as no change, like a quota that was read, is shown that late at most where there is other news. */
const WHOLE_EVERY_MS = 60_000

export function createAccountReader({ page, changes, expect, now }: Asks): Read<List> {
  /** What is known is as of this revision. */
  let base: { revision: number; wholeAt: number } | undefined

  async function readAll(signal: AbortSignal, { known, grow }: Shown<List>): Promise<List> {
    const isFirst = base === undefined
    const kept = new Map(known()?.map((account) => [account.id, account]))
    const wholeAt = now()
    const all: Account[] = []
    let cursor: string | undefined
    let revision: number | undefined
    do {
      const part = await page({ limit: cursor === undefined ? FIRST_PAGE : PAGE, cursor, signal })
      revision ??= part.revision
      cursor = part.nextCursor ?? undefined
      const accounts = part.accounts.map((account) => keepIfSame(kept.get(account.id), account))
      all.push(...accounts)
      expect(isFirst && cursor !== undefined ? part.total : undefined)
      if (isFirst) grow((shown = []) => addUnknown(shown, accounts))
    } while (cursor !== undefined)
    base = { revision, wholeAt }
    return all
  }

  /** Undefined: all have to be read. */
  async function readChanges(signal: AbortSignal, known: Shown<List>['known']): Promise<List | undefined> {
    if (base === undefined || (known()?.length ?? 0) <= FEW || now() - base.wholeAt > WHOLE_EVERY_MS)
      return undefined
    const { accounts, total, revision } = await changes(base.revision, signal)
    const list = accounts === null ? undefined : mergeChanges(known() ?? [], accounts)
    // Somebody has removed one.
    if (list?.length !== total) return undefined
    base = { ...base, revision }
    return list
  }

  return async (signal, shown) => (await readChanges(signal, shown.known)) ?? readAll(signal, shown)
}

/** In their places; those that are new come first, as in the list. */
export function mergeChanges(list: List, changed: List): List {
  if (changed.length === 0) return list
  const byId = new Map(changed.map((account) => [account.id, account]))
  const merged = list.map((account) => {
    const now = byId.get(account.id)
    byId.delete(account.id)
    return now === undefined ? account : keepIfSame(account, now)
  })
  const added = [...byId.values()].toSorted((one, other) => (one.created_at < other.created_at ? 1 : -1))
  return added.length === 0 ? merged : [...added, ...merged]
}

/** What somebody has changed since is shown as they have changed it. */
function addUnknown(shown: List, accounts: List): List {
  const ids = new Set(shown.map(({ id }) => id))
  return [...shown, ...accounts.filter(({ id }) => !ids.has(id))]
}

/** One that is as before stays the same object: then its row is not drawn anew. */
function keepIfSame(before: Account | undefined, now: Account): Account {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now
}
