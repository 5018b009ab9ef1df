import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { takeInTime } from './take-in-time.ts'

function createTestTake({ waitMs = 5000 } = {}) {
  const clock = createFakeClock()
  const client = new AbortController()
  const released: string[] = []
  const question = Promise.withResolvers<boolean>()
  const slots = { take: () => question.promise, release: (id: string) => void released.push(id) }
  const wanted = { accountId: 'a', limit: 1 }
  const taken = takeInTime(slots, wanted, {
    clock,
    signal: client.signal,
    lastMoment: clock.now() + waitMs,
  }).catch((error: unknown) => error)
  const answer = async (granted: boolean) => {
    question.resolve(granted)
    await question.promise
  }
  return { clock, client, released, taken, question, answer }
}

describe('a slot that is asked for in time', () => {
  it.each([true, false])('is there or not: %s', async (granted) => {
    const { clock, taken, answer, released } = createTestTake()
    await answer(granted)
    expect(await taken).toBe(granted)
    expect(clock.pending()).toBe(0)
    expect(released).toEqual([])
  })

  it('is waited for no longer than the client stays, and released when it comes after that', async () => {
    const { clock, client, taken, answer, released } = createTestTake()
    client.abort()
    expect(await taken).toMatchObject({ failure: { kind: 'client-gone' } })
    expect(clock.pending()).toBe(0)
    await answer(true)
    expect(released).toEqual(['a'])
  })

  it.each([
    [true, ['a']],
    [false, []],
  ])(
    'is waited for until the last moment; what is granted later (%s) is released',
    async (granted, expected) => {
      const { clock, taken, answer, released } = createTestTake()
      clock.advance(5000)
      expect(await taken).toMatchObject({ failure: { kind: 'overloaded-here', retryAfterSeconds: 1 } })
      await answer(granted)
      expect(released).toEqual(expected)
    },
  )

  it('leaves no timer behind when it cannot be asked for', async () => {
    const { clock, client, taken, question } = createTestTake()
    question.reject(new Error('nobody answers'))
    expect(await taken).toEqual(new Error('nobody answers'))
    expect(clock.pending()).toBe(0)
    client.abort()
    clock.advance(5000)
    expect(await taken).toEqual(new Error('nobody answers'))
  })

  it('is waited for a little even when nothing else is', async () => {
    const { clock, taken, answer } = createTestTake({ waitMs: 0 })
    clock.advance(100)
    await answer(true)
    expect(await taken).toBe(true)
  })
})
