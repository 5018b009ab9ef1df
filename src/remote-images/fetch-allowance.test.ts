import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createFetchAllowance } from './fetch-allowance.ts'

const MINUTE_MS = 60_000

const start = () => {
  const clock = createFakeClock()
  const allowance = createFetchAllowance(clock)
  return { clock, take: (clientKey: string, count: number) => allowance.take(clientKey, count) }
}

describe('the allowance for fetching images', () => {
  it('is twenty at once, then ten a minute', () => {
    const { clock, take } = start()
    expect([take('a', 20), take('a', 1), take('a', 5)]).toEqual([0, 6, 30])
    clock.advance(MINUTE_MS)
    expect([take('a', 10), take('a', 1)]).toEqual([0, 6])
  })

  it('never grows beyond twenty', () => {
    const { clock, take } = start()
    expect(take('a', 20)).toBe(0)
    clock.advance(60 * MINUTE_MS)
    expect([take('a', 20), take('a', 1)]).toEqual([0, 6])
  })

  it('is given in whole or not at all, and after the time that was told', () => {
    const { clock, take } = start()
    expect([take('a', 19), take('a', 2), take('a', 1)]).toEqual([0, 6, 0])
    expect(take('a', 2)).toBe(12)
    clock.advance(12_000)
    expect(take('a', 2)).toBe(0)
  })

  it('is each client’s own', () => {
    const { take } = start()
    expect([take('a', 20), take('b', 20), take('a', 1)]).toEqual([0, 0, 6])
  })

  it('forgets those who were seen longest ago when there are too many', () => {
    const { take } = start()
    take('old', 20)
    take('kept', 20)
    for (let index = 0; index < 9999; index += 1) {
      if (index === 5000) take('kept', 1)
      take(`other ${index}`, 1)
    }
    expect([take('kept', 1), take('old', 1)]).toEqual([6, 0])
  })
})
