/** Keeps this process's settings as they are in the database, which other processes change too. */
import { repeatEvery, type Repetition } from '../background/repeat-every.ts'
import type { Clock } from '../clock.ts'
import type { LiveSettings } from './live-settings.ts'

const EVERY_MS = 1000

interface FollowSettingsParts {
  settings: Pick<LiveSettings, 'catchUp'>
  clock: Pick<Clock, 'after'>
  /** Told when the settings cannot be read, once until they can be again. */
  report: (error: unknown) => void
}

export function followSettings(parts: FollowSettingsParts): Pick<Repetition, 'close'> {
  return repeatEvery(EVERY_MS, () => parts.settings.catchUp(), parts)
}
