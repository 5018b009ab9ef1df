import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createSlotKeeper } from './slot-keeper.ts'

function createTestKeeper() {
  const offered: string[] = []
  const keeper = createSlotKeeper((worker, accountId) => void offered.push(`${accountId} to ${worker}`))
  return { keeper, offered }
}

describe('slots', () => {
  it('are given until the limit, whichever workers ask', () => {
    const { keeper } = createTestKeeper()
    expect([1, 2, 1].map((worker) => keeper.take(worker, 'a', 2))).toEqual([true, true, false])
    expect(keeper.take(1, 'b', 1)).toBe(true)
  })

  it('that are released go to those that were refused, one after the other', () => {
    const { keeper, offered } = createTestKeeper()
    keeper.take(1, 'a', 1)
    keeper.take(2, 'a', 1)
    keeper.take(3, 'a', 1)
    keeper.take(2, 'a', 1)
    keeper.release(1, 'a')
    expect(offered).toEqual(['a to 2'])
    expect(keeper.take(1, 'a', 1)).toBe(false)
    keeper.release(2, 'a')
    keeper.release(3, 'a')
    expect(offered).toEqual(['a to 2', 'a to 3', 'a to 1'])
  })

  it('are not kept from a worker because another one waits with a lower limit', () => {
    const { keeper, offered } = createTestKeeper()
    keeper.take(1, 'a', 3)
    keeper.take(1, 'a', 3)
    keeper.take(1, 'a', 3)
    keeper.take(2, 'a', 1)
    keeper.take(3, 'a', 3)
    keeper.release(1, 'a')
    expect(offered).toEqual(['a to 3'])
  })

  it('of a worker that has died are free, and it is offered none', () => {
    const { keeper, offered } = createTestKeeper()
    keeper.take(1, 'a', 2)
    keeper.take(1, 'a', 2)
    keeper.take(1, 'a', 2)
    keeper.take(2, 'a', 2)
    keeper.releaseAll(1)
    expect(offered).toEqual(['a to 2'])
    expect([2, 2].map((worker) => keeper.take(worker, 'a', 2))).toEqual([true, false])
  })

  it('are never more than the limit, and none is left while somebody waits', () => {
    const step = fc.record({
      worker: fc.integer({ min: 1, max: 3 }),
      act: fc.constantFrom('take', 'release', 'die'),
    })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(step), (limit, steps) => {
        const held = new Map<number, number>()
        const waiting = new Set<number>()
        const sums: [inUse: number, waiting: number][] = []
        const give = (worker: number) => held.set(worker, (held.get(worker) ?? 0) + 1)
        const keeper = createSlotKeeper((worker) => {
          waiting.delete(worker)
          give(worker)
        })
        for (const { worker, act } of steps) {
          const own = held.get(worker) ?? 0
          if (act === 'take' && keeper.take(worker, 'a', limit)) give(worker)
          else if (act === 'take') waiting.add(worker)
          else if (act === 'release' && own > 0) {
            held.set(worker, own - 1)
            keeper.release(worker, 'a')
          } else if (act === 'die') {
            held.delete(worker)
            waiting.delete(worker)
            keeper.releaseAll(worker)
          }
          sums.push([[...held.values()].reduce((sum, each) => sum + each, 0), waiting.size])
        }
        expect(sums.filter(([inUse]) => inUse > limit)).toEqual([])
        expect(sums.filter(([inUse, waits]) => waits > 0 && inUse < limit)).toEqual([])
      }),
    )
  })
})
