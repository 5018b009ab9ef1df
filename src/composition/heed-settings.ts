/** What has to be done when settings change: most pieces read theirs at each use, these keep what they have made of them. */
import { createStrategy } from '../accounts/pool/strategies/strategies.ts'
import type { Pool } from '../accounts/pool/pool.ts'
import type { Clock } from '../clock.ts'
import type { Models } from '../models/models.ts'
import { followSettings } from '../settings/follow-settings.ts'
import type { LiveSettings } from '../settings/live-settings.ts'
import { namingOf, strategyOf } from './settings.ts'

interface HeedingParts {
  settings: LiveSettings
  pool: Pick<Pool, 'heedSettings'>
  models: Pick<Models, 'setNaming'>
  clock: Pick<Clock, 'after'>
  report: (error: unknown) => void
}

/** Follows what other processes set, too, until it is closed. */
export function heedSettings({ settings, pool, models, clock, report }: HeedingParts) {
  let strategy = strategyOf(settings.current())
  settings.onChange((now) => {
    const next = strategyOf(now)
    // One that takes turns would begin anew.
    const isOther = JSON.stringify(next) !== JSON.stringify(strategy)
    strategy = next
    pool.heedSettings(isOther ? createStrategy(next) : undefined)
    models.setNaming(namingOf(now))
  })
  return followSettings({ settings, clock, report })
}
