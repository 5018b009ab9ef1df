import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { startCallPruning } from './prune-calls.ts'

const turn = () => new Promise<void>((resolve) => setImmediate(resolve))

function setUp({ old = 0, all = 0, keepRows = 1000, isMyTurn = true } = {}) {
  const clock = createFakeClock()
  const left = { old, all }
  const asked: ({ before?: number } & { most: number })[] = []
  const reported: unknown[] = []
  const pruning = startCallPruning({
    store: {
      count: async () => left.all,
      async prune(which, most) {
        asked.push({ ...which, most })
        const pruned = Math.min(most, which.before === undefined ? left.all : left.old)
        left.all -= pruned
        if (which.before !== undefined) left.old -= pruned
        return pruned
      },
    },
    keeping: { days: 30, rows: keepRows },
    isMyTurn: async () => isMyTurn,
    clock,
    report: (error) => reported.push(error),
  })
  async function pass(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 20) {
      clock.advance(20)
      await turn()
    }
  }
  return { clock, left, asked, reported, pruning, pass }
}

describe('the pruning of calls', () => {
  it('forgets what is too old, and then what is too much, in pieces', async () => {
    const { clock, left, asked, pruning, pass } = setUp({ old: 600, all: 2100 })
    const begun = clock.now()
    await pass(2000)
    expect(left).toEqual({ old: 0, all: 1000 })
    expect(asked.every(({ most }) => most <= 250)).toBe(true)
    expect(asked[0]?.before).toBe(begun + 20 - 30 * 86_400_000)
    await pruning.close()
  })

  it('goes on, a minute later, and counts again only after a while', async () => {
    const { left, pruning, pass, clock } = setUp({ all: 900 })
    await pass(100)
    left.all = 1500
    await pass(61_000)
    expect(left.all).toBe(1500)
    clock.advance(15 * 60_000)
    await turn()
    await pass(62_000)
    expect(left.all).toBe(1000)
    await pruning.close()
  })

  it('leaves it to another process where that does it', async () => {
    const { left, pruning, pass } = setUp({ old: 10, all: 10, isMyTurn: false })
    await pass(1000)
    expect(left.old).toBe(10)
    await pruning.close()
  })

  it('ends when the gateway does, in the middle of a round', async () => {
    const { clock, left, pruning } = setUp({ old: 10_000, all: 10_000 })
    clock.advance(0)
    await turn()
    await pruning.close()
    expect(left.old).toBe(9750)
    expect(clock.pending()).toBe(0)
  })
})
