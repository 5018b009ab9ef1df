import { describe, expect, it } from 'vitest'
import {
  factsOf,
  isolatedPlaces,
  placeOf,
  stackUp,
  stepsOfRow,
  toRows,
  type ChartSeries,
} from './chart-view.ts'
import type { Value } from './sliding-window.ts'

const seriesOf = (...values: Value[]): ChartSeries => ({ key: 'k', label: 'K', colour: '--good', values })

describe('a chart', () => {
  it('stacks each series upon those before it, in the same arrays again', () => {
    const target: Value[][] = []
    stackUp(
      [
        [1, 2],
        [10, null],
        [100, 200],
      ],
      target,
    )
    const [first] = target
    expect(target).toEqual([
      [1, 2],
      [11, 2],
      [111, 202],
    ])
    stackUp([[5]], target)
    expect(target).toEqual([[5]])
    expect(target[0]).toBe(first)
  })

  it.each<[Value[], number[]]>([
    [
      [1, null, 2, 3, null, 4],
      [0, 5],
    ],
    [[null, 0, null], [1]],
    [[1, 2], []],
    [[], []],
  ])('knows which of %j have no neighbour', (values, places) => {
    expect(isolatedPlaces(values)).toEqual(places)
  })

  it('adds up in its table what is stacked', () => {
    const times = [0, 1, 2, 3, 4]
    const series = [seriesOf(1, 2, 0, 0, 5), seriesOf(1, 1, null, 0, null)]
    expect(toRows({ look: 'stacked', times, series }, 3)).toEqual([
      { at: 0, values: [3, 2] },
      { at: 4, values: [5, null] },
    ])
  })

  it('tells the highest of lines', () => {
    const times = [0, 1, 2, 3]
    const series = [seriesOf(1, 7, null, 3)]
    expect(toRows({ look: 'lines', times, series }, 2)).toEqual([
      { at: 0, values: [7] },
      { at: 2, values: [3] },
    ])
  })

  it.each([
    [60, 60, 1],
    [61, 60, 2],
    [900, 60, 15],
    [0, 60, 1],
  ])('of %i steps in %i rows puts %i in one', (steps, most, size) => {
    expect(stepsOfRow(steps, most)).toBe(size)
  })

  it('is told in a few figures', () => {
    expect(factsOf([null, 3, 1, null, 2, null])).toEqual({ total: 6, least: 1, most: 3, latest: 2 })
    expect(factsOf([null])).toBeUndefined()
  })

  it.each([
    [0, 0],
    [1999, 1],
    [2999, 2],
    [3000, -1],
    [-1, -1],
  ])('finds the step of %i', (at, place) => {
    expect(placeOf([0, 1000, 2000], 1000, at)).toBe(place)
  })
})
