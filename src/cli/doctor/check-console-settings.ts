import type { LiveSettings } from '../../settings/live-settings.ts'
import { doubtful, good, type Finding } from './finding.ts'

/** What was set in the console and does not count: it keeps no gateway from starting, but somebody may think that it holds. */
export function checkConsoleSettings(settings: Pick<LiveSettings, 'state'>): Finding[] {
  const { accepted, ignored } = settings.state()
  if (ignored.size === 0) {
    return accepted.size === 0
      ? []
      : [good('Settings', `What was set in the console counts (${accepted.size}).`)]
  }
  return [...ignored.values()].map((why) =>
    doubtful(
      'Settings',
      `What was set in the console does not count: ${why}`,
      'Take it back in the console, under Settings.',
    ),
  )
}
