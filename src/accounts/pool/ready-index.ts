/**
 * Which accounts are ready, kept up to date from change to change: with 10,000 of them no request can look at each. It
 * only saves looking; whoever takes an account from it asks the assessment about that one.
 */
import type { Clock } from '../../clock.ts'
import { hasTagOf, isEnabled } from '../account.ts'
import type { Assessment } from './assessment.ts'
import type { Availability } from '../standing/availability.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'
import type { LazySelection } from './lazy-selection.ts'
import { createRankedList, type RankedList } from './strategies/ranked-list.ts'
import type { Strategy } from './strategies/strategy.ts'

/** Lists of models change without a word: so long one that an account newly has may go unnoticed, while others have it. */
const REMADE_AFTER_MS = 60_000
/** By model, and by the tags that keys are limited to. */
const MOST_LISTS = 128
/** Up to so many candidates are looked at with every request. */
const FEW = 256
const READY: Availability = { kind: 'ready' }
const LACKS_MODEL: Availability = { kind: 'lacks-model' }

/** What a request needs of an account. */
export interface Wanted {
  /** Absent: whichever. */
  model?: string | undefined
  /** The account has one of these; absent: it may have any or none. */
  tags?: readonly string[] | undefined
}

export interface ReadyIndex {
  /** Not to be kept: it changes. */
  of(wanted: Wanted): readonly Entry[]
  /** Tells whether an account is one of these. Not to be kept either. */
  listed(wanted: Wanted): (entry: Entry) => boolean
  /** One of these, by the strategy. */
  choose(wanted: Wanted, random: () => number): Entry | undefined
  /** One of some of these, by the strategy. */
  chooseAmong(some: readonly Entry[], random: () => number): Entry | undefined
  /** By what the strategy chooses; undefined: it does not say. */
  rules(): readonly string[] | undefined
  /** From now on it is another one. */
  setStrategy(strategy: Strategy): void
  /** What strategies rank the account by may have changed: its requests, its credits, its turn. */
  rerank(entry: Entry): void
  /** Something about the account has changed, or it is no more. Answers whether others have come to serve for it, or no longer do. */
  touch(entry: Entry): boolean
  /** Other processes have given something back: those that they had all of are looked at again. */
  touchTakenElsewhere(): void
  /** The list of those who have this is made anew when it is next asked for. */
  doubt(wanted: Wanted): void
  /** Of all that take part and have a tag that is asked for: what each was good for when it last changed, and whether it has the model. */
  survey(wanted: Wanted): Availability[]
  /** When the first of those that rest is ready, in milliseconds since the epoch, as far as time alone decides. */
  nextChange(): number
}

interface IndexParts {
  entries: Pick<Entries, 'get' | 'all'>
  assessment: Pick<Assessment, 'of' | 'takesPart' | 'lacks' | 'limitOf'>
  lazy: Pick<LazySelection, 'note' | 'forget' | 'renew'>
  strategy: Strategy
  clock: Pick<Clock, 'now' | 'elapsed'>
}

interface WantedList {
  wanted: Wanted
  list: RankedList<Entry>
  madeAt: number
}

export function createReadyIndex(parts: IndexParts): ReadyIndex {
  const { entries, assessment, lazy, clock } = parts
  let { strategy } = parts
  const createList = (of: Iterable<Entry>) => createRankedList(of, strategy.ranking ?? { rate: () => 0 })
  let ofAny = createList([])
  const lists = new Map<string, WantedList>()
  const suits = (entry: Entry, { model, tags }: Wanted) =>
    hasTagOf(entry.account, tags) && (model === undefined || !assessment.lacks(entry, model))
  /** Those that are not ready, each with what it was when it last changed: a refusal asks about all of them. */
  const unready = new Map<Entry, Availability>()
  /** Those that time alone makes ready, with when. */
  const resting = new Map<Entry, number>()
  const takenElsewhere = new Set<Entry>()
  let nextChange = Number.POSITIVE_INFINITY

  function touch(entry: Entry): boolean {
    const isThere = entries.get(entry.account.id) === entry
    const availability = isThere && isEnabled(entry.account) ? assessment.of(entry, undefined) : undefined
    note(entry, availability)
    const isAble = availability?.kind === 'ready' || availability?.kind === 'busy'
    const moved = isThere ? lazy.note(entry, isAble) : lazy.forget(entry)
    place(entry)
    moved.forEach(place)
    return moved.some((each) => each !== entry)
  }

  /** Undefined: it is switched off, or no more. */
  function note(entry: Entry, availability: Availability | undefined): void {
    resting.delete(entry)
    takenElsewhere.delete(entry)
    if (availability === undefined || availability.kind === 'ready') unready.delete(entry)
    else unready.set(entry, availability)
    if (availability === undefined) return
    if (availability.kind === 'busy' && entry.leases < assessment.limitOf(entry.account)) {
      takenElsewhere.add(entry)
    }
    if ('until' in availability && availability.until !== undefined) {
      resting.set(entry, availability.until)
      nextChange = Math.min(nextChange, availability.until)
    }
  }

  function place(entry: Entry): void {
    const isReady =
      entries.get(entry.account.id) === entry && assessment.takesPart(entry) && !unready.has(entry)
    // The other lists hold nobody else.
    if (!isReady && !ofAny.has(entry)) return
    ofAny.set(entry, isReady)
    for (const { wanted, list } of lists.values()) list.set(entry, isReady && suits(entry, wanted))
    rerank(entry)
  }

  function rerank(entry: Entry): void {
    if (strategy.ranking === undefined) return
    ofAny.noteChange(entry)
    for (const { list } of lists.values()) list.noteChange(entry)
  }

  function settle(): void {
    lazy.renew().forEach(place)
    const now = clock.now()
    if (now < nextChange) return
    nextChange = Number.POSITIVE_INFINITY
    for (const [entry, until] of resting) {
      if (until <= now) touch(entry)
      else nextChange = Math.min(nextChange, until)
    }
  }

  function listOf(wanted: Wanted): RankedList<Entry> {
    settle()
    const key = keyOf(wanted)
    if (key === undefined) return ofAny
    const known = lists.get(key)
    const now = clock.elapsed()
    if (known !== undefined && now - known.madeAt < REMADE_AFTER_MS) return known.list
    const made = createList(ofAny.members.filter((entry) => suits(entry, wanted)))
    const [oldest] = lists.keys()
    if (known === undefined && lists.size >= MOST_LISTS && oldest !== undefined) lists.delete(oldest)
    const { model, tags } = wanted
    lists.set(key, { wanted: { model, tags }, list: made, madeAt: now })
    return made
  }

  function choose(wanted: Wanted, random: () => number): Entry | undefined {
    const ready = listOf(wanted)
    const { members } = ready
    const { ranking } = strategy
    if (ranking === undefined || members.length <= FEW) return strategy(members, random)
    const before = ranking.chooseBefore?.(members, random)
    if (before !== undefined) return before
    const chosen = ready.first(random)
    if (chosen === undefined) return undefined
    ranking.noteChosen?.(chosen)
    rerank(chosen)
    return chosen
  }

  function setStrategy(next: Strategy): void {
    strategy = next
    // Every strategy counts turns in its own way.
    for (const entry of entries.all()) entry.position = 0
    ofAny = createList(ofAny.members)
    lists.clear()
  }

  for (const entry of entries.all()) touch(entry)

  return {
    of: (wanted) => listOf(wanted).members,
    listed(wanted) {
      const list = listOf(wanted)
      return (entry) => list.has(entry)
    },
    choose,
    chooseAmong: (some, random) => strategy(some, random),
    rules: () => strategy.rules,
    setStrategy,
    rerank,
    touch,
    touchTakenElsewhere: () => [...takenElsewhere].forEach(touch),
    doubt(wanted) {
      const key = keyOf(wanted)
      if (key !== undefined) lists.delete(key)
    },
    survey({ model, tags }) {
      settle()
      const all: Availability[] = []
      for (const entry of entries.all()) {
        if (!assessment.takesPart(entry) || !hasTagOf(entry.account, tags)) continue
        const lacks = model !== undefined && assessment.lacks(entry, model)
        all.push(lacks ? LACKS_MODEL : (unready.get(entry) ?? READY))
      }
      return all
    },
    nextChange() {
      settle()
      return nextChange
    },
  }
}

/** Undefined: every account suits. Tags may hold anything, and most requests ask for none. */
function keyOf({ model, tags }: Wanted): string | undefined {
  return tags === undefined ? model : JSON.stringify([model, ...tags])
}
