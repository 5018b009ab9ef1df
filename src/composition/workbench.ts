/** The gateway's pieces without its server, for one command of the operator: one more process on the same data. */
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { closeAll, createEngine, type Program } from './engine.ts'
import { openFoundation } from './foundation.ts'
import { openVault } from './open-vault.ts'

export type Workbench = Awaited<ReturnType<typeof openWorkbench>>

/** Close it with `close()`. Throws a StartError when only the operator can help. */
export async function openWorkbench(
  config: Config,
  logger: Logger,
  { mayCreate, ...program }: Program & { mayCreate: boolean },
) {
  const foundation = await openFoundation(config, logger, { clock: program.clock, visit: { mayCreate } })
  try {
    const engine = await createEngine(foundation, { logger, ...program })
    return {
      ...foundation,
      ...engine,
      ...openVault(foundation),
      close: () => closeAll(engine, { end: () => Promise.resolve() }, foundation),
    }
  } catch (error) {
    await foundation.upkeep.close().catch(() => {})
    await foundation.calls.close().catch(() => {})
    await foundation.kept.close().catch(() => {})
    await foundation.database.destroy()
    throw error
  }
}
