/** The settings of this process, and the log that heeds them. */
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { openSettings, type LiveSettings } from '../settings/live-settings.ts'
import type { SettingsStore } from '../settings/settings-store.ts'

interface LiveSettingsParts {
  config: Config
  store: SettingsStore
  share: ((config: Config) => Config) | undefined
  joined: ReadonlyMap<string, string> | undefined
  logger: Logger
}

export async function openLiveSettings({ logger, ...parts }: LiveSettingsParts): Promise<LiveSettings> {
  const settings = await openSettings({
    ...parts,
    warn: (facts) => logger.warn(facts, 'a setting of the console does not count'),
  })
  const heed = ({ logLevel }: Config) => {
    logger.level = logLevel
  }
  // The log is older than the database: it began with what the environment says.
  if (settings.current() !== parts.config) heed(settings.current())
  settings.onChange(heed)
  return settings
}
