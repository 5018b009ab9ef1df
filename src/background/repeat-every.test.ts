import { expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { repeatEvery } from './repeat-every.ts'

/** An action that ends when the test says how. */
function start() {
  const ends: PromiseWithResolvers<void>[] = []
  const reports: unknown[] = []
  const clock = createFakeClock(0)
  const action = () => {
    const end = Promise.withResolvers<void>()
    ends.push(end)
    return end.promise
  }
  const repetition = repeatEvery(1000, action, { clock, report: (error) => void reports.push(error) })
  return {
    repetition,
    clock,
    reports,
    begun: () => ends.length,
    pass: async (ms: number) => {
      clock.advance(ms)
      await settle()
    },
    end: async (failure?: Error) => {
      const last = ends.at(-1)
      if (failure) last?.reject(failure)
      else last?.resolve()
      await settle()
    },
  }
}

const settle = () => new Promise((resolve) => setImmediate(resolve))

it('runs an action each time so long after it has ended', async () => {
  const { begun, pass, end } = start()
  await pass(999)
  expect(begun()).toBe(0)
  await pass(1)
  expect(begun()).toBe(1)
  await pass(5000)
  expect(begun()).toBe(1)
  await end()
  await pass(999)
  expect(begun()).toBe(1)
  await pass(1)
  expect(begun()).toBe(2)
})

it('runs it at once for who asks, but never two at a time', async () => {
  const { repetition, begun, end } = start()
  const first = repetition.runNow()
  const second = repetition.runNow()
  await settle()
  expect(begun()).toBe(1)
  await end()
  await first
  expect(begun()).toBe(2)
  await end()
  await second
})

it('goes on after failures, and reports them once until it works again', async () => {
  const { begun, pass, end, reports } = start()
  const [one, another, third] = [new Error('one'), new Error('another'), new Error('third')]
  for (const failure of [one, another, undefined, third]) {
    await pass(1000)
    await end(failure)
  }
  expect(begun()).toBe(4)
  expect(reports).toEqual([one, third])
})

it('closes when what is under way has ended, and leaves no timer', async () => {
  const { repetition, clock, begun, pass, end } = start()
  await pass(1000)
  const order: string[] = []
  const close = async () => {
    await repetition.close()
    order.push('closed')
  }
  const closed = close()
  await settle()
  order.push('ended')
  await end()
  await closed
  expect(order).toEqual(['ended', 'closed'])
  await pass(10_000)
  expect(begun()).toBe(1)
  expect(clock.pending()).toBe(0)
})

it('closes at once between two runs', async () => {
  const { repetition, clock } = start()
  await repetition.close()
  expect(clock.pending()).toBe(0)
})
