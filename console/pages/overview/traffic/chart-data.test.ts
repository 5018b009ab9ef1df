import { describe, expect, it } from 'vitest'
import type { Traffic } from '../../../api/types.ts'
import { noCounts } from '../sample-counts.ts'
import { columnOf, extendWindow, toWindow } from './chart-data.ts'

const START = Date.parse('2026-11-23T10:00:00.000Z')
const at = (seconds: number) => new Date(START + seconds * 1000).toISOString()
const point = (seconds: number, changes: Partial<typeof noCounts> = {}) => ({
  ...noCounts,
  at: at(seconds),
  ...changes,
})

const quarter = (points: Traffic['points'], to = 899.5): Traffic => ({
  from: at(0),
  to: at(to),
  stepSeconds: 1,
  points,
  sum: noCounts,
  previous: noCounts,
  beats: [],
})

describe('the data of charts', () => {
  it('has every step, with zeros where nothing was asked and gaps where nothing is known', () => {
    const window = toWindow(quarter([point(3, { ok: 2, totalP95Ms: 70 })]))
    expect(window.times).toHaveLength(900)
    expect(window.times[0]).toBe(START)
    expect(columnOf(window, 'ok').slice(2, 5)).toEqual([0, 2, 0])
    expect(columnOf(window, 'totalP95Ms').slice(2, 5)).toEqual([null, 70, null])
  })

  it('goes on with the feed, as far as all has been told', () => {
    const window = toWindow(quarter([]))
    const seconds = [point(898, { ok: 1 }), point(900, { ok: 3 }), point(903, { ok: 9 })]
    expect(extendWindow(window, { at: at(904.2), seconds })).toBe(true)
    expect(window.times.at(-1)).toBe(START + 902_000)
    expect(columnOf(window, 'ok').slice(-5)).toEqual([1, 0, 3, 0, 0])
    // What was not known then is told again.
    extendWindow(window, { at: at(905.2), seconds })
    expect(columnOf(window, 'ok').at(-1)).toBe(9)
  })

  it('is to be asked for anew when too much was missed', () => {
    const window = toWindow(quarter([]))
    expect(extendWindow(window, { at: at(950), seconds: [] })).toBe(false)
    expect(window.times.at(-1)).toBe(START + 899_000)
  })
})
