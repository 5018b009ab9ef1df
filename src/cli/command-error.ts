import { exitCodes, type ExitCode } from './exit-codes.ts'

/** Ends a command with one sentence for people: what is wrong, and what helps. */
export class CommandError extends Error {
  readonly exitCode: ExitCode

  constructor(message: string, exitCode: ExitCode = exitCodes.failed) {
    super(message)
    this.name = 'CommandError'
    this.exitCode = exitCode
  }
}

/** The command was called in a way that it does not know. */
export class UsageError extends CommandError {
  constructor(message: string) {
    super(message, exitCodes.usage)
    this.name = 'UsageError'
  }
}
