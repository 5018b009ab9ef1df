/** Keeps this process's keys as they are in the database, which other processes change too. */
import type { Clock } from '../clock.ts'
import type { KeyRing } from './key-ring.ts'

const EVERY_MS = 1000

interface FollowKeysParts {
  ring: Pick<KeyRing, 'catchUp'>
  clock: Pick<Clock, 'after'>
  /** Told when the keys cannot be read, once until they can be again. */
  report: (error: unknown) => void
}

export interface KeyFollower {
  /** Looks no more; resolves when a look under way has ended. */
  close(): Promise<void>
}

export function followKeys({ ring, clock, report }: FollowKeysParts): KeyFollower {
  let isFailing = false
  let isClosed = false
  let running = Promise.resolve()
  let cancel = schedule()

  function schedule() {
    return clock.after(EVERY_MS, () => {
      running = lookAndGoOn()
    })
  }

  async function lookAndGoOn(): Promise<void> {
    try {
      await ring.catchUp()
      isFailing = false
    } catch (error) {
      if (!isFailing) report(error)
      isFailing = true
    }
    if (!isClosed) cancel = schedule()
  }

  return {
    async close() {
      isClosed = true
      cancel()
      await running
    },
  }
}
