/** A workbench with the engine, for what needs the service: tokens, sign-ins, answers. Beyond the command's own work nothing is done. */
import type { Logger } from 'pino'
import type { Config } from '../config.ts'
import { closeEngine, createEngine } from './engine.ts'
import { openRecords } from './records.ts'
import type { BenchWishes } from './workbench.ts'

export type OnlineBench = Awaited<ReturnType<typeof openOnlineBench>>

/** Close it with `close()`. Throws a StartError when only the operator can help. */
export async function openOnlineBench(
  config: Config,
  logger: Logger,
  { clock, mayCreate, version }: BenchWishes & { version: string },
) {
  const records = await openRecords(config, logger, { clock, visit: { mayCreate } })
  try {
    const engine = await createEngine(records, { logger, version })
    return { ...records, ...engine, close: () => closeEngine(engine, records) }
  } catch (error) {
    await records.database.destroy()
    throw error
  }
}
