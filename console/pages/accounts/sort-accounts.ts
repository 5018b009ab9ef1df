/** The order of the list. Pure. */
import { planOf, quotaShare, successOf } from './account-facts.ts'
import type { AccountJudgement } from './account-state.ts'
import type { Entry } from './list-accounts.ts'

export const sortNames = [
  'label',
  'state',
  'plan',
  'quota',
  'requests',
  'success',
  'firstToken',
  'inFlight',
  'answers',
  'errors',
  'token',
  'region',
  'priority',
  'weight',
  'limit',
  'created',
] as const
export type SortName = (typeof sortNames)[number]

export interface Sort {
  by: SortName
  descends: boolean
}

const tones = { bad: 0, warn: 1, busy: 2, idle: 3, good: 4 } as const

type SortKey = string | number | undefined

/** Undefined is at the end whichever way the rest is sorted. */
const sortKeys: Record<SortName, (entry: Entry) => SortKey> = {
  label: (entry) => entry.nameKey(),
  state: ({ judgement }) => severityOf(judgement),
  plan: ({ account }) => planOf(account)?.toLowerCase(),
  quota: ({ account }) => quotaShare(account),
  requests: ({ counts }) => counts?.requests,
  success: ({ counts }) => counts && successOf(counts),
  firstToken: ({ counts }) => counts?.firstTokenP95Ms ?? undefined,
  inFlight: ({ counts }) => counts?.inFlight,
  answers: ({ account }) => account.success_count,
  errors: ({ account }) => account.error_count,
  token: ({ account }) => account.expires_at ?? undefined,
  region: ({ account }) => account.region,
  priority: ({ account }) => account.priority,
  weight: ({ account }) => account.weight,
  limit: ({ account }) => account.concurrencyLimit ?? undefined,
  created: ({ account }) => account.created_at,
}

/** The worst of all parts first, then the number of parts that are as bad. */
function severityOf({ enabled, token, traffic, quota }: AccountJudgement): number {
  const all = [enabled, token, traffic, quota].map(({ tone }) => tones[tone])
  const worst = Math.min(...all)
  return worst * 8 - all.filter((tone) => tone === worst).length
}

/** Numbers in names count as numbers: `account 9` stands before `account 10`. */
export function nameKey(name: string): string {
  return name.toLowerCase().replace(/\d+/g, (digits) => digits.padStart(10, '0'))
}

/** The keys are made once each: comparing by language would take fifty times as long. */
export function sortEntries(entries: readonly Entry[], { by, descends }: Sort): Entry[] {
  const keyOf = sortKeys[by]
  const keyed = entries.map((entry) => ({ entry, key: keyOf(entry) }))
  const known = keyed.filter(isKnown).toSorted((one, other) => compare(one.key, other.key))
  const unknown = keyed.filter((each) => !isKnown(each))
  return [...(descends ? known.toReversed() : known), ...unknown].map(({ entry }) => entry)
}

function isKnown(each: { entry: Entry; key: SortKey }): each is { entry: Entry; key: string | number } {
  return each.key !== undefined
}

function compare(one: string | number, other: string | number): number {
  return one < other ? -1 : one > other ? 1 : 0
}

/** Up, down, and then as the gateway lists them. */
export function nextSort(sort: Sort | undefined, by: SortName): Sort | undefined {
  if (sort?.by !== by) return { by, descends: false }
  return sort.descends ? undefined : { by, descends: true }
}
