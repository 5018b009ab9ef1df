/** Thrown while starting, when only the operator can help. `main.ts` prints the message, one line, and exits with `exitCode`. */
export class StartError extends Error {
  /** EX_CONFIG of sysexits.h: restarting will not help, so a process manager should not try. */
  readonly exitCode = 78

  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'StartError'
  }
}
