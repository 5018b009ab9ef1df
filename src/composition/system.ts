/** What the gateway itself is, for its operator. */
import type { Config } from '../config.ts'
import type { SettingsRouteParts } from '../http/admin/settings.ts'
import { locateDatabase } from '../storage/location.ts'
import { measureDatabase } from '../storage/measure-database.ts'
import { countOthers } from '../storage/reseal.ts'
import type { Foundation } from './foundation.ts'

export function openSystem(
  { database, keys, settings, clock }: Foundation,
  version: string,
): SettingsRouteParts['readSystem'] {
  const startedAt = new Date(clock.now()).toISOString()
  const config = settings.current()
  const location = locateDatabase(config.databaseUrl, config.dataDirectory)
  return async () => {
    const { currentSeal } = keys.secrets
    return {
      version,
      node: process.version,
      platform: `${process.platform} ${process.arch}`,
      startedAt,
      workers: config.workers,
      database: await measureDatabase(database, location),
      encryption: {
        source: sourceOf(config),
        keyId: currentSeal.split(':')[1] ?? '',
        waiting: await countOthers(database, currentSeal),
      },
    }
  }
}

function sourceOf({ masterKey, masterKeyFile }: Config) {
  if (masterKey !== undefined) return 'variable'
  return masterKeyFile === undefined ? 'data-folder' : 'file'
}
