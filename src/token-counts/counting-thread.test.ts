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

it('a real thread counts as this one would, and ends when it is told to', async () => {
  const batches = [['foo', 'The gateway answers. 网关回答。'], [], ['x'.repeat(100_000)]]
  const counts = await Promise.all(batches.map((texts) => queue.count(texts)))
  const countText = createTextCounter()
  expect(counts).toEqual(batches.map((texts) => texts.map(countText)))
  await queue.close()
  expect(reports).toEqual([])
})
