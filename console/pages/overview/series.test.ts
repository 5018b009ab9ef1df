import { describe, expect, it } from 'vitest'
import type { Traffic } from '../../api/types.ts'
import { noCounts } from './sample-counts.ts'
import { drawLine, rangeOf, seriesOf } from './series.ts'

const point = (at: string, ok: number): Traffic['points'][number] => ({ ...noCounts, at, ok })
const span = { from: '2026-11-23T10:00:00.000Z', to: '2026-11-23T10:04:20.000Z', stepSeconds: 60 }
const box = { width: 40, height: 10 }

describe('a series', () => {
  it('has a value for each step, also where nothing was asked', () => {
    const points = [point('2026-11-23T10:01:00.000Z', 3), point('2026-11-23T10:04:00.000Z', 1)]
    expect(seriesOf({ ...span, points }, ({ ok }) => ok, 0)).toEqual([0, 3, 0, 0, 1])
    expect(seriesOf({ ...span, points }, ({ firstTokenP50Ms }) => firstTokenP50Ms, null)).toEqual(
      Array.from({ length: 5 }, () => null),
    )
  })

  it('passes over what is out of its time', () => {
    const points = [point('2026-11-23T09:59:59.000Z', 9), point('2026-11-23T10:05:00.000Z', 9)]
    expect(seriesOf({ ...span, points }, ({ ok }) => ok, 0)).toEqual([0, 0, 0, 0, 0])
  })

  it('has the range of what is known', () => {
    expect(rangeOf([null, 4, 0, null])).toEqual({ least: 0, most: 4 })
    expect(rangeOf([null])).toBeUndefined()
  })

  it.each([
    [[0, 5, 10, 5, 0], 'M0 10L10 5L20 0L30 5L40 10'],
    [[0, 0, 0, 0, 0], 'M0 10L10 10L20 10L30 10L40 10'],
    [[null, 10, 10, null, 5], 'M10 0L20 0M40 5h1'],
    [[null, null], ''],
    [[], ''],
  ])('of %j is drawn as "%s"', (series, path) => {
    expect(drawLine(series, box)).toBe(path)
  })
})
