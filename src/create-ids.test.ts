import { describe, expect, it } from 'vitest'
import { createIds } from './create-ids.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')

describe('ids', () => {
  it('are 24 characters that URLs can hold', () => {
    const newId = createIds({ now: () => NOW })
    for (let count = 0; count < 300; count += 1) expect(newId()).toMatch(/^[\w-]{24}$/)
  })

  it('are never the same, not even in one moment', () => {
    const newId = createIds({ now: () => NOW })
    const ids = Array.from({ length: 10_000 }, newId)
    expect(new Set(ids).size).toBe(10_000)
  })

  it.each([1, 63, 64, 4096, 1000, 86_400_000, 365 * 86_400_000, 500 * 365 * 86_400_000])(
    'come later in their order when they are made %i ms later',
    (later) => {
      let now = NOW
      const newId = createIds({ now: () => now })
      const first = newId()
      now += later
      expect(newId() > first).toBe(true)
    },
  )
})
