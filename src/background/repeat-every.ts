import type { Clock } from '../clock.ts'

export interface Repetition {
  /** Runs it as soon as one under way has ended, not only when its time has come. */
  runNow(): Promise<void>
  /** Its time comes no more; resolves when one under way has ended. */
  close(): Promise<void>
}

interface RepetitionParts {
  clock: Pick<Clock, 'after'>
  /** Told of a failure, once until it works again. */
  report: (error: unknown) => void
}

/** Runs `action` again and again, each time `everyMs` after the last one has ended: never two at once. A failure ends nothing. */
export function repeatEvery(
  everyMs: number,
  action: () => Promise<void>,
  { clock, report }: RepetitionParts,
): Repetition {
  let isFailing = false
  let isClosed = false
  let running = Promise.resolve()
  let cancel = schedule()

  function schedule() {
    return clock.after(everyMs, () => void runAndGoOn())
  }

  async function runAndGoOn(): Promise<void> {
    await runNow()
    if (!isClosed) cancel = schedule()
  }

  function runNow(): Promise<void> {
    running = runAfter(running)
    return running
  }

  async function runAfter(earlier: Promise<void>): Promise<void> {
    await earlier
    try {
      await action()
      isFailing = false
    } catch (error) {
      if (!isFailing) report(error)
      isFailing = true
    }
  }

  return {
    runNow,
    async close() {
      isClosed = true
      cancel()
      await running
    },
  }
}
