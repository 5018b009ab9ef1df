/** The program: reads the environment, runs the gateway, in one process or several, until it is told to stop. */
import cluster from 'node:cluster'
import { pino, type Logger } from 'pino'
import { systemClock as clock } from './clock.ts'
import { readConfig, withEnvironmentFile, type Config } from './config.ts'
import { startGateway } from './gateway.ts'
import { closeToDebuggers } from './program/close-to-debuggers.ts'
import { compileEarly } from './program/compile-early.ts'
import { createLogger } from './program/create-logger.ts'
import { hashPassword } from './hash-password.ts'
import { createLogWriter } from './program/log-writer.ts'
import { StartError } from './start-error.ts'
import { VERSION } from './version.ts'
import { shareOut } from './workers/place.ts'
import { startPrimary } from './workers/primary.ts'
import { findPrimary, type PrimaryTie } from './workers/worker.ts'

/** After this long, streams that are still open are cut. */
const LONGEST_GOODBYE_MS = 30_000
/** What workers may take beyond that, until they are ended. */
const WORKERS_GRACE_MS = 2000
/** Under npm one Ctrl-C arrives up to three times: from the terminal, and passed on by npm and the launcher. */
const ECHO_MS = 1000
/** The argument that asks for the value of ADMIN_PASSWORD_HASH instead of a gateway. */
const HASH_PASSWORD = 'hash-password'

async function run(primary: PrimaryTie | undefined): Promise<void> {
  // Whatever this process creates is for its own user alone.
  process.umask(0o077)
  closeToDebuggers(process)
  compileEarly(process.versions.v8)
  // What a worker has of a `.env` file the primary has read: it may have changed since.
  const environment = primary === undefined ? withEnvironmentFile(process.env, '.env') : process.env
  const config = readConfig(environment)
  if (config.workers === 1 || primary !== undefined) return runGateway(config, primary)
  if (cluster.isWorker) {
    throw new StartError('WORKERS must be 1 under a program that starts several processes itself.')
  }
  return runPrimary(config, environment)
}

async function runGateway(config: Config, primary: PrimaryTie | undefined): Promise<void> {
  const worker = primary?.place.number
  const logger = openLog(config.logLevel, worker === undefined ? null : { worker })
  const share = (whole: Config) => (primary === undefined ? whole : shareOut(whole, primary.place))
  const { slots, joinedSettings } = primary ?? {}
  const program = { version: VERSION, slots, share, joinedSettings }
  const gateway = await startGateway(share(config), logger, program)

  function close(): void {
    setTimeout(exitNow, LONGEST_GOODBYE_MS).unref()
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'stopped with an error')
        process.exit(1)
      },
    )
  }
  const stop = stopOnSignals(logger, { close, kill: exitNow })
  if (primary === undefined) logger.info({ url: gateway.url, version: VERSION }, 'Aqueduct is ready')
  else {
    primary.onStop(stop)
    primary.tellReady(gateway)
  }
}

function runPrimary({ workers, logLevel }: Config, environment: NodeJS.ProcessEnv): void {
  const logger = openLog(logLevel, null)
  const primary = startPrimary({
    count: workers,
    program: import.meta.filename,
    environment,
    clock,
    goodbyeMs: LONGEST_GOODBYE_MS + WORKERS_GRACE_MS,
    onReady: (url) => logger.info({ url, version: VERSION, workers }, 'Aqueduct is ready'),
    onStart: (start) => logger.debug(start, 'a worker starts'),
    onDeath: (death) => logger.error(death, 'a worker has died; another one takes its place'),
    onEnd: endProcess,
  })
  function kill(): never {
    primary.kill()
    exitNow()
  }
  stopOnSignals(logger, { close: () => primary.stop(), kill })
}

function openLog(level: string, base: { worker: number } | null): Logger {
  const writer = createLogWriter({ output: pino.destination({ sync: true }), clock })
  // However the program ends, but by a kill that nobody sees.
  process.on('exit', () => writer.flushSync())
  return createLogger({ level, base, output: writer })
}

/** Answers a function that stops as the first signal does; however often it is called, it is no second signal. */
function stopOnSignals(logger: Logger, ways: { close(): void; kill(): void }): (reason: string) => void {
  let stoppingSince: number | undefined
  function stop(reason: string): void {
    if (stoppingSince !== undefined) return
    stoppingSince = performance.now()
    logger.info({ signal: reason }, 'stopping; open answers may finish, a second signal ends them')
    ways.close()
  }
  function heed(signal: NodeJS.Signals): void {
    if (stoppingSince !== undefined && performance.now() - stoppingSince > ECHO_MS) ways.kill()
    stop(signal)
  }
  process.on('SIGINT', heed).on('SIGTERM', heed)
  return stop
}

function exitNow(): never {
  process.exit(1)
}

function endProcess(exitCode: number, reason?: string): never {
  if (reason !== undefined) process.stderr.write(`aqueduct: ${reason}\n`)
  process.exit(exitCode)
}

async function writeHash(): Promise<void> {
  if (process.stdin.isTTY) process.stderr.write('Type the password, then Enter and Ctrl-D: ')
  process.stdout.write(`${await hashPassword(process.stdin)}\n`)
}

const primary = findPrimary(process.env, clock)
const running = process.argv[2] === HASH_PASSWORD ? writeHash() : run(primary)
running.catch(async (error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error)
  const exitCode = error instanceof StartError ? error.exitCode : 1
  if (primary === undefined) endProcess(exitCode, reason)
  await primary.tellFailure(reason)
  endProcess(exitCode)
})
