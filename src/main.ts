/** The program: reads the environment, runs the gateway until it is told to stop. */
import { pino } from 'pino'
import { readConfig, withEnvironmentFile } from './config.ts'
import { startGateway } from './gateway.ts'
import { StartError } from './start-error.ts'
import { VERSION } from './version.ts'

/** After this long, streams that are still open are cut. */
const LONGEST_GOODBYE_MS = 30_000

async function run(): Promise<void> {
  const config = readConfig(withEnvironmentFile(process.env, '.env'))
  const logger = pino({ level: config.logLevel, base: null })
  const gateway = await startGateway(config, logger, VERSION)
  logger.info({ url: gateway.url, version: VERSION }, 'Aqueduct is ready')

  const stop = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, 'stopping; open answers may finish, a second signal ends them')
    process.once('SIGINT', exitNow).once('SIGTERM', exitNow)
    setTimeout(exitNow, LONGEST_GOODBYE_MS).unref()
    gateway.close().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'stopped with an error')
        process.exit(1)
      },
    )
  }
  process.once('SIGINT', stop).once('SIGTERM', stop)
}

function exitNow(): never {
  process.exit(1)
}

run().catch((error: unknown) => {
  const reason = error instanceof Error ? error.message : String(error)
  process.stderr.write(`aqueduct: ${reason}\n`)
  process.exit(error instanceof StartError ? error.exitCode : 1)
})
