import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createAskedSlots } from './asked-slots.ts'
import type { ToPrimary } from './messages.ts'

function createTestSlots() {
  const told: ToPrimary[] = []
  const clock = createFakeClock()
  const asked = createAskedSlots({ tell: (message) => void told.push(message), clock })
  let releases = 0
  asked.slots.onRelease(() => {
    releases += 1
  })
  return { asked, told, clock, releases: () => releases }
}

describe('slots that are asked for', () => {
  it('are granted or not by the answer to the question', async () => {
    const { asked, told } = createTestSlots()
    const first = asked.slots.take('a', 1)
    const second = asked.slots.take('a', 1)
    expect(told).toEqual([1, 2].map((turn) => ({ kind: 'take-slot', turn, accountId: 'a', limit: 1 })))
    asked.hear({ kind: 'slot', turn: 2, accountId: 'a', granted: false })
    asked.hear({ kind: 'slot', turn: 1, accountId: 'a', granted: true })
    expect(await Promise.all([first, second])).toEqual([true, false])
  })

  it('count as refused until one is offered, or the limit is another one', () => {
    const { asked, releases } = createTestSlots()
    void asked.slots.take('a', 1)
    asked.hear({ kind: 'slot', turn: 1, accountId: 'a', granted: false })
    expect([asked.slots.wasRefused('a', 1), asked.slots.wasRefused('b', 1)]).toEqual([true, false])
    expect(asked.slots.wasRefused('a', 2)).toBe(false)
    asked.hear({ kind: 'slot-offered', accountId: 'a' })
    expect(asked.slots.wasRefused('a', 1)).toBe(false)
    expect(releases()).toBe(1)
  })

  it('are there for who takes them when they are offered, without a question', async () => {
    const { asked, told, clock } = createTestSlots()
    asked.hear({ kind: 'slot-offered', accountId: 'a' })
    expect(await asked.slots.take('a', 1)).toBe(true)
    expect(told).toEqual([])
    void asked.slots.take('a', 1)
    expect(told).toHaveLength(1)
    expect(clock.pending()).toBe(0)
  })

  it('are there for who asked before the offer came and was refused after it', async () => {
    const { asked } = createTestSlots()
    const taken = asked.slots.take('a', 1)
    asked.hear({ kind: 'slot-offered', accountId: 'a' })
    asked.hear({ kind: 'slot', turn: 1, accountId: 'a', granted: false })
    expect(await taken).toBe(true)
    expect(asked.slots.wasRefused('a', 1)).toBe(false)
  })

  it('are given back when they were offered and nobody takes them', () => {
    const { asked, told, clock } = createTestSlots()
    asked.hear({ kind: 'slot-offered', accountId: 'a' })
    clock.advance(1000)
    expect(told).toEqual([{ kind: 'release-slot', accountId: 'a' }])
    void asked.slots.take('a', 1)
    expect(told.at(-1)).toMatchObject({ kind: 'take-slot' })
  })

  it('are granted when nobody is left to ask', async () => {
    const { asked, told } = createTestSlots()
    const waiting = asked.slots.take('a', 1)
    asked.goOnAlone()
    expect(await waiting).toBe(true)
    expect(await asked.slots.take('a', 1)).toBe(true)
    expect(told).toHaveLength(1)
  })
})
