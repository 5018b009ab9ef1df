/**
 * Which accounts are ready, kept up to date from change to change: with 10,000 of them no request can look at each. It
 * only saves looking; whoever takes an account from it asks the assessment about that one.
 */
import type { Clock } from '../clock.ts'
import type { Assessment } from './assessment.ts'
import type { Entries } from './entries.ts'
import type { Entry } from './entry.ts'

/** Lists of models change without a word: so long one that an account newly has may go unnoticed, while others have it. */
const REMADE_AFTER_MS = 60_000
const MOST_MODELS = 64

export interface ReadyIndex {
  /** Undefined model: whichever. Not to be kept: it changes. */
  of(model: string | undefined): readonly Entry[]
  /** Something about the account has changed, or it is no more. */
  touch(entry: Entry): void
  /** The list of the model is made anew when it is next asked for. */
  doubt(model: string | undefined): void
  /** When the first of those that rest is ready, in milliseconds since the epoch, as far as time alone decides. */
  nextChange(): number
}

interface IndexParts {
  entries: Pick<Entries, 'get' | 'all'>
  assessment: Pick<Assessment, 'of' | 'takesPart'>
  clock: Pick<Clock, 'now' | 'elapsed'>
}

interface List {
  members: Entry[]
  places: Map<Entry, number>
  madeAt: number
}

export function createReadyIndex({ entries, assessment, clock }: IndexParts): ReadyIndex {
  const ofAny: List = { members: [], places: new Map(), madeAt: 0 }
  const byModel = new Map<string, List>()
  /** Those that time alone makes ready, with when. */
  const resting = new Map<Entry, number>()
  let nextChange = Number.POSITIVE_INFINITY

  function touch(entry: Entry): void {
    const isThere = entries.get(entry.account.id) === entry && assessment.takesPart(entry)
    const availability = isThere ? assessment.of(entry, undefined) : undefined
    resting.delete(entry)
    if (availability !== undefined && 'until' in availability && availability.until !== undefined) {
      resting.set(entry, availability.until)
      nextChange = Math.min(nextChange, availability.until)
    }
    const isReady = availability?.kind === 'ready'
    setMember(ofAny, entry, isReady)
    for (const [model, list] of byModel) setMember(list, entry, isReady && isReadyFor(entry, model))
  }

  const isReadyFor = (entry: Entry, model: string) => assessment.of(entry, model).kind === 'ready'

  function wake(): void {
    const now = clock.now()
    if (now < nextChange) return
    nextChange = Number.POSITIVE_INFINITY
    for (const [entry, until] of resting) {
      if (until <= now) touch(entry)
      else nextChange = Math.min(nextChange, until)
    }
  }

  function listOf(model: string): List {
    const known = byModel.get(model)
    const now = clock.elapsed()
    if (known !== undefined && now - known.madeAt < REMADE_AFTER_MS) return known
    const members = ofAny.members.filter((entry) => isReadyFor(entry, model))
    const list = { members, places: new Map(members.map((entry, place) => [entry, place])), madeAt: now }
    const [oldest] = byModel.keys()
    if (known === undefined && byModel.size >= MOST_MODELS && oldest !== undefined) byModel.delete(oldest)
    byModel.set(model, list)
    return list
  }

  for (const entry of entries.all()) touch(entry)

  return {
    of(model) {
      wake()
      return model === undefined ? ofAny.members : listOf(model).members
    },
    touch,
    doubt(model) {
      if (model !== undefined) byModel.delete(model)
    },
    nextChange() {
      wake()
      return nextChange
    },
  }
}

/** The last one takes the place of one that goes. */
function setMember({ members, places }: List, entry: Entry, belongs: boolean): void {
  const place = places.get(entry)
  if (belongs === (place !== undefined)) return
  if (place === undefined) {
    places.set(entry, members.length)
    members.push(entry)
    return
  }
  const last = members.pop()
  places.delete(entry)
  if (last === undefined || last === entry) return
  members[place] = last
  places.set(last, place)
}
