import { describe, expect, it } from 'vitest'
import { createAskedSlots } from './asked-slots.ts'
import type { ToPrimary } from './messages.ts'

function createTestSlots() {
  const told: ToPrimary[] = []
  const asked = createAskedSlots((message) => void told.push(message))
  let releases = 0
  asked.slots.onRelease(() => {
    releases += 1
  })
  return { asked, told, releases: () => releases }
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

  it('count as taken from a refusal until a release, also when both come at once', () => {
    const { asked, releases } = createTestSlots()
    void asked.slots.take('a', 1)
    asked.hear({ kind: 'slot', turn: 1, accountId: 'a', granted: false })
    expect([asked.slots.areTaken('a'), asked.slots.areTaken('b')]).toEqual([true, false])
    asked.hear({ kind: 'slot-released', accountId: 'a' })
    expect(asked.slots.areTaken('a')).toBe(false)
    expect(releases()).toBe(1)
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
