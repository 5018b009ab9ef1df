import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createCountingQueue } from './counting-queue.ts'
import type { ThreadEvents } from './counting-thread.ts'

/** Threads that do nothing by themselves. */
function openQueue({ canStart = true } = {}) {
  const clock = createFakeClock()
  const reports: unknown[] = []
  const threads: { events: ThreadEvents; batches: (readonly string[])[]; hasEnded: boolean }[] = []
  const queue = createCountingQueue({
    clock,
    report: (error) => reports.push(error),
    startThread(events) {
      if (!canStart) throw new Error('no threads here')
      const thread = { events, batches: new Array<readonly string[]>(), hasEnded: false }
      threads.push(thread)
      return {
        count: (texts) => void thread.batches.push(texts),
        end: async () => void (thread.hasEnded = true),
      }
    },
  })
  const thread = (index = 0) => {
    const found = threads[index]
    if (found === undefined) throw new Error(`there is no thread ${index}`)
    return found
  }
  return { clock, queue, reports, threads, thread }
}

describe('the queue of counts', () => {
  it('starts its thread with the first question, and asks when the thread is ready', async () => {
    const { queue, threads, thread } = openQueue()
    expect(threads).toHaveLength(0)
    const counts = queue.count(['a', 'b'])
    expect(thread().batches).toEqual([])
    thread().events.ready()
    expect(thread().batches).toEqual([['a', 'b']])
    thread().events.counted([1, 2])
    expect(await counts).toEqual([1, 2])
  })

  it('asks one question at a time, in order, and one thread for all of them', async () => {
    const { queue, threads, thread } = openQueue()
    const answers = ['a', 'b', 'c'].map((text) => queue.count([text]))
    thread().events.ready()
    for (const [index] of answers.entries()) {
      expect(thread().batches).toHaveLength(index + 1)
      thread().events.counted([index])
    }
    expect(await Promise.all(answers)).toEqual([[0], [1], [2]])
    expect(threads).toHaveLength(1)
  })

  it('gives up on what has waited for two seconds', async () => {
    const { clock, queue, thread } = openQueue()
    const counts = queue.count(['a'])
    clock.advance(2000)
    expect(await counts).toBeUndefined()
    thread().events.ready()
    expect(thread().batches).toEqual([])
  })

  it('gives up on a count of five seconds, and goes on with another thread', async () => {
    const { clock, queue, thread, reports } = openQueue()
    const slow = queue.count(['slow'])
    thread().events.ready()
    clock.advance(4500)
    const next = queue.count(['next'])
    clock.advance(500)
    expect(await slow).toBeUndefined()
    expect(thread().hasEnded).toBe(true)
    thread(1).events.ready()
    thread(1).events.counted([7])
    expect(await next).toEqual([7])
    expect(reports).toEqual([])
  })

  it('takes no more than sixty-four that wait', async () => {
    const { queue, thread } = openQueue()
    const accepted = Array.from({ length: 64 }, () => queue.count(['a']))
    expect(await queue.count(['one too many'])).toBeUndefined()
    thread().events.ready()
    for (const counts of accepted) {
      thread().events.counted([1])
      expect(await counts).toEqual([1])
    }
  })

  it('ends its thread when it was idle for a minute, and leaves no timer', async () => {
    const { clock, queue, threads, thread } = openQueue()
    const ask = async (index: number) => {
      const counts = queue.count(['a'])
      thread(index).events.ready()
      thread(index).events.counted([1])
      expect(await counts).toEqual([1])
    }
    await ask(0)
    clock.advance(59_999)
    await ask(0)
    clock.advance(59_999)
    expect(thread().hasEnded).toBe(false)
    clock.advance(1)
    expect(thread().hasEnded).toBe(true)
    expect(clock.pending()).toBe(0)
    await ask(1)
    expect(threads).toHaveLength(2)
  })

  it.each([
    ['while it loads', false],
    ['while it counts', true],
  ])('survives a thread that dies %s, and rests before the next', async (_, isReady) => {
    const { clock, queue, threads, thread, reports } = openQueue()
    const counts = [queue.count(['a']), queue.count(['b'])]
    if (isReady) thread().events.ready()
    thread().events.failed(new Error('out of memory'))
    expect(await Promise.all(counts)).toEqual([undefined, undefined])
    expect(reports).toEqual([new Error('out of memory')])
    expect(clock.pending()).toBe(0)
    expect(await queue.count(['c'])).toBeUndefined()
    clock.advance(30_000)
    void queue.count(['d'])
    expect(threads).toHaveLength(2)
  })

  it('survives that no thread can be started', async () => {
    const { queue, reports } = openQueue({ canStart: false })
    expect(await queue.count(['a'])).toBeUndefined()
    expect(reports).toEqual([new Error('no threads here')])
  })

  it('ends its thread when it is closed, with whatever was asked', async () => {
    const { clock, queue, thread } = openQueue()
    const counts = [queue.count(['a']), queue.count(['b'])]
    thread().events.ready()
    await queue.close()
    expect(await Promise.all([...counts, queue.count(['c'])])).toEqual([undefined, undefined, undefined])
    expect(thread().hasEnded).toBe(true)
    expect(clock.pending()).toBe(0)
  })
})
