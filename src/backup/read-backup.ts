/** Opens a backup into a place of its own and looks through all of it, before anything else is touched. */
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { createMasterKey, wrapperOf, type MasterKey } from '../access/data-keys.ts'
import { inspectSqlite } from '../storage/inspect-sqlite.ts'
import { readKeyFacts } from '../storage/key-facts.ts'
import { BackupError } from './backup-error.ts'
import { openChunks } from './chunks.ts'
import { copyPlain } from './copy-plain.ts'
import { unpackContents, type BackupContents } from './contents.ts'
import { deriveFileKey, deriveLockKey, type BackupKey } from './file-key.ts'
import { codeOf, readHead, type BackupHead } from './head.ts'

export interface ReadParts {
  path: string
  /** Where the database is put; nothing is there yet. */
  target: string
  /** Asked for when the backup is locked by one. */
  readPassphrase: () => Promise<string>
  /** Looks for the master key of this id; throws when it is not there. */
  findMaster: (id: string) => MasterKey
  randomBytes: (size: number) => Buffer
  signal: AbortSignal
}

export interface OpenedBackup {
  /** Undefined: a plain copy of the database. */
  head: BackupHead | undefined
  schema: string | undefined
  accounts: number
  databaseBytes: number
  /** Opens the secrets of the database. */
  master: MasterKey
  /** Whether the backup itself holds that key. */
  holdsKey: boolean
}

/** Throws a BackupError or a StartError that begins with the name of the file. */
export async function readBackup(parts: ReadParts): Promise<OpenedBackup> {
  const { path, target, findMaster, randomBytes } = parts
  try {
    const { head, contents } = await unpack(parts)
    const { schema } = inspectSqlite(target, { name: 'its database', thorough: true })
    const { dataKeys, wanted, accounts } = readKeyFacts(target)
    const id = wrapperOf(dataKeys) ?? wanted
    if (id === undefined) throw new BackupError('its database has no keys, and no accounts')
    const { masterKey } = contents
    const master = masterKey === undefined ? findMaster(id) : createMasterKey(masterKey, randomBytes)
    for (const key of dataKeys) master.unwrap(key)
    return {
      head,
      schema,
      accounts,
      databaseBytes: contents.databaseBytes,
      master,
      holdsKey: masterKey !== undefined,
    }
  } catch (error) {
    if (parts.signal.aborted || !(error instanceof Error)) throw error
    throw new BackupError(`${path} cannot be used: ${wordsOf(error)}`, error)
  }
}

function wordsOf(error: Error): string {
  const words = 'syscall' in error ? `its contents cannot be stored (${codeOf(error)})` : error.message
  return words.endsWith('.') ? words : `${words}.`
}

async function unpack(parts: ReadParts): Promise<{ head: BackupHead | undefined; contents: BackupContents }> {
  const { path, target, signal } = parts
  const found = await readHead(path)
  if (found.kind === 'copy') {
    return { head: undefined, contents: { databaseBytes: await copyPlain(path, target) } }
  }
  const { head, headBytes } = found
  const lockKey = await deriveLockKey(head.lock, await keyOf(head, parts))
  const fileKey = deriveFileKey(lockKey, { salt: head.salt, headBytes })
  let contents: BackupContents | undefined
  await pipeline(
    createReadStream(path, { start: headBytes.length }),
    (sealed) => openChunks(sealed, fileKey),
    createGunzip(),
    async (bytes: AsyncIterable<Buffer>) => {
      contents = await unpackContents(bytes, target)
    },
    { signal },
  )
  if (contents === undefined) throw new BackupError('it was damaged')
  return { head, contents }
}

async function keyOf({ lock }: BackupHead, { readPassphrase, findMaster }: ReadParts): Promise<BackupKey> {
  if (lock.kind === 'master-key') return { masterKey: findMaster(lock.keyId).key }
  return { passphrase: await readPassphrase() }
}
