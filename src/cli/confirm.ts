import type { Cli } from './cli.ts'
import { CommandError, UsageError } from './command-error.ts'

/** Asks before something that cannot be taken back. Throws when the answer is no, or nobody is there and `--yes` was not said. */
export async function confirm(
  { terminal }: Pick<Cli, 'terminal'>,
  isSure: boolean | undefined,
  question: string,
): Promise<void> {
  if (isSure === true) return
  if (!terminal.isInteractive) throw new UsageError(`${question} Say --yes, as nobody is there to answer.`)
  const answer = await terminal.ask(`${question} [y/N] `)
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandError('Nothing was done.')
}
