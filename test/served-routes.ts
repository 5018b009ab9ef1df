/** Every route that the gateway serves, with whom it is for, as it was registered. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { closeAll, createEngine } from '../src/composition/engine.ts'
import { openFoundation } from '../src/composition/foundation.ts'
import { createServer } from '../src/composition/server.ts'
import { readConfig } from '../src/config.ts'
import type { RoutePolicy } from '../src/http/guards.ts'

export async function readServedRoutes(environment: Record<string, string> = {}): Promise<RoutePolicy[]> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'aqueduct-routes-'))
  const config = readConfig({ DATA_DIR: dataDirectory, ...environment })
  const logger = pino({ level: 'silent' })
  const foundation = await openFoundation(config, logger)
  const engine = await createEngine(foundation, { logger, version: '0.0.0-test' })
  const app = createServer(foundation, { engine, logger, version: '0.0.0-test' })
  try {
    await app.ready()
    return [...app.routePolicies]
  } finally {
    await app.close()
    await closeAll(engine, { end: async () => {} }, foundation)
    rmSync(dataDirectory, { recursive: true, force: true })
  }
}

/** A route's path with something in the place of its parameters. */
export function samplePath(path: string): string {
  return path.replace(/:\w+/g, 'x').replace('*', 'x')
}
