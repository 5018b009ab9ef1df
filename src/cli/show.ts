import type { Cli } from './cli.ts'

/** The option of every command that answers something. */
export const jsonOption = {
  json: { type: 'boolean', description: 'Answers JSON, for scripts.' },
} as const

/** Writes an answer, as JSON or for people. */
export function show(
  { terminal }: Pick<Cli, 'terminal'>,
  wantsJson: boolean | undefined,
  answer: { data: unknown; text: () => string },
): void {
  terminal.write(wantsJson === true ? `${JSON.stringify(answer.data, undefined, 2)}\n` : answer.text())
}
