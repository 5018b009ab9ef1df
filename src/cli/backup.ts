import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { wrapperOf } from '../access/data-keys.ts'
import { findHeldKey } from '../backup/held-keys.ts'
import { readBackup } from '../backup/read-backup.ts'
import { writeBackup } from '../backup/write-backup.ts'
import { copySqlite } from '../storage/copy-sqlite.ts'
import { inspectSqlite } from '../storage/inspect-sqlite.ts'
import { readKeyFacts } from '../storage/key-facts.ts'
import { VERSION } from '../version.ts'
import { databasePath, describeBackup, besideDatabase, viewBackup } from './backup-place.ts'
import { readNewPassphrase, readPassphrase, passphraseOption } from './passphrase.ts'
import type { Cli } from './cli.ts'
import { createCommand, type Command } from './command.ts'
import { CommandError, UsageError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { jsonOption, show } from './show.ts'
import { printable } from './terminal/printable.ts'

export function createBackupCommand(cli: Cli): Command {
  return createCommand({
    name: 'backup',
    description: 'Writes an encrypted backup of the database, beside a running gateway too.',
    examples: [
      'backup aqueduct.backup',
      'backup aqueduct.backup --overwrite',
      'backup move.backup --passphrase',
      'backup --check aqueduct.backup',
    ],
    args: {
      file: {
        type: 'positional',
        required: true,
        description: 'The file to write, or with --check to look at.',
      },
      passphrase: {
        type: 'boolean',
        description: 'Locks it by a passphrase, with the master key inside: enough for another machine.',
      },
      ...passphraseOption,
      overwrite: { type: 'boolean', description: 'Replaces the file if it is there.' },
      check: { type: 'boolean', description: 'Looks through a backup without restoring it.' },
      ...jsonOption,
    },
    run: async (args) => {
      const file = cli.pathOf(args.file)
      const phraseFile = args['passphrase-file']
      if (args.check === true) {
        if (args.overwrite === true) throw new UsageError('--check writes nothing: leave --overwrite away.')
        return check(cli, { file, phraseFile, json: args.json })
      }
      const path = databasePath(cli)
      refuseNoData(path)
      const passphrase =
        args.passphrase === true || phraseFile !== undefined
          ? await readNewPassphrase(cli, phraseFile)
          : undefined
      await make(cli, { path, file, passphrase, overwrite: args.overwrite === true, json: args.json })
    },
  })
}

interface Making {
  path: string
  file: string
  passphrase: string | undefined
  overwrite: boolean
  json: boolean | undefined
}

async function make(cli: Cli, { path, file, passphrase, overwrite, json }: Making): Promise<void> {
  const { terminal, clock } = cli
  inspectSqlite(path, { thorough: true })
  const made = await besideDatabase({ path, mayCreate: false }, async (folder) => {
    const copy = join(folder, 'data.sqlite3')
    copySqlite(path, copy)
    const { dataKeys, wanted, accounts } = readKeyFacts(copy)
    const id = wrapperOf(dataKeys) ?? wanted
    if (id === undefined) throw new CommandError('There is nothing to back up yet: start the gateway once.')
    const masterKey = findHeldKey({ ...cli.config(), randomBytes }, id)
    // A backup that nobody can open is none.
    for (const key of dataKeys) masterKey.unwrap(key)
    const bytes = await writeBackup({
      path: file,
      overwrite,
      databasePath: copy,
      masterKey,
      passphrase,
      program: VERSION,
      now: clock.now(),
      randomBytes,
      signal: terminal.interrupted,
    })
    return {
      file,
      bytes,
      accounts,
      lock: passphrase === undefined ? 'master-key' : 'passphrase',
      masterKeyId: id,
    }
  })
  warnOfWaiting(cli)
  const rest =
    passphrase === undefined
      ? `Restoring it takes master key ${made.masterKeyId}: keep that elsewhere.`
      : 'The passphrase is all that protects it, and all that opens it.'
  const text = () => `${printable(file)}: ${made.accounts} accounts, ${made.bytes} bytes. ${rest}\n`
  show(cli, json, { data: made, text })
}

/** Refreshed tokens that could not be stored yet are not in the database. */
function warnOfWaiting(cli: Cli): void {
  const folder = join(cli.config().dataDirectory, 'unsaved-tokens')
  if (!existsSync(folder) || readdirSync(folder).length === 0) return
  cli.terminal.note(
    `Refreshed tokens wait in ${printable(folder)} and are not in this backup: make another one when the gateway has stored them.\n`,
  )
}

function refuseNoData(path: string): void {
  if (existsSync(path)) return
  throw new CommandError(
    `There is no gateway's data at ${path}. Run this where the gateway's .env is, or set DATA_DIR.`,
    exitCodes.config,
  )
}

async function check(
  cli: Cli,
  { file, phraseFile, json }: { file: string; phraseFile: string | undefined; json: boolean | undefined },
): Promise<void> {
  const settings = { ...cli.config(), randomBytes }
  await besideDatabase(
    { path: join(settings.dataDirectory, 'data.sqlite3'), mayCreate: false },
    async (folder) => {
      const opened = await readBackup({
        path: file,
        target: join(folder, 'data.sqlite3'),
        readPassphrase: () => readPassphrase(cli, phraseFile),
        findMaster: (id) => findHeldKey(settings, id),
        randomBytes,
        signal: cli.terminal.interrupted,
      })
      const text = () => `${printable(file)} is whole: ${describeBackup(opened)}.\n`
      show(cli, json, { data: viewBackup(file, opened), text })
    },
  )
}
