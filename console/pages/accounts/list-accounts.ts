/** Which accounts the page shows and in which order. Pure, and quick enough for ten thousand at every key that is pressed. */
import type { Account } from '../../api/types.ts'
import { nameOf, planOf, type AccountCounts } from './account-facts.ts'
import { nameKey, sortEntries, type Sort } from './sort-accounts.ts'
import { judgeAccount, needsAttention, statusKindAt, type AccountJudgement } from './account-state.ts'

export interface Entry {
  account: Account
  judgement: AccountJudgement
  /** Undefined: nothing went through it in the last day, or nobody knows yet. */
  counts: AccountCounts | undefined
  states: readonly StateFilter[]
  /** Both are made when they are first needed, and then kept for the next key that is pressed. */
  searchedText: () => string
  nameKey: () => string
}

export const stateFilters = [
  'attention',
  'ready',
  'cooling',
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

/** `now` in milliseconds since the epoch. */
export function judgeAll(
  accounts: readonly Account[],
  now: number,
  counts?: ReadonlyMap<string, AccountCounts>,
): Entry[] {
  return accounts.map((account) => {
    const judgement = judgeAccount(account, now)
    return {
      account,
      judgement,
      counts: counts?.get(account.id),
      states: statesOf(account, { judgement, now }),
      searchedText: once(() => searchedText(account)),
      nameKey: once(() => nameKey(nameOf(account))),
    }
  })
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
