/** Which accounts the page shows and in which order. Pure, and quick enough for ten thousand at every key that is pressed. */
import type { Account } from '../../api/types.ts'
import { nameOf, planOf, type AccountCounts } from './account-facts.ts'
import { nameKey, sortEntries, type Sort } from './sort-accounts.ts'
import {
  judgeAccount,
  judgedUntil,
  needsAttention,
  statusKindAt,
  type AccountJudgement,
} from './account-state.ts'

export interface Entry {
  account: Account
  judgement: AccountJudgement
  /** Undefined: nothing went through it in the last day, or, where it is not counted, nobody knows yet. */
  counts: AccountCounts | undefined
  isCounted: boolean
  states: readonly StateFilter[]
  /** Both are made when they are first needed, and then kept for the next key that is pressed. */
  searchedText: () => string
  nameKey: () => string
}

export const stateFilters = [
  'attention',
  'ready',
  'cooling',
  'paused',
  'exhausted',
  'needs-sign-in',
  'misconfigured',
  'parked',
  'disabled',
] as const
export type StateFilter = (typeof stateFilters)[number]

export interface ListWishes {
  text: string
  /** Of any of them; empty: of all. */
  states: readonly StateFilter[]
  tag: string
  plan: string
  region: string
  sort: Sort | undefined
}

export interface Choice {
  value: string
  count: number
}

export interface AccountListing {
  entries: readonly Entry[]
  /** How many there would be with this state alone, all other wishes kept. */
  stateCounts: Readonly<Record<StateFilter, number>>
}

type Counts = ReadonlyMap<string, AccountCounts>

/** `now` in milliseconds since the epoch. */
export type Judge = (accounts: readonly Account[], now: number, counts?: Counts) => Entry[]

/**
 * Judges accounts again and again: one that is as before keeps its entry, so that its row is left alone and ten thousand take
 * a moment.
 */
export function createJudge(): Judge {
  let known = new Map<string, { entry: Entry; until: number }>()

  return (accounts, now, counts) => {
    const judged: typeof known = new Map()
    const entries = accounts.map((account) => {
      const before = known.get(account.id)
      const ownCounts = counts?.get(account.id)
      const kept =
        before !== undefined &&
        before.entry.account === account &&
        now < before.until &&
        before.entry.isCounted === (counts !== undefined) &&
        hasSameCounts(before.entry.counts, ownCounts)
          ? before
          : {
              entry: judgeOne(account, { now, counts: ownCounts, isCounted: counts !== undefined }),
              until: judgedUntil(account, now),
            }
      judged.set(account.id, kept)
      return kept.entry
    })
    known = judged
    return entries
  }
}

function judgeOne(
  account: Account,
  { now, ...counted }: Pick<Entry, 'counts' | 'isCounted'> & { now: number },
): Entry {
  const judgement = judgeAccount(account, now)
  return {
    account,
    judgement,
    ...counted,
    states: statesOf(account, { judgement, now }),
    searchedText: once(() => searchedText(account)),
    nameKey: once(() => nameKey(nameOf(account))),
  }
}

function hasSameCounts(one: AccountCounts | undefined, other: AccountCounts | undefined): boolean {
  if (one === other) return true
  return (
    one !== undefined &&
    other !== undefined &&
    one.requests === other.requests &&
    one.ok === other.ok &&
    one.firstTokenP95Ms === other.firstTokenP95Ms &&
    one.inFlight === other.inFlight
  )
}

export function listAccounts(all: readonly Entry[], wishes: ListWishes): AccountListing {
  const fits = fitsAllButState(wishes)
  const stateCounts = emptyCounts()
  const entries: Entry[] = []
  for (const entry of all) {
    if (!fits(entry)) continue
    for (const state of entry.states) stateCounts[state] += 1
    if (wishes.states.length === 0 || wishes.states.some((state) => entry.states.includes(state))) {
      entries.push(entry)
    }
  }
  return { entries: wishes.sort === undefined ? entries : sortEntries(entries, wishes.sort), stateCounts }
}

/** Nobody reads further down; the search finds those that are left out. */
const MOST_CHOICES = 200

/** What can be chosen from, the most frequent first. */
export function countChoices(
  all: readonly Entry[],
  read: (account: Account) => readonly string[],
): readonly Choice[] {
  const counts = new Map<string, number>()
  for (const { account } of all) {
    for (const value of read(account)) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .toSorted((one, other) => other.count - one.count || (one.value < other.value ? -1 : 1))
    .slice(0, MOST_CHOICES)
}

function statesOf(
  account: Account,
  { judgement, now }: { judgement: AccountJudgement; now: number },
): StateFilter[] {
  const kind = statusKindAt(account, now)
  const states: StateFilter[] = needsAttention(judgement) ? ['attention'] : []
  // One whose sign-in cannot work is not ready, whatever its status says.
  if (kind === 'ready' && judgement.token.tone === 'bad') states.push('needs-sign-in')
  else if (kind !== 'unknown') states.push(kind)
  return states
}

function emptyCounts(): Record<StateFilter, number> {
  return {
    attention: 0,
    ready: 0,
    cooling: 0,
    paused: 0,
    exhausted: 0,
    'needs-sign-in': 0,
    misconfigured: 0,
    parked: 0,
    disabled: 0,
  }
}

function fitsAllButState({ text, tag, plan, region }: ListWishes): (entry: Entry) => boolean {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  return ({ account, searchedText: said }) => {
    if (tag !== '' && !account.tags.includes(tag)) return false
    if (plan !== '' && planOf(account) !== plan) return false
    if (region !== '' && account.region !== region) return false
    if (words.length === 0) return true
    return words.every((word) => said().includes(word))
  }
}

function searchedText(account: Account): string {
  const { id, label, tags, identity, region, startUrl } = account
  return `${label ?? ''}\n${id}\n${identity?.email ?? ''}\n${identity?.userId ?? ''}\n${region}\n${startUrl ?? ''}\n${planOf(account) ?? ''}\n${tags.join('\n')}`.toLowerCase()
}

function once(make: () => string): () => string {
  let made: string | undefined
  return () => (made ??= make())
}
