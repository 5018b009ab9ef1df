import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createThrottle, type AttemptRows, type Attempts, type AttemptStore } from './throttle.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const withTurns = (rows: AttemptRows): AttemptStore => ({ ...rows, inTurn: (work) => work(rows) })

function start() {
  const clock = createFakeClock()
  const rows = new Map<string, Attempts>()
  const rowsStore = {
    read: async (subject: string) => rows.get(subject),
    write: async (subject: string, attempts: Attempts) => void rows.set(subject, attempts),
    prune: async () => {},
  }
  const store = withTurns(rowsStore)
  return {
    clock,
    rows,
    throttle: createThrottle({ store, clock }),
    again: () => createThrottle({ store, clock }),
  }
}

/** Seconds to wait; 0 when the action was let through. */
async function waitOf(action: Promise<unknown>): Promise<number> {
  try {
    await action
    return 0
  } catch (error) {
    if (!(error instanceof GatewayError) || error.failure.kind !== 'throttled') throw error
    return error.failure.retryAfterSeconds ?? Number.NaN
  }
}

describe('the throttle', () => {
  it('S12: gives an address five tries, then makes it wait longer and longer', async () => {
    const { throttle, clock } = start()
    for (let n = 0; n < 5; n += 1) expect(await waitOf(throttle.count('a'))).toBe(0)
    const waits: number[] = []
    for (let n = 0; n < 8; n += 1) {
      const seconds = await waitOf(throttle.count('a'))
      waits.push(seconds)
      clock.advance(seconds * 1000 - 1)
      expect(await waitOf(throttle.admit('a'))).toBe(1)
      clock.advance(1)
      expect(await waitOf(throttle.count('a'))).toBe(0)
    }
    expect(waits).toEqual([30, 60, 120, 240, 480, 900, 900, 900])
  })

  it('S12: does not let parallel tries slip through', async () => {
    const { throttle } = start()
    const waits = await Promise.all(Array.from({ length: 50 }, () => waitOf(throttle.count('a'))))
    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(5)
  })

  it('counts nothing for one who is waiting', async () => {
    const { throttle, clock } = start()
    for (let n = 0; n < 40; n += 1) await waitOf(throttle.count('a'))
    clock.advance(30_000)
    expect(await waitOf(throttle.count('a'))).toBe(0)
  })

  it('forgives an address that was quiet for a quarter of an hour', async () => {
    const { throttle, clock } = start()
    for (let n = 0; n < 4; n += 1) await throttle.count('a')
    clock.advance(15 * MINUTE)
    for (let n = 0; n < 5; n += 1) expect(await waitOf(throttle.count('a'))).toBe(0)
    expect(await waitOf(throttle.count('a'))).toBe(30)
  })

  it.each([-24 * HOUR, -400 * 24 * HOUR])(
    'does not hold what a clock ahead by %i ms has noted against anybody once it is right again',
    async (step) => {
      const { throttle, clock } = start()
      for (let n = 0; n < 5; n += 1) await throttle.count('a')
      for (let n = 0; n < 100; n += 1) await waitOf(throttle.count(`stranger ${n}`))
      clock.stepWall(step)
      expect([await waitOf(throttle.admit('a')), await waitOf(throttle.admit('newcomer'))]).toEqual([0, 0])
      for (let n = 0; n < 5; n += 1) expect(await waitOf(throttle.count('a'))).toBe(0)
      expect(await waitOf(throttle.admit('a'))).toBe(30)
    },
  )

  it('leaves other addresses alone', async () => {
    const { throttle } = start()
    for (let n = 0; n < 5; n += 1) await throttle.count('a')
    expect(await waitOf(throttle.admit('b'))).toBe(0)
  })

  it('forgets the failures of an address that turns out right', async () => {
    const { throttle } = start()
    for (let n = 0; n < 4; n += 1) await throttle.count('a')
    await (await throttle.count('a')).succeeded()
    for (let n = 0; n < 5; n += 1) expect(await waitOf(throttle.count('a'))).toBe(0)
    expect(await waitOf(throttle.admit('a'))).toBe(30)
  })

  it('takes back a try that could not be judged', async () => {
    const { throttle } = start()
    for (let n = 0; n < 20; n += 1) await (await throttle.count('a')).withdrawn()
    expect(await waitOf(throttle.admit('a'))).toBe(0)
  })

  it('S12: remembers over a restart', async () => {
    const { throttle, again } = start()
    for (let n = 0; n < 5; n += 1) await throttle.count('a')
    expect(await waitOf(again().admit('a'))).toBe(30)
  })

  it.each([
    [1, 20],
    [1000, 450],
  ])(
    'S12: lets of ten thousand guesses in an hour from %i addresses at most %i through',
    async (addresses, most) => {
      const { throttle, clock } = start()
      let through = 0
      for (let guess = 0; guess < 10_000; guess += 1) {
        if ((await waitOf(throttle.count(`address ${guess % addresses}`))) === 0) through += 1
        clock.advance(HOUR / 10_000)
      }
      expect(through).toBeGreaterThan(5)
      expect(through).toBeLessThanOrEqual(most)
    },
  )

  it('S12: spares an address that knew the password from what all others do', async () => {
    const { throttle } = start()
    await throttle.trust('operator')
    await (await throttle.count('second desk')).succeeded()
    for (let n = 0; n < 200; n += 1) await waitOf(throttle.count(`stranger ${n}`))
    expect(await waitOf(throttle.admit('a newcomer'))).toBeGreaterThan(0)
    expect(await waitOf(throttle.admit('operator'))).toBe(0)
    expect(await waitOf(throttle.admit('second desk'))).toBe(0)
    for (let n = 0; n < 5; n += 1) expect(await waitOf(throttle.count('operator'))).toBe(0)
    expect(await waitOf(throttle.count('operator'))).toBe(30)
  })

  it('keeps going after the store has failed once', async () => {
    const { clock, rows } = start()
    let broken = true
    const throttle = createThrottle({
      clock,
      store: withTurns({
        read: async (subject) => (broken ? Promise.reject(new Error('disk')) : rows.get(subject)),
        write: async (subject, attempts) => void rows.set(subject, attempts),
        prune: async () => {},
      }),
    })
    await expect(throttle.count('a')).rejects.toThrow('disk')
    broken = false
    expect(await waitOf(throttle.count('a'))).toBe(0)
  })
})
