/**
 * A list of thousands of which the first by rank is found without looking at all: it is looked at in blocks, each of which
 * remembers its first until something in it changes.
 */
import type { Candidate, Ranking } from './strategy.ts'

const BLOCK = 64

export interface RankedList<C extends Candidate> {
  /** In no order. Not to be kept: it changes. */
  readonly members: readonly C[]
  has(candidate: C): boolean
  set(candidate: C, belongs: boolean): void
  /** Its rank may be another one. */
  noteChange(candidate: C): void
  /** The first; of several such, one by chance. */
  first(random: () => number): C | undefined
}

interface First {
  tier: number
  rate: number
  /** How many are as good. */
  count: number
}

export function createRankedList<C extends Candidate>(of: Iterable<C>, ranking: Ranking): RankedList<C> {
  const { tierOf = () => 0, rate } = ranking
  const members = [...of]
  const places = new Map(members.map((member, place) => [member, place]))
  /** By block; undefined: to be looked at. */
  const firsts: (First | undefined)[] = []

  function doubt(place: number): void {
    firsts[Math.floor(place / BLOCK)] = undefined
  }

  /** By hand, as with `firstOfAll`: a call and an object for each would cost more than looking. */
  function lookAt(block: number): First {
    let tier = Number.NEGATIVE_INFINITY
    let best = Number.NEGATIVE_INFINITY
    let count = 0
    const end = Math.min(members.length, (block + 1) * BLOCK)
    for (let place = block * BLOCK; place < end; place += 1) {
      const candidate = members[place]
      if (candidate === undefined) break
      const itsTier = tierOf(candidate)
      const itsRate = rate(candidate)
      if (itsTier < tier || (itsTier === tier && itsRate < best)) continue
      count = itsTier === tier && itsRate === best ? count + 1 : 1
      tier = itsTier
      best = itsRate
    }
    const first = { tier, rate: best, count }
    firsts[block] = first
    return first
  }

  function firstOfAll(): First {
    let tier = Number.NEGATIVE_INFINITY
    let best = Number.NEGATIVE_INFINITY
    let count = 0
    for (let block = 0; block * BLOCK < members.length; block += 1) {
      const first = firsts[block] ?? lookAt(block)
      if (first.tier < tier || (first.tier === tier && first.rate < best)) continue
      count = first.tier === tier && first.rate === best ? count + first.count : first.count
      tier = first.tier
      best = first.rate
    }
    return { tier, rate: best, count }
  }

  function find(best: First, skipped: number): C | undefined {
    let left = skipped
    for (const [block, first] of firsts.entries()) {
      if (first?.tier !== best.tier || first.rate !== best.rate) continue
      if (left < first.count) return findIn(block, first, left)
      left -= first.count
    }
    return undefined
  }

  function findIn(block: number, first: First, skipped: number): C | undefined {
    let left = skipped
    for (let place = block * BLOCK; place < members.length; place += 1) {
      const candidate = members[place]
      if (candidate === undefined || tierOf(candidate) !== first.tier || rate(candidate) !== first.rate) {
        continue
      }
      if (left === 0) return candidate
      left -= 1
    }
    return undefined
  }

  return {
    members,
    has: (candidate) => places.has(candidate),
    set(candidate, belongs) {
      const place = places.get(candidate)
      if (belongs === (place !== undefined)) return
      if (place === undefined) {
        places.set(candidate, members.length)
        doubt(members.length)
        members.push(candidate)
        return
      }
      // The last one takes its place.
      const last = members.pop()
      places.delete(candidate)
      doubt(members.length)
      doubt(place)
      if (last === undefined || last === candidate) return
      members[place] = last
      places.set(last, place)
    },
    noteChange(candidate) {
      const place = places.get(candidate)
      if (place !== undefined) doubt(place)
    },
    first(random) {
      const best = firstOfAll()
      return find(best, Math.floor(random() * best.count))
    },
  }
}
