import type { Clock } from '../clock.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import { selectLazily, type LazyPoolSettings } from './lazy-pool.ts'
import { isExhausted } from './quota.ts'

/** Pauses end and successes add up without a word. */
const RENEWED_AFTER_MS = 10_000

/** Keeps the selection of the lazy pool up to date. */
export interface LazySelection {
  /** To be called before accounts are looked at. Says in each entry whether it serves. */
  renew(): void
  /** An account has come, gone or changed. */
  doubt(): void
  /** Whether the account is to be kept signed in. */
  isRefreshed(id: string): boolean
}

interface SelectionParts {
  entries: Entries
  /** Undefined: all serve. */
  settings: LazyPoolSettings | undefined
  clock: Pick<Clock, 'now' | 'elapsed'>
  /** It serves from now on, or no longer does. */
  onChange: (entry: Entry) => void
}

export function createLazySelection({ entries, settings, clock, onChange }: SelectionParts): LazySelection {
  if (settings === undefined) return { renew: () => {}, doubt: () => {}, isRefreshed: () => true }
  let renewedAt: number | undefined
  let refreshed: ReadonlySet<string> = new Set()

  function* candidates(now: number) {
    for (const { account, quota } of entries.all()) {
      if (quota === undefined || !isExhausted(quota, now)) yield account
    }
  }

  function renew(): void {
    if (settings === undefined) return
    const elapsed = clock.elapsed()
    if (renewedAt !== undefined && elapsed - renewedAt < RENEWED_AFTER_MS) return
    renewedAt = elapsed
    const now = clock.now()
    const selection = selectLazily(candidates(now), settings, now)
    refreshed = new Set(selection.refreshed.map(({ id }) => id))
    const serving = new Set(selection.serving.map(({ id }) => id))
    for (const entry of entries.all()) {
      const serves = serving.has(entry.account.id)
      if (serves === entry.serves) continue
      entry.serves = serves
      onChange(entry)
    }
  }

  return {
    renew,
    doubt() {
      renewedAt = undefined
    },
    isRefreshed(id) {
      renew()
      return refreshed.has(id)
    },
  }
}
