/** `aqueduct COMMAND`: reads the environment as the gateway does, runs one command, and ends with its exit code. */
import { systemClock as clock } from '../clock.ts'
import { withEnvironmentFile } from '../config.ts'
import { createLogger } from '../program/create-logger.ts'
import { StartError } from '../start-error.ts'
import { createCli } from './cli.ts'
import { runCli } from './run-cli.ts'
import { createNodeTerminal } from './terminal/node-terminal.ts'
import { createTroubleNotes } from './terminal/trouble-notes.ts'

// Whatever a command creates is for its own user alone.
process.umask(0o077)
const terminal = createNodeTerminal(process)
try {
  const environment = withEnvironmentFile(process.env, '.env')
  const logger = createLogger({ level: 'error', base: null, output: createTroubleNotes(terminal) })
  process.exitCode = await runCli(
    process.argv.slice(2),
    createCli({ terminal, environment, clock, nodeVersion: process.version, logger }),
  )
} catch (error) {
  terminal.note(`aqueduct: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = error instanceof StartError ? error.exitCode : 1
}
