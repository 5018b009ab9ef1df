/** Ends making, checking or restoring a backup, with one sentence that says what is wrong and what helps. */
export class BackupError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'BackupError'
  }
}
