/** The deeds for many accounts that are on their way, and those whose end nobody has seen yet. They go on when their dialog is closed. */
import { signal } from '@preact/signals'
import type { Account } from '../../../api/types.ts'
import { showFailure } from '../account-deeds.ts'
import { dropAccounts, putAccounts } from '../accounts-store.ts'
import { runBulk, type BulkRun } from './run-bulk.ts'

export type BulkKind =
  | 'enable'
  | 'disable'
  | 'pause'
  | 'resume'
  | 'refreshToken'
  | 'refreshQuota'
  | 'addTag'
  | 'removeTag'
  | 'delete'

export interface CurrentRun {
  kind: BulkKind
  run: BulkRun
  accounts: ReadonlyMap<string, Account>
  isShown: boolean
}

/** In the order in which they were begun; one is shown at most. */
export const runs = signal<readonly CurrentRun[]>([])

interface RunWishes {
  kind: BulkKind
  accounts: readonly Account[]
  /** Answers the account as it is then; undefined: it is gone. */
  work: (account: Account) => Promise<Account | void>
  /** Whether its progress is shown at once; if not, it takes the place of none that is on its way. */
  isShown?: boolean
}

/** To show each change of ten thousand accounts by itself would stop the page. */
const SHOWN_EVERY_MS = 500

/** Resolves when nothing is left to do for the first time. */
export function startRun({ kind, accounts, work, isShown = true }: RunWishes): Promise<void> {
  const byId = new Map(accounts.map((account) => [account.id, account]))
  const changed: Account[] = []
  const gone = new Set<string>()
  function show(): void {
    if (changed.length > 0) putAccounts(changed.splice(0))
    if (gone.size > 0) dropAccounts(gone)
    gone.clear()
  }
  const isAside = !isShown && runs.peek().some(({ run }) => !run.progress.peek().isOver)
  return new Promise((resolve) => {
    const timer = window.setInterval(show, SHOWN_EVERY_MS)
    const run = runBulk({
      ids: [...byId.keys()],
      async work(id) {
        const account = byId.get(id)
        if (account === undefined) return
        const now = await work(account)
        if (now === undefined) gone.add(id)
        else changed.push(now)
      },
      onOver(rows) {
        window.clearInterval(timer)
        show()
        const failed = rows.find(({ status }) => status === 'failed')
        if (isAside && failed !== undefined) showFailure(failed.error)
        resolve()
      },
    })
    if (isAside) return
    const others = runs.peek().filter((each) => !isOverWithoutFault(each))
    runs.value = [
      ...(isShown ? others.map((each) => ({ ...each, isShown: false })) : others),
      { kind, run, accounts: byId, isShown },
    ]
  })
}

/** Closed when it is over, it is gone. */
export function showRun({ run }: Pick<CurrentRun, 'run'>, isShown: boolean): void {
  runs.value = runs.value
    .filter((each) => isShown || each.run !== run || !run.progress.value.isOver)
    .map((each) => ({ ...each, isShown: each.run === run ? isShown : each.isShown && !isShown }))
}

function isOverWithoutFault({ run }: CurrentRun): boolean {
  const { isOver, counts } = run.progress.peek()
  return isOver && counts.failed + counts.cancelled === 0
}
