/**
 * Accounts that were disabled for their strikes, each to be tried again with a request now and then. One such request costs
 * its client another attempt, so they are few: one at a time of an account, and at least a second apart of all.
 */
import type { Clock } from '../../clock.ts'
import { hasTokens } from '../account.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import { isPaused, probeDueAt } from '../status.ts'

const APART_MS = 1000
/** A try that tells nothing, as its client leaves, is not followed by the next one at once. */
const SAME_APART_MS = 60_000

export interface DueProbes {
  /** Undefined, as a rule: none is due. The one that is answered counts as tried. */
  take(isWanted: (entry: Entry) => boolean): Entry | undefined
  /** Something about the account has changed, or it is no more. */
  touch(entry: Entry): void
}

interface ProbesParts {
  entries: Pick<Entries, 'get' | 'all'>
  clock: Pick<Clock, 'now'>
}

export function createDueProbes({ entries, clock }: ProbesParts): DueProbes {
  /** When each may be tried, in milliseconds since the epoch. */
  const dueAt = new Map<Entry, number>()
  /** Not before then is any looked at. */
  let nextLook = 0

  function touch(entry: Entry): void {
    const isThere = entries.get(entry.account.id) === entry
    const due = isThere ? probeDueAt(entry.account.status) : undefined
    if (due === undefined) dueAt.delete(entry)
    else dueAt.set(entry, Math.max(due, dueAt.get(entry) ?? due))
  }

  for (const entry of entries.all()) touch(entry)

  return {
    take(isWanted) {
      if (dueAt.size === 0) return undefined
      const now = clock.now()
      // The clock may have been set back.
      if (now < nextLook && nextLook - now <= APART_MS) return undefined
      nextLook = now + APART_MS
      for (const [entry, due] of dueAt) {
        if (due > now || entry.leases > 0 || isPaused(entry.account, now)) continue
        if (!hasTokens(entry.account) || !isWanted(entry)) continue
        dueAt.set(entry, now + SAME_APART_MS)
        return entry
      }
      return undefined
    },
    touch,
  }
}
