import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createKeyUses } from './key-uses.ts'

function open() {
  const clock = createFakeClock()
  const batches: [string, Date][][] = []
  const reported: unknown[] = []
  const state = { fails: false }
  const uses = createKeyUses({
    store: {
      async noteUses(batch) {
        if (state.fails) throw new Error('disk full')
        batches.push([...batch])
      },
    },
    clock,
    report: (error) => reported.push(error),
  })
  return { clock, batches, reported, state, uses }
}
/** Lets promises that are settled run on. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('the uses of keys', () => {
  it('are stored in one batch a minute, the latest of each', async () => {
    const { clock, batches, uses } = open()
    uses.note('a', 1000)
    uses.note('b', 2000)
    clock.advance(59_999)
    uses.note('a', 3000)
    await settle()
    expect(batches).toEqual([])
    clock.advance(1)
    await settle()
    expect(batches).toEqual([
      [
        ['a', new Date(3000)],
        ['b', new Date(2000)],
      ],
    ])
    clock.advance(600_000)
    await settle()
    expect([batches.length, clock.pending()]).toEqual([1, 0])
  })

  it('are known here before they are stored', async () => {
    const { clock, uses } = open()
    uses.note('a', 1000)
    expect([uses.lastOf('a'), uses.lastOf('b')]).toEqual([new Date(1000), undefined])
    clock.advance(60_000)
    await settle()
    expect(uses.lastOf('a')).toBeUndefined()
  })

  it('are kept when they cannot be stored, without an older one over a newer', async () => {
    const { clock, batches, reported, state, uses } = open()
    state.fails = true
    uses.note('a', 1000)
    uses.note('b', 1000)
    clock.advance(60_000)
    uses.note('a', 2000)
    await settle()
    expect(reported).toHaveLength(1)
    state.fails = false
    await uses.close()
    expect(Object.fromEntries(batches.flat())).toEqual({ a: new Date(2000), b: new Date(1000) })
    expect(clock.pending()).toBe(0)
  })
})
