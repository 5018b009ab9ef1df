import { readFile } from 'node:fs/promises'
import type { Cli } from './cli.ts'
import { CommandError, UsageError } from './command-error.ts'

const LEAST_CHARACTERS = 12
const MOST_CHARACTERS = 1000

export const passphraseOption = {
  'passphrase-file': {
    type: 'string',
    description: 'Reads the passphrase from this file.',
    valueHint: 'file',
  },
} as const

/** Of something that is locked by it. Throws a UsageError when nobody is there to be asked. */
export async function readPassphrase(cli: Cli, file: string | undefined): Promise<string> {
  if (file !== undefined) return readPassphraseFile(cli, file)
  refuseSilence(cli)
  return cli.terminal.askSecret('Passphrase: ')
}

/** Of something that is to be locked. */
export async function readNewPassphrase(cli: Cli, file: string | undefined): Promise<string> {
  const passphrase = file === undefined ? await askTwice(cli) : await readPassphraseFile(cli, file)
  if (passphrase.length >= LEAST_CHARACTERS && passphrase.length <= MOST_CHARACTERS) return passphrase
  throw new CommandError(
    `A passphrase must be ${LEAST_CHARACTERS} to ${MOST_CHARACTERS} characters long. Nothing was done.`,
  )
}

/** Nobody can see what was typed. */
async function askTwice(cli: Cli): Promise<string> {
  refuseSilence(cli)
  const passphrase = await cli.terminal.askSecret(`Passphrase, ${LEAST_CHARACTERS} characters or more: `)
  const again = await cli.terminal.askSecret('The same again: ')
  if (passphrase !== again) throw new CommandError('The two are not the same. Nothing was done.')
  return passphrase
}

function refuseSilence({ terminal }: Cli): void {
  if (terminal.isInteractive) return
  throw new UsageError('A passphrase is needed. Say --passphrase-file, as nobody is there to be asked.')
}

/** Without the end of its line. */
async function readPassphraseFile(cli: Cli, file: string): Promise<string> {
  try {
    return (await readFile(cli.pathOf(file), 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    throw new CommandError(`${file} cannot be read (${codeOf(error)}).`)
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'for a reason that is not known'
}
