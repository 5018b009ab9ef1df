import { readFile } from 'node:fs/promises'
import type { Cli } from './cli.ts'
import { CommandError, UsageError } from './command-error.ts'

const LEAST_CHARACTERS = 12

export const passphraseFileOption = {
  'passphrase-file': {
    type: 'string',
    description: 'Reads the passphrase from this file.',
    valueHint: 'file',
  },
} as const

/** Of a backup that is locked by one. */
export async function askPassphrase(cli: Cli, file: string | undefined): Promise<string> {
  if (file !== undefined) return readFromFile(cli, file)
  refuseSilence(cli)
  return cli.terminal.askSecret('Passphrase of the backup: ')
}

/** Of a new one: asked twice, as nobody sees what is typed. */
export async function askNewPassphrase(cli: Cli, file: string | undefined): Promise<string> {
  const passphrase = file === undefined ? await askTwice(cli) : await readFromFile(cli, file)
  if (passphrase.length >= LEAST_CHARACTERS) return passphrase
  throw new CommandError(`A passphrase must have at least ${LEAST_CHARACTERS} characters. Nothing was done.`)
}

async function askTwice(cli: Cli): Promise<string> {
  refuseSilence(cli)
  const passphrase = await cli.terminal.askSecret(`Passphrase, ${LEAST_CHARACTERS} characters or more: `)
  const again = await cli.terminal.askSecret('The same again: ')
  if (passphrase !== again) throw new CommandError('The two are not the same. Nothing was done.')
  return passphrase
}

function refuseSilence({ terminal }: Cli): void {
  if (terminal.isInteractive) return
  throw new UsageError('A passphrase is needed: say --passphrase-file, as nobody is there to be asked.')
}

/** Without the end of its line. */
async function readFromFile(cli: Cli, file: string): Promise<string> {
  try {
    return (await readFile(cli.pathOf(file), 'utf8')).replace(/\r?\n$/, '')
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason'
    throw new CommandError(`${file} cannot be read (${code}).`)
  }
}
