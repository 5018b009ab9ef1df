import type { AccountStep } from './account-steps.ts'
import type { KeptCall, DetailedCall } from './kept-call.ts'
import type { CallOutcome } from './outcome.ts'
import type { TopCounts, TopKind, TopStep } from './top-steps.ts'
import type { Beat, CountedStep } from './traffic-batch.ts'

/** Seconds that one step is long. */
export const resolutions = [1, 60, 3600] as const
export type Resolution = (typeof resolutions)[number]

export interface TrafficAddition {
  steps: ReadonlyMap<Resolution, readonly CountedStep[]>
  beats: readonly Beat[]
  accounts: readonly AccountStep[]
  tops: ReadonlyMap<Resolution, readonly TopStep[]>
}

/** So many requests ended so, from this moment on. */
export type CountedMoment = Omit<CountedStep, 'firstTokens' | 'durations'>

/** Where numbers are kept. Several processes add to them. */
export interface TrafficStore {
  /** Adds, all or nothing, to what this and other processes have stored. */
  add(addition: TrafficAddition): Promise<void>
  /** Steps that begin from `since` on, in order. */
  listSince(resolution: Resolution, since: number): Promise<CountedStep[]>
  /** How requests ended in those that begin within a time, in order: without how long first tokens took. */
  listCounts(resolution: Resolution, span: { since: number; until: number }): Promise<CountedMoment[]>
  /** All of them in one; `until`: only those that begin before. */
  sumSince(resolution: Resolution, since: number, until?: number): Promise<Omit<CountedStep, 'at'>>
  /** The latest first. */
  listBeatsSince(since: number, most: number): Promise<Beat[]>
  /** One for each account that had requests in the hour that begins there, or that of one account. */
  listAccountSteps(at: number, accountId?: string): Promise<AccountStep[]>
  /** What is counted by model or by key, from `since` on, by its name. */
  sumTops(resolution: Resolution, kind: TopKind, since: number): Promise<({ name: string } & TopCounts)[]>
  /** Forgets what begins before these moments. */
  prune(
    steps: ReadonlyMap<Resolution, number>,
    others: Readonly<Record<'beats' | 'accounts', number>>,
  ): Promise<void>
}

/** Of a call in the order by time. */
export type CallPosition = [at: number, id: string]

export const statusClasses = ['2xx', '4xx', '5xx'] as const
export type StatusClass = (typeof statusClasses)[number]

/** What is absent limits nothing. */
export interface CallFilter {
  outcome?: CallOutcome
  /** As the client named it. */
  model?: string
  key?: string
  /** Any of those that were tried. */
  account?: string
  id?: string
  /** What the id begins with. */
  idPrefix?: string
  statusClass?: StatusClass
  /** One of these. */
  failures?: readonly string[]
  dialect?: string
  /** The program, whatever its version; or with it. */
  client?: string
  /** That took so long or longer. */
  minimumMs?: number
  stream?: boolean
  hasTools?: boolean
  hasImages?: boolean
  /** Without what operators have tried out. */
  withoutTrials?: boolean
  /** Inclusive, in milliseconds since the epoch. */
  since?: number
  /** Exclusive. */
  until?: number
}

export interface CallSlice {
  limit: number
  /** Only older ones than the call there. */
  before?: CallPosition
}

export interface FoundCalls {
  calls: KeptCall[]
  /** Where to go on; absent: all was looked at. There may be one although no call was found: each look has its bound. */
  next?: CallPosition
}

/** How many calls ended how in a part of a second, a minute, … of those that begin with `start`. */
export interface CallTally {
  /** The beginning of an instant's text: `2026-11-22T10:0` for ten minutes. */
  start: string
  outcome: CallOutcome
  count: number
}

export interface TalliedCalls {
  tallies: CallTally[]
  /** Where to go on; absent: all was looked at. */
  next?: CallPosition
}

/** How long calls took. */
export interface MeasuredCalls {
  /** Newest first. `totalMs`: of those alone that went well. */
  calls: { at: number; firstTokenMs: number | null; totalMs: number | null }[]
  /** Where to go on; absent: all was looked at. */
  next?: CallPosition
}

/** Where calls are kept. */
export interface CallStore {
  /** What is there already stays. */
  insert(calls: readonly DetailedCall[]): Promise<void>
  /** Newest first. */
  find(filter: CallFilter, slice: CallSlice): Promise<FoundCalls>
  get(id: string): Promise<DetailedCall | undefined>
  /** Counts, newest first, as many as one look has time for. `characters`: of an instant's text, so many tell one count from the next. */
  tally(filter: CallFilter, slice: { characters: number; before?: CallPosition }): Promise<TalliedCalls>
  /** How long they took, newest first, as many as one look has time for. */
  measure(filter: CallFilter, before: CallPosition | undefined): Promise<MeasuredCalls>
  /** When the oldest one had ended, in milliseconds since the epoch. */
  oldest(): Promise<number | undefined>
  /** How many there are. */
  count(): Promise<number>
  /** Forgets the oldest: those that ended before a moment, or whichever; so many at most. Answers how many it were. */
  prune(which: { before?: number }, most: number): Promise<number>
}
