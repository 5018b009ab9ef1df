import { afterAll, expect, it } from 'vitest'
import { systemClock } from '../clock.ts'
import { createTextCounter } from './count-text.ts'
import { createCountingQueue } from './counting-queue.ts'
import { startCountingThread } from './counting-thread.ts'

const reports: unknown[] = []
const queue = createCountingQueue({
  startThread: startCountingThread,
  // Nothing gives up here, however busy the machine is.
  clock: { ...systemClock, after: () => () => {} },
  report: (error) => reports.push(error),
})
afterAll(() => queue.close())

it('S52: this thread goes on while millions of characters are counted', async () => {
  let ticks = 0
  const timer = setInterval(() => (ticks += 1), 1)
  await queue.count(['foo'])
  const before = ticks
  // No two are alike.
  const texts = Array.from({ length: 20 }, (_, index) =>
    `${index} gateway 网关 `.repeat(10_000).slice(0, 100_000),
  )
  const counts = await queue.count(texts)
  clearInterval(timer)
  expect(counts?.filter((count) => count > 10_000)).toHaveLength(texts.length)
  // Had it counted itself, there would be none.
  expect(ticks - before).toBeGreaterThan(5)
})

it('S52: a real thread counts as this one would, and ends when it is told to', async () => {
  const batches = [['foo', 'The gateway answers. 网关回答。'], [], ['x'.repeat(100_000)]]
  const counts = await Promise.all(batches.map((texts) => queue.count(texts)))
  const countText = createTextCounter()
  expect(counts).toEqual(batches.map((texts) => texts.map(countText)))
  await queue.close()
  expect(reports).toEqual([])
})
