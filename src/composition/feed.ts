/** What the console watches. */
import { dirname, resolve } from 'node:path'
import type { Logger } from 'pino'
import { systemClock as clock } from '../clock.ts'
import type { Config } from '../config.ts'
import { createFeed, type Feed } from '../http/admin/feed/feed.ts'
import { makeSnapshot, type SnapshotParts } from '../http/admin/feed/make-snapshot.ts'
import { readChangeMarks } from '../storage/change-marks.ts'
import { locateDatabase } from '../storage/location.ts'
import type { Engine } from './engine.ts'
import type { Foundation } from './foundation.ts'

export function openFeed(
  config: Config,
  { calls, database, clientKeys, captured }: Foundation,
  { engine, logger }: { engine: Engine; logger: Logger },
): Feed {
  const { pool, skewWatch } = engine
  const snapshotParts: SnapshotParts = {
    tally: () => pool.tally(),
    readCounts: () => calls.traffic.summarize(),
    isApiOpen: () => config.openApiAllowed && !clientKeys.exist(),
    isKeyBesideData: isKeyBesideData(config),
    skewSeconds: () => skewWatch.skewSeconds(),
    captureSecondsLeft: () => captured.secondsLeft(),
    now: () => clock.now(),
  }
  return createFeed({
    readSnapshot: () => makeSnapshot(snapshotParts),
    readMarks: () => readChangeMarks(database),
    clock,
    report: (error) => logger.error({ err: error }, 'could not read what the console watches'),
  })
}

/** The gateway's own key file is in the data folder; a database may be elsewhere. */
function isKeyBesideData({ masterKey, masterKeyFile, databaseUrl, dataDirectory }: Config): boolean {
  if (masterKey !== undefined || masterKeyFile !== undefined) return false
  const location = locateDatabase(databaseUrl, dataDirectory)
  return 'path' in location && dirname(resolve(location.path)) === resolve(dataDirectory)
}
