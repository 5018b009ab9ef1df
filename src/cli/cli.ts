import { lstatSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { Logger } from 'pino'
import type { Clock } from '../clock.ts'
import { openOnlineBench, type OnlineBench } from '../composition/online-bench.ts'
import { openWorkbench, type BenchWishes, type Workbench } from '../composition/workbench.ts'
import { readConfig, type Config } from '../config.ts'
import type { Actor } from '../events/event.ts'
import { locateDatabase } from '../storage/location.ts'
import { VERSION } from '../version.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { handOverData } from './hand-over-data.ts'
import { codeOf } from './passphrase.ts'
import type { Terminal } from './terminal/terminal.ts'

/** What commands work with. */
export interface Cli {
  terminal: Terminal
  clock: Clock
  /** Like v24.1.0. */
  nodeVersion: string
  /** Read when it is first needed. Throws a StartError that names the variable at fault. */
  config(): Config
  /** The environment and what `.env` adds to it. */
  environment: Readonly<Record<string, string | undefined>>
  /** Who does what this command does, for the events. */
  actor: Actor
  /** Of a file that the operator names: relative to where the command was called. */
  pathOf(name: string): string
  /** Opens the gateway's data, works on it, and closes it whatever happens. Nothing else is done, and no service is asked. */
  work<T>(task: (bench: Workbench) => Promise<T>, options?: WorkOptions): Promise<T>
  /** The same with what asks the service. */
  workOnline<T>(task: (bench: OnlineBench) => Promise<T>, options?: WorkOptions): Promise<T>
}

interface WorkOptions {
  /** Whether the data may be made by this command, where there is none yet. */
  mayCreate?: boolean
}

interface CliParts {
  terminal: Terminal
  environment: Readonly<Record<string, string | undefined>>
  clock: Clock
  nodeVersion: string
  logger: Logger
}

export function createCli({ terminal, environment, clock, nodeVersion, logger }: CliParts): Cli {
  let known: Config | undefined
  const config = () => (known ??= readConfig(environment))
  return {
    terminal,
    clock,
    nodeVersion,
    config,
    environment,
    pathOf: (name) => resolve(environment['INIT_CWD'] ?? '.', name),
    actor: { kind: 'operator', via: 'command line', name: userName() },
    work: (task, options) => workAt(readPlace(options), openWorkbench, task),
    workOnline: (task, options) =>
      workAt(
        readPlace(options),
        (read, log, wishes) => openOnlineBench(read, log, { ...wishes, version: VERSION }),
        task,
      ),
  }

  function readPlace({ mayCreate = false }: WorkOptions = {}): Place {
    const read = config()
    if (!mayCreate) refuseMissingData(read)
    return { config: read, logger, wishes: { clock, mayCreate } }
  }
}

interface Place {
  config: Config
  logger: Logger
  wishes: BenchWishes
}

async function workAt<Bench extends { close: () => Promise<void> }, T>(
  { config, logger, wishes }: Place,
  open: (config: Config, logger: Logger, wishes: BenchWishes) => Promise<Bench>,
  task: (bench: Bench) => Promise<T>,
): Promise<T> {
  try {
    const bench = await open(config, logger, wishes)
    try {
      // At once, too: what was made here a gateway may want meanwhile.
      handOverData(config)
      return await task(bench)
    } finally {
      await bench.close()
    }
  } finally {
    handOverData(config)
  }
}

/** False where no gateway has run yet. What a server of databases holds shows only later. */
export function hasData(config: Config): boolean {
  return missingFile(config) === undefined
}

/** A wrong DATA_DIR would be answered with an empty list, and leave a database behind. */
function refuseMissingData(config: Config): void {
  const path = missingFile(config)
  if (path === undefined) return
  throw new CommandError(
    `There is no gateway's data at ${resolve(path)}. Run this where the gateway's .env is, or set DATA_DIR.`,
    exitCodes.config,
  )
}

function missingFile({ databaseUrl, dataDirectory }: Config): string | undefined {
  const location = locateDatabase(databaseUrl, dataDirectory)
  if (!('path' in location)) return undefined
  try {
    return lstatSync(location.path, { throwIfNoEntry: false }) === undefined ? location.path : undefined
  } catch (error) {
    throw new CommandError(
      `${dirname(resolve(location.path))} cannot be looked into (${codeOf(error)}): run this as the user that the gateway runs as, or as root.`,
      exitCodes.config,
    )
  }
}

/** Some containers run as a user without a name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return 'unknown'
  }
}
