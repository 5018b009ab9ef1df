/** One window of a minute for all processes of this machine: each request holds a slot of its key until it no longer counts. */
import type { Slots } from '../accounts/slots/slots.ts'
import { takeInTime } from '../accounts/slots/take-in-time.ts'
import type { Cancel, Clock } from '../clock.ts'

const WINDOW_MS = 60_000

export interface SharedRate {
  /** Whether the key has made fewer requests than that, in whichever process. Throws `overloaded-here` when nobody says in time. */
  take(key: string, limit: number): Promise<boolean>
  close(): void
}

/** `slots`: undefined where there is no other process; then there is always room. */
export function createSharedRate(
  slots: Pick<Slots, 'take' | 'release'> | undefined,
  clock: Clock,
): SharedRate {
  const timers = new Set<Cancel>()

  return {
    async take(key, limit) {
      if (slots === undefined) return true
      const slot = `rate ${key}`
      const wait = { clock, signal: undefined, lastMoment: clock.now() }
      if (!(await takeInTime(slots, { accountId: slot, limit }, wait))) return false
      const cancel = clock.after(WINDOW_MS, () => {
        timers.delete(cancel)
        slots.release(slot)
      })
      timers.add(cancel)
      return true
    },
    close() {
      for (const cancel of timers) cancel()
      timers.clear()
    },
  }
}
