/** Keeps this process's keys as they are in the database, which other processes change too. */
import { repeatEvery, type Repetition } from '../background/repeat-every.ts'
import type { Clock } from '../clock.ts'
import type { KeyRing } from './key-ring.ts'

const EVERY_MS = 1000

interface FollowKeysParts {
  ring: Pick<KeyRing, 'catchUp'>
  clock: Pick<Clock, 'after'>
  /** Told when the keys cannot be read, once until they can be again. */
  report: (error: unknown) => void
}

export function followKeys({ ring, clock, report }: FollowKeysParts): Pick<Repetition, 'close'> {
  return repeatEvery(EVERY_MS, () => ring.catchUp(), { clock, report })
}
