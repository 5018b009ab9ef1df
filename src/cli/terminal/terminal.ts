/** Where a command speaks and listens. */
export interface Terminal {
  /** What was asked for: to standard output, for people or for the next program. */
  write: (text: string) => void
  /** Everything else: progress, questions, warnings. */
  note: (text: string) => void
  /** Whether somebody is there to be asked. */
  readonly isInteractive: boolean
  readonly hasColours: boolean
  /** Width in characters. */
  readonly columns: number
  /** One line, without its end. Throws a UsageError when nobody is there, a CommandError when he goes without an answer. */
  ask(question: string): Promise<string>
  /** As `ask`; what is typed is not shown. */
  askSecret(question: string): Promise<string>
  /** The first bytes of standard input, or all of it where it is shorter. */
  readInput(mostBytes: number): Promise<Buffer>
  /** Aborts when the operator interrupts the command. */
  readonly interrupted: AbortSignal
}
