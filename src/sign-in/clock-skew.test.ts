import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createSkewWatch } from './clock-skew.ts'

function start() {
  const clock = createFakeClock()
  const skews: number[] = []
  const watch = createSkewWatch({ clock, warn: ({ skewSeconds }) => void skews.push(skewSeconds) })
  const hear = (aheadSeconds: number) => watch.note(new Date(clock.now() - aheadSeconds * 1000).toUTCString())
  return { clock, skews, watch, hear }
}

describe('the watch on the clock', () => {
  it.each([
    [0, []],
    [30, []],
    [-30, []],
    [31, [31]],
    [-31, [-31]],
    [86_400, [86_400]],
  ])('of a machine that is %i s ahead of the service: %o', (aheadSeconds, warned) => {
    const { skews, hear } = start()
    hear(aheadSeconds)
    expect(skews).toEqual(warned)
  })

  it('warns once an hour', () => {
    const { clock, skews, hear } = start()
    hear(60)
    hear(60)
    clock.advance(3_599_000)
    hear(60)
    expect(skews).toHaveLength(1)
    clock.advance(1000)
    hear(60)
    expect(skews).toHaveLength(2)
  })

  it('tells how far it is off until an answer shows that it is right again', () => {
    const { hear, watch } = start()
    expect(watch.skewSeconds()).toBeUndefined()
    hear(-94)
    expect(watch.skewSeconds()).toBe(-94)
    watch.note('soon')
    expect(watch.skewSeconds()).toBe(-94)
    hear(3)
    expect(watch.skewSeconds()).toBeUndefined()
    expect(watch.offsetSeconds()).toBe(3)
  })

  it.each([[undefined], [['a', 'b']], ['soon'], ['']])('takes %o for no date', (date) => {
    const { skews, watch } = start()
    watch.note(date)
    expect(skews).toEqual([])
  })
})
