/** Where backups come from and go to. */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, resolve } from 'node:path'
import type { OpenedBackup } from '../backup/read-backup.ts'
import { inScratchFolder } from '../scratch-folder.ts'
import { locateDatabase } from '../storage/location.ts'
import type { Cli } from './cli.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

/** The file of the database. Throws where PostgreSQL has it. */
export function databasePath(cli: Cli): string {
  const { databaseUrl, dataDirectory } = cli.config()
  const location = locateDatabase(databaseUrl, dataDirectory)
  if ('path' in location) return resolve(location.path)
  throw new CommandError(
    'The database is on PostgreSQL: back it up with pg_dump and restore it with pg_restore, and keep the master key (master.key, or MASTER_KEY) apart from it.',
    exitCodes.config,
  )
}

/** A folder for this user alone beside the database, for as long as the work takes; elsewhere when that is not there yet. */
export async function besideDatabase<T>(
  { path, mayCreate }: { path: string; mayCreate: boolean },
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const beside = dirname(path)
  if (mayCreate) await mkdir(beside, { recursive: true, mode: 0o700 })
  return inScratchFolder(existsSync(beside) ? beside : tmpdir(), work)
}

/** For `--json`. */
export function viewBackup(file: string, opened: OpenedBackup) {
  const { head, schema, accounts, databaseBytes, master, holdsKey } = opened
  return {
    file,
    createdAt: head?.createdAt ?? null,
    program: head?.program ?? null,
    lock: head?.lock.kind ?? 'none',
    schema: schema ?? null,
    accounts,
    databaseBytes,
    masterKeyId: master.id,
    holdsMasterKey: holdsKey,
  }
}

export function describeBackup({ head, accounts, master, holdsKey }: OpenedBackup): string {
  const made = head === undefined ? 'a plain copy' : `made ${head.createdAt} by ${head.program}`
  const key = holdsKey ? 'holds the master key' : `needs master key ${master.id}`
  return `${made}, ${accounts} ${accounts === 1 ? 'account' : 'accounts'}, ${key}`
}
