/** The program: reads the environment, runs the gateway until it is told to stop. */
import { pino } from 'pino'
import { readConfig, withEnvironmentFile } from './config.ts'
import { startGateway } from './gateway.ts'
import { StartError } from './start-error.ts'
import { VERSION } from './version.ts'

/** After this long, streams that are still open are cut. */
const LONGEST_GOODBYE_MS = 30_000
/** Under npm one Ctrl-C arrives up to three times: from the terminal, and passed on by npm and the launcher. */
const ECHO_MS = 1000

async function run(): Promise<void> {
  // Whatever this process creates is for its own user alone.
  process.umask(0o077)
  const config = readConfig(withEnvironmentFile(process.env, '.env'))
  const logger = pino({ level: config.logLevel, base: null })
  const gateway = await startGateway(config, logger, VERSION)
  logger.info({ url: gateway.url, version: VERSION }, 'Aqueduct is ready')

  let stoppingSince: number | undefined
  const stop = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== undefined) {
      if (performance.now() - stoppingSince > ECHO_MS) exitNow()
      return
    }
    stoppingSince = performance.now()
    logger.info({ signal }, 'stopping; open answers may finish, a second signal ends them')
    setTimeout(exitNow, LONGEST_GOODBYE_MS).unref()
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'stopped with an error')
        process.exit(1)
      },
    )
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
}

function exitNow(): never {
  process.exit(1)
}

run().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error)
  process.stderr.write(`aqueduct: ${reason}\n`)
  process.exit(error instanceof StartError ? error.exitCode : 1)
})
