import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaultSettings } from '../../account.ts'
import { createRankedList } from './ranked-list.ts'
import type { Candidate, Ranking } from './strategy.ts'

const tiered: Ranking = {
  tierOf: ({ account }) => account.settings.priority,
  rate: ({ leases }) => -leases,
}

function candidate(index: number, priority = 0): Candidate {
  return {
    account: { id: String(index), settings: { ...defaultSettings, priority } },
    leases: 0,
    position: 0,
  }
}

describe('a ranked list', () => {
  it('finds one of the first, as looking at all would, whatever comes, changes and goes', () => {
    const step = fc.record({
      index: fc.nat({ max: 299 }),
      kind: fc.constantFrom('come', 'go', 'change'),
      leases: fc.nat({ max: 2 }),
    })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.nat({ max: 99 }), (steps, percent) => {
        const all = Array.from({ length: 300 }, (_, index) => candidate(index, index % 3))
        const members = new Set(all.slice(0, 200))
        const list = createRankedList(members, tiered)
        for (const { index, kind, leases } of steps) {
          const one = all[index]
          if (one === undefined) continue
          if (kind === 'come') members.add(one)
          if (kind === 'go') members.delete(one)
          if (kind === 'change') one.leases = leases
          list.set(one, members.has(one))
          list.noteChange(one)
          expect(new Set(list.members)).toEqual(members)
          expect(firstOf([...members])).toContain(list.first(() => percent / 100))
        }
      }),
      { numRuns: 50 },
    )
  })

  it('gives all of the first the same chance', () => {
    const list = createRankedList(
      Array.from({ length: 500 }, (_, index) => candidate(index, index % 5 === 0 ? 1 : 0)),
      tiered,
    )
    const chosen = Array.from({ length: 100 }, (_, turn) => list.first(() => (turn + 0.5) / 100)?.account.id)
    expect(new Set(chosen)).toEqual(new Set(Array.from({ length: 100 }, (_, index) => String(index * 5))))
  })

  it('finds nobody where there is nobody', () => {
    expect(createRankedList([], tiered).first(() => 0)).toBeUndefined()
  })
})

function firstOf(members: readonly Candidate[]): Candidate[] {
  const tier = Math.max(...members.map(({ account }) => account.settings.priority))
  const inTier = members.filter(({ account }) => account.settings.priority === tier)
  const least = Math.min(...inTier.map(({ leases }) => leases))
  return inTier.filter(({ leases }) => leases === least)
}
