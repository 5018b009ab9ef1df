/** The composition root: builds every piece from a Config, bottom up, and joins them. */
import type { Logger } from 'pino'
import type { Config } from './config.ts'
import { closeAll, createEngine, type Program } from './composition/engine.ts'
import { beginEventLife } from './composition/event-life.ts'
import { openFoundation } from './composition/foundation.ts'
import { serve, type Gateway } from './composition/serve.ts'
import { createServer } from './composition/server.ts'

interface StartedGateway extends Gateway {
  /** What was set in the console, needs a restart, and holds here. */
  settingsAtStart: ReadonlyMap<string, string>
}

/** Opens the data folder, starts to listen. Throws a StartError when only the operator can help. */
export async function startGateway(
  config: Config,
  logger: Logger,
  { version, slots, clock, share, joinedSettings, derivePassword }: Program,
): Promise<StartedGateway> {
  const foundation = await openFoundation(config, logger, { clock, share, joinedSettings, derivePassword })
  try {
    const engine = await createEngine(foundation, { logger, version, slots })
    const app = createServer(foundation, { engine, logger, version })
    const eventLife = await beginEventLife(foundation, { settings: foundation.settings, version, logger })
    const gateway = await serve(config, app, () => closeAll(engine, eventLife, foundation))
    return { ...gateway, settingsAtStart: foundation.settings.atStart }
  } catch (error) {
    await foundation.upkeep.close().catch(() => {})
    await foundation.calls.close().catch(() => {})
    await foundation.kept.close().catch(() => {})
    await foundation.captured.close().catch(() => {})
    await foundation.database.destroy()
    throw error
  }
}
