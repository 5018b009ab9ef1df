import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import type { Leases } from '../../background/leases.ts'
import { createRefreshPace, type Turn } from './refresh-pace.ts'

const settle = async () => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

function createTestPace(take: Leases['take'] = async () => true) {
  const clock = createFakeClock()
  const released: string[] = []
  const leases: Leases = { take, release: async (name) => void released.push(name) }
  const pace = createRefreshPace({ leases, processId: 'me', clock })
  const begun: number[] = []
  const begin = (turn: Turn) => turn.begin().then(() => begun.push(clock.elapsed()))
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      clock.advance(100)
      await settle()
    }
  }
  return { clock, pace, begun, begin, pass, released }
}

describe('the pace of background refreshes', () => {
  it('lets at most four begin in any second, and five at most with the one at its border', async () => {
    const { pace, begun, begin, pass } = createTestPace()
    for (let count = 0; count < 40; count += 1) {
      const turn = pace.turn()
      void begin(turn).then(() => turn.end(true))
    }
    await pass(15_000)
    expect(begun).toHaveLength(40)
    for (const at of begun) {
      expect(begun.filter((other) => other >= at && other < at + 1000).length).toBeLessThanOrEqual(4)
    }
  })

  it('has at most four under way', async () => {
    const { pace, begun, begin, pass } = createTestPace()
    const turns = Array.from({ length: 6 }, () => pace.turn())
    turns.forEach((turn) => void begin(turn))
    await pass(10_000)
    expect(begun).toHaveLength(4)
    turns[0]?.end(true)
    await pass(1000)
    expect(begun).toHaveLength(5)
  })

  it('does not count those that had nothing to ask', async () => {
    const { pace, begun, begin } = createTestPace()
    for (let count = 0; count < 20; count += 1) {
      const turn = pace.turn()
      void begin(turn).then(() => turn.end(false))
    }
    for (let round = 0; round < 20; round += 1) await settle()
    expect(begun).toHaveLength(20)
  })

  it('lets the one that is waited for begin at once, before or after it queued', async () => {
    const { pace, begun, begin, pass } = createTestPace()
    const turns = Array.from({ length: 8 }, () => pace.turn())
    turns[6]?.hurry()
    turns.forEach((turn) => void begin(turn))
    turns[7]?.hurry()
    await settle()
    expect(begun).toHaveLength(3)
    // They take nobody's place.
    turns[6]?.end(true)
    turns[7]?.end(true)
    await pass(3000)
    expect(begun).toHaveLength(2 + 4)
  })

  it('leaves it to the process that holds the lease', async () => {
    let holder = 'another'
    const { pace, begun, begin, pass, released } = createTestPace(async () => holder === 'me')
    void begin(pace.turn())
    await pass(5000)
    expect(begun).toEqual([])
    holder = 'me'
    await pass(1000)
    expect(begun).toHaveLength(1)
    await pace.close()
    expect(released).toEqual(['background-refreshes'])
  })

  it('sends those that wait away when the gateway stops', async () => {
    const { pace, clock } = createTestPace(async () => false)
    const waiting = pace.turn().begin()
    await settle()
    await Promise.all([expect(waiting).rejects.toThrow('The gateway stops.'), pace.close()])
    await expect(pace.turn().begin()).rejects.toThrow('The gateway stops.')
    expect(clock.pending()).toBe(0)
  })
})
