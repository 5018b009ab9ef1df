import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { replaceKeyFile } from '../access/master-key-file.ts'
import { ownKeyPath, type MasterKeySettings } from '../access/master-key-source.ts'
import { findHeldKey, readHeldKeys } from '../backup/held-keys.ts'
import { readBackup, type OpenedBackup } from '../backup/read-backup.ts'
import { hasDatabase, isInUse, replaceDatabase } from '../backup/replace-database.ts'
import { databasePath, describeBackup, besideDatabase, viewBackup } from './backup-place.ts'
import { handOverData } from './hand-over-data.ts'
import { readPassphrase, passphraseOption } from './passphrase.ts'
import type { Cli } from './cli.ts'
import { createCommand, type Command } from './command.ts'
import { CommandError } from './command-error.ts'
import { jsonOption, show } from './show.ts'
import { printable } from './terminal/printable.ts'

export function createRestoreCommand(cli: Cli): Command {
  return createCommand({
    name: 'restore',
    description: 'Puts a backup in place, after looking through all of it. The gateway must be stopped.',
    examples: ['restore aqueduct.backup', 'restore aqueduct.backup --replace'],
    args: {
      file: { type: 'positional', required: true, description: 'The backup.' },
      ...passphraseOption,
      replace: {
        type: 'boolean',
        description: 'Takes the place of a database that is there; its files are kept under another name.',
      },
      ...jsonOption,
    },
    run: async (args) => {
      const file = cli.pathOf(args.file)
      const path = databasePath(cli)
      refuseInTheWay(path, args.replace === true)
      const settings = { ...cli.config(), randomBytes }
      await besideDatabase({ path, mayCreate: true }, async (folder) => {
        const target = join(folder, 'data.sqlite3')
        const opened = await readBackup({
          path: file,
          target,
          readPassphrase: () => readPassphrase(cli, args['passphrase-file']),
          findMaster: (id) => findHeldKey(settings, id),
          randomBytes,
          signal: cli.terminal.interrupted,
        })
        const writesKey = needsKeyFile(opened, settings)
        // Again: opening it takes a while.
        refuseInTheWay(path, args.replace === true)
        // First: a key without its database harms nobody.
        if (writesKey) replaceKeyFile(ownKeyPath(settings.dataDirectory), [opened.master.key], randomBytes)
        const aside = replaceDatabase({ from: target, path, now: cli.clock.now() })
        handOverData(settings)
        const data = {
          ...viewBackup(file, opened),
          restoredTo: path,
          keptAside: aside ?? null,
          wroteMasterKey: writesKey,
        }
        show(cli, args.json, { data, text: () => describe(data, opened) })
      })
    },
  })
}

interface Restored {
  restoredTo: string
  keptAside: string | null
  wroteMasterKey: boolean
}

function describe({ restoredTo, keptAside, wroteMasterKey }: Restored, opened: OpenedBackup): string {
  const lines = [
    `Restored to ${restoredTo}: ${describeBackup(opened)}.`,
    ...(wroteMasterKey ? ['The master key was written beside it, into master.key.'] : []),
    ...(keptAside === null ? [] : [`What was there is kept as ${keptAside}.`]),
    'Start the gateway, then look through accounts and keys: what was removed since is back.',
  ]
  return lines.map((line) => `${printable(line)}\n`).join('')
}

function refuseInTheWay(path: string, mayReplace: boolean): void {
  if (!hasDatabase(path)) return
  if (!mayReplace) {
    throw new CommandError(
      `There is a database at ${path} already. Say --replace to put the backup in its place; its files are kept under another name.`,
    )
  }
  if (isInUse(path)) {
    throw new CommandError(
      `A gateway, or another program, has ${path} open: stop it first. Nothing was changed.`,
    )
  }
}

/** Whether the key of the backup has to be put in place. */
function needsKeyFile({ master, holdsKey }: OpenedBackup, settings: MasterKeySettings): boolean {
  if (!holdsKey) return false
  const held = readHeldKeys(settings)
  if (held.some(({ id }) => id === master.id)) return false
  const [other] = held
  if (other === undefined) return true
  throw new CommandError(
    `Another master key (${other.id}) is here, and the backup needs ${master.id}: move ${ownKeyPath(settings.dataDirectory)} elsewhere, or unset MASTER_KEY and MASTER_KEY_FILE. Nothing was changed.`,
  )
}
