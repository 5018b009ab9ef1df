/** Finds where a chain of entries was tampered with. Pure: what to look at is read elsewhere. */
import * as z from 'zod'
import { BEGINNING, type Chain, type Head } from './chain.ts'
import type { EventEntry, Link } from './event.ts'

/**
 * `changed`: the entry is not as it was written. `broken`: what stood right before it was taken away, or the entry was put
 * there. `cut-off`: entries are missing at the end, `id` is the last one that was there.
 */
export interface ChainProblem {
  kind: 'changed' | 'broken' | 'cut-off'
  id: number
}

/** Some entries in order of their ids, read in one moment with what bounds them. */
export interface ChainSection {
  entries: readonly EventEntry[]
  /** Undefined: there is none, as before the first entry. */
  head: Head | undefined
  /** The last entry that tells of a pruning; undefined: nothing was ever pruned. */
  pruning: EventEntry | undefined
  /** Whether no entries follow. */
  isEnd: boolean
}

/** What an entry of the kind `events-pruned` says. */
const prunedLink = z.object({ through: z.int(), hash: z.string() })

/** `previous`: what the first entry has to follow. */
export function checkLinks(chain: Chain, entries: readonly EventEntry[], previous: Link): ChainProblem[] {
  const before = [previous, ...entries]
  return entries.flatMap((entry, index): ChainProblem[] => {
    const { id, hash } = before[index] ?? previous
    if (!chain.isAuthentic(entry)) return [{ kind: 'changed', id: entry.id }]
    const follows = entry.id === id + 1 && entry.previousHash === hash
    return follows ? [] : [{ kind: 'broken', id: entry.id }]
  })
}

export function checkEnd(chain: Chain, { head, isEnd }: ChainSection, last: Link): ChainProblem[] {
  if (!isEnd) return []
  if (head === undefined) return last.id === BEGINNING.id ? [] : [{ kind: 'cut-off', id: last.id }]
  const isWhole = chain.isHead(head) && last.id === head.id && last.hash === head.hash
  return isWhole ? [] : [{ kind: 'cut-off', id: Math.max(last.id, head.id) }]
}

/** Where a check goes on: behind what was checked, or what was pruned since. */
export function startOf(chain: Chain, { pruning }: ChainSection, checked: Link | undefined): Link {
  const start = checked ?? BEGINNING
  if (pruning === undefined || !chain.isAuthentic(pruning)) return start
  const pruned = prunedLink.safeParse(pruning.after)
  if (!pruned.success || pruned.data.through < start.id) return start
  return { id: pruned.data.through, hash: pruned.data.hash }
}
