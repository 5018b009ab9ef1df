import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addLook, toBars } from './bars.ts'
import { brushOver, fromSpan, isWhole, moveEdge, toSpan, type Brush } from './brush.ts'

const FROM = Date.parse('2026-11-22T10:00:00Z')
const scale = { count: 60, from: FROM, stepMs: 60_000 }
const none = { ok: 0, clientErrors: 0, throttled: 0, upstreamErrors: 0, shed: 0, cancelled: 0 }
const stepAt = (minute: number, counts: Partial<typeof none>) => ({
  at: new Date(FROM + minute * 60_000).toISOString(),
  ...none,
  ...counts,
})
const histogram = {
  from: '2026-11-22T10:00:00.000Z',
  to: '2026-11-22T10:05:30.000Z',
  stepSeconds: 60,
  nextCursor: null,
  oldest: null,
}

describe('the bars', () => {
  it('stand for every step, and add up', () => {
    const { bars, most, totals } = toBars({
      ...histogram,
      steps: [stepAt(1, { ok: 2, shed: 1 }), stepAt(5, { ok: 1 })],
    })
    expect(bars.map(({ total }) => total)).toEqual([0, 3, 0, 0, 0, 1])
    expect(most).toBe(3)
    expect(totals).toMatchObject({ total: 4, ok: 3, shed: 1 })
  })

  it('are drawn though there is nothing to draw', () => {
    expect(toBars({ ...histogram, steps: [] })).toMatchObject({ most: 1, totals: { total: 0 } })
  })

  it('grow with each look further back', () => {
    const first = { ...histogram, nextCursor: 'a', steps: [stepAt(3, { ok: 1 })] }
    const joined = addLook(first, { ...histogram, steps: [stepAt(1, { shed: 1 }), stepAt(3, { ok: 2 })] })
    expect(joined.nextCursor).toBeNull()
    expect(joined.steps).toEqual([stepAt(1, { shed: 1 }), stepAt(3, { ok: 3 })])
  })
})

describe('the brush', () => {
  it('goes from where a hand began to where it is, in either direction', () => {
    expect(brushOver(3, 7, scale)).toEqual({ begin: 3, end: 8 })
    expect(brushOver(7, 3, scale)).toEqual({ begin: 3, end: 8 })
    expect(brushOver(5, 5, scale)).toEqual({ begin: 5, end: 6 })
    expect(brushOver(-4, 90, scale)).toEqual({ begin: 0, end: 60 })
  })

  it('means whole steps of the time', () => {
    const span = toSpan({ begin: 5, end: 10 }, scale)
    expect(span).toEqual({ since: '2026-11-22T10:05:00.000Z', until: '2026-11-22T10:10:00.000Z' })
    expect(fromSpan(span, scale)).toEqual({ begin: 5, end: 10 })
    expect(fromSpan(undefined, scale)).toBeUndefined()
    expect(fromSpan(span, { ...scale, from: FROM + 3_600_000 })).toBeUndefined()
    expect(fromSpan(span, { ...scale, from: FROM + 7 * 60_000 })).toEqual({ begin: 0, end: 3 })
  })

  it.each<[string, boolean, Partial<Brush>]>([
    ['ArrowRight', false, { begin: 11 }],
    ['ArrowLeft', true, { begin: 0 }],
    ['End', false, { begin: 19 }],
    ['Home', false, { begin: 0 }],
  ])('moves its beginning by %s', (key, shiftKey, moved) => {
    expect(moveEdge({ begin: 10, end: 20 }, 'begin', { key, shiftKey, scale })).toEqual({
      end: 20,
      begin: 10,
      ...moved,
    })
  })

  it('leaves other keys alone', () => {
    expect(moveEdge({ begin: 0, end: 1 }, 'end', { key: 'Tab', shiftKey: false, scale })).toBeUndefined()
  })

  it('always has something in it, whatever is pressed', () => {
    const press = fc.record({
      edge: fc.constantFrom<'begin' | 'end'>('begin', 'end'),
      key: fc.constantFrom('ArrowLeft', 'ArrowRight', 'Home', 'End', 'PageUp', 'PageDown'),
      shiftKey: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(press, { maxLength: 30 }), (presses) => {
        let brush: Brush = { begin: 0, end: scale.count }
        expect(isWhole(brush, scale)).toBe(true)
        for (const { edge, key, shiftKey } of presses) {
          brush = moveEdge(brush, edge, { key, shiftKey, scale }) ?? brush
          expect(brush.begin).toBeGreaterThanOrEqual(0)
          expect(brush.end).toBeGreaterThan(brush.begin)
          expect(brush.end).toBeLessThanOrEqual(scale.count)
        }
      }),
    )
  })
})
