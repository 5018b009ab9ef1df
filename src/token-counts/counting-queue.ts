/** Decides who is counted when, and when there is a thread at all. */
import type { Cancel, Clock } from '../clock.ts'
import type { CountingThread, ThreadEvents } from './counting-thread.ts'

export type Counts = readonly number[]

export interface CountingQueue {
  /** In the order of the texts; undefined when nothing can be counted now or in time. Never fails. */
  count(texts: readonly string[]): Promise<Counts | undefined>
  close(): Promise<void>
}

interface CountingQueueOptions {
  startThread: (events: ThreadEvents) => CountingThread
  clock: Clock
  /** Told why a thread is gone that nobody ended. */
  report: (error: unknown) => void
}

const MOST_WAITING = 64
/** The vocabulary is loaded in half a second. */
const WAIT_MS = 2000
const COUNT_MS = 5000
const IDLE_MS = 60_000
/** After a failure: a thread that cannot live is not started at every request. */
const REST_MS = 30_000

interface Job {
  texts: readonly string[]
  settle(counts: Counts | undefined): void
  /** Of the time to wait, then of the time to count. */
  cancelLimit: Cancel
}

/** One batch after another, in one thread that starts when it is needed and ends when it is idle. */
export function createCountingQueue({ startThread, clock, report }: CountingQueueOptions): CountingQueue {
  const waiting: Job[] = []
  let running: Job | undefined
  let thread: CountingThread | undefined
  let isReady = false
  let cancelIdle: Cancel | undefined
  let restsUntil = Number.NEGATIVE_INFINITY
  let isClosed = false

  function openThread(): void {
    isReady = false
    try {
      thread = startThread({
        ready() {
          isReady = true
          startNext()
        },
        counted(counts) {
          finishRunning(counts)
          startNext()
        },
        failed: rest,
      })
    } catch (error) {
      rest(error)
    }
  }

  function rest(reason: unknown): void {
    report(reason)
    restsUntil = clock.elapsed() + REST_MS
    void endThread()
    for (const job of waiting.splice(0)) settle(job, undefined)
  }

  function startNext(): void {
    if (thread === undefined || !isReady || running !== undefined) return
    running = waiting.shift()
    if (running === undefined) {
      cancelIdle = clock.after(IDLE_MS, () => void endThread())
      return
    }
    running.cancelLimit()
    running.cancelLimit = clock.after(COUNT_MS, () => {
      void endThread()
      if (waiting.length > 0) openThread()
    })
    thread.count(running.texts)
  }

  function finishRunning(counts: Counts | undefined): void {
    const job = running
    running = undefined
    if (job !== undefined) settle(job, counts)
  }

  /** Whoever is being counted gets nothing. */
  async function endThread(): Promise<void> {
    const ended = thread
    thread = undefined
    cancelIdle?.()
    finishRunning(undefined)
    await ended?.end()
  }

  return {
    count(texts) {
      if (isClosed || waiting.length >= MOST_WAITING || clock.elapsed() < restsUntil) {
        return Promise.resolve(undefined)
      }
      return new Promise((resolve) => {
        const job: Job = { texts, settle: resolve, cancelLimit: clock.after(WAIT_MS, giveUp) }
        function giveUp(): void {
          waiting.splice(waiting.indexOf(job), 1)
          settle(job, undefined)
        }
        waiting.push(job)
        cancelIdle?.()
        if (thread === undefined) openThread()
        startNext()
      })
    },
    async close() {
      isClosed = true
      for (const job of waiting.splice(0)) settle(job, undefined)
      await endThread()
    },
  }
}

function settle(job: Job, counts: Counts | undefined): void {
  job.cancelLimit()
  job.settle(counts)
}
