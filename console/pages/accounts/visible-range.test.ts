import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { visibleRange } from './visible-range.ts'

const view = fc.record({
  count: fc.integer({ min: 0, max: 20_000 }),
  rowHeight: fc.constantFrom(36, 48, 148),
  above: fc.integer({ min: -2000, max: 800_000 }),
  height: fc.integer({ min: 0, max: 1980 }),
})

describe('the rows in sight', () => {
  it('are few, and within the list', () => {
    fc.assert(
      fc.property(view, (at) => {
        const { first, end } = visibleRange(at)
        expect(first).toBeGreaterThanOrEqual(0)
        expect(end).toBeLessThanOrEqual(at.count)
        expect(end - first).toBeGreaterThanOrEqual(0)
        expect(end - first).toBeLessThanOrEqual(60)
      }),
    )
  })

  it('are all that are in sight, wherever the list is scrolled to', () => {
    fc.assert(
      fc.property(view, (at) => {
        const { first, end } = visibleRange(at)
        const from = Math.max(0, Math.floor(at.above / at.rowHeight))
        const to = Math.min(at.count, Math.ceil((at.above + at.height) / at.rowHeight))
        if (to <= from) return
        expect(first).toBeLessThanOrEqual(from)
        expect(end).toBeGreaterThanOrEqual(to)
      }),
    )
  })
})
