import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSlotKeeper } from './slot-keeper.ts'

function createTestKeeper() {
  const told: string[] = []
  const keeper = createSlotKeeper((worker, accountId) => void told.push(`${worker} of ${accountId}`))
  return { keeper, told }
}

describe('slots', () => {
  it('are given until the limit, whichever workers ask', () => {
    const { keeper } = createTestKeeper()
    expect([1, 2, 1].map((worker) => keeper.take(worker, 'a', 2))).toEqual([true, true, false])
    expect(keeper.take(1, 'b', 1)).toBe(true)
  })

  it('tell those that were refused, once, when one is released', () => {
    const { keeper, told } = createTestKeeper()
    keeper.take(1, 'a', 1)
    keeper.take(2, 'a', 1)
    keeper.take(3, 'a', 1)
    keeper.release(1, 'a')
    keeper.take(1, 'a', 1)
    keeper.release(1, 'a')
    expect(told).toEqual(['2 of a', '3 of a'])
  })

  it('of a worker that has died are free, and nobody tells it anything', () => {
    const { keeper, told } = createTestKeeper()
    keeper.take(1, 'a', 2)
    keeper.take(1, 'a', 2)
    keeper.take(2, 'a', 2)
    keeper.take(1, 'a', 2)
    keeper.releaseAll(1)
    expect(told).toEqual(['2 of a'])
    expect([2, 2, 2].map((worker) => keeper.take(worker, 'a', 2))).toEqual([true, true, false])
  })

  it('are never more than the limit', () => {
    const step = fc.record({
      worker: fc.integer({ min: 1, max: 3 }),
      act: fc.constantFrom('take', 'release', 'die'),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step), (limit, steps) => {
        const { keeper } = createTestKeeper()
        const held = new Map<number, number>()
        const answers: [given: boolean, expected: boolean][] = []
        for (const { worker, act } of steps) {
          const own = held.get(worker) ?? 0
          const inUse = [...held.values()].reduce((sum, each) => sum + each, 0)
          if (act === 'take') {
            const granted = keeper.take(worker, 'a', limit)
            answers.push([granted, inUse < limit])
            if (granted) held.set(worker, own + 1)
          } else if (act === 'release' && own > 0) {
            keeper.release(worker, 'a')
            held.set(worker, own - 1)
          } else if (act === 'die') {
            keeper.releaseAll(worker)
            held.delete(worker)
          }
        }
        expect(answers.map(([given]) => given)).toEqual(answers.map(([, expected]) => expected))
      }),
    )
  })
})
