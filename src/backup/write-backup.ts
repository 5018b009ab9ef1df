/** Writes a backup: the head, then the contents and the database, compressed and sealed as one stream. */
import { createReadStream } from 'node:fs'
import { lstat, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import { scryptCost } from '../access/derive-by-passphrase.ts'
import { syncPath } from '../storage/copy-sqlite.ts'
import { BackupError } from './backup-error.ts'
import { sealChunks } from './chunks.ts'
import { writeContents } from './contents.ts'
import { deriveFileKey, deriveLockKey, type BackupKey } from './file-key.ts'
import { codeOf, newHead, readHead, writeHead, type BackupLock } from './head.ts'

const SALT_BYTES = 16
/** One that is being written was touched a moment ago. */
const ABANDONED_AFTER_MS = 600_000

interface BackupPlan {
  /** Where the backup is to be. */
  path: string
  overwrite: boolean
  /** A whole copy of the database, which nobody writes to. */
  databasePath: string
  /** Locked by it; with a passphrase it is in the backup. */
  masterKey: { id: string; key: Buffer }
  passphrase: string | undefined
  program: string
  now: number
  randomBytes: (size: number) => Buffer
  signal: AbortSignal
}

/** Under its name there is the whole backup or what was there before. Answers its size in bytes. Throws a BackupError. */
export async function writeBackup(plan: BackupPlan): Promise<number> {
  const { path, overwrite, masterKey, passphrase } = plan
  await refuseExisting(path, overwrite)
  const part = `${path}.part`
  const salt = () => plan.randomBytes(SALT_BYTES).toString('base64url')
  const lock: BackupLock =
    passphrase === undefined
      ? { kind: 'master-key', keyId: masterKey.id }
      : { kind: 'passphrase', kdf: { name: 'scrypt', ...scryptCost, salt: salt() } }
  const head = newHead({
    createdAt: new Date(plan.now).toISOString(),
    program: plan.program,
    lock,
    salt: salt(),
  })
  const key: BackupKey = passphrase === undefined ? { masterKey: masterKey.key } : { passphrase }
  const headBytes = writeHead(head)
  const fileKey = deriveFileKey(await deriveLockKey(lock, key), { salt: head.salt, headBytes })
  const file = await openPart(part, plan.now)
  try {
    await writeStream(file, plan, { headBytes, fileKey })
    await file.sync()
    await file.close()
    // Once more: it takes a while, and somebody else may have been there.
    await refuseExisting(path, overwrite)
    await rename(part, path)
  } catch (error) {
    await file.close().catch(() => {})
    await rm(part, { force: true })
    throw explain(error, path)
  }
  syncPath(dirname(path))
  return (await stat(path)).size
}

async function writeStream(
  file: FileHandle,
  { databasePath, passphrase, masterKey, signal }: BackupPlan,
  { headBytes, fileKey }: { headBytes: Buffer; fileKey: Buffer },
): Promise<void> {
  await file.writeFile(headBytes)
  const { size } = await stat(databasePath)
  const contents = { databaseBytes: size, ...(passphrase !== undefined && { masterKey: masterKey.key }) }
  await pipeline(
    async function* () {
      yield writeContents(contents)
      yield* createReadStream(databasePath)
    },
    createGzip(),
    (compressed) => sealChunks(compressed, fileKey),
    async (sealed: AsyncIterable<Buffer>) => {
      for await (const chunk of sealed) await file.writeFile(chunk)
    },
    { signal },
  )
}

async function openPart(part: string, now: number): Promise<FileHandle> {
  try {
    const found = await stat(part).catch(() => undefined)
    if (found !== undefined && now - found.mtimeMs > ABANDONED_AFTER_MS) await rm(part, { force: true })
    return await open(part, 'wx', 0o600)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw explain(error, part)
    throw new BackupError(
      `${part} is there: another backup is under way, or was cut off a moment ago. Remove it if none is.`,
      error,
    )
  }
}

/** Nothing but a backup is ever replaced: not the database itself, nor its key, by a slip of the hand. */
async function refuseExisting(path: string, overwrite: boolean): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) === undefined) return
  if (!overwrite) throw new BackupError(`${path} is there already: name another file, or say --overwrite.`)
  const found = await readHead(path).catch(() => undefined)
  if (found?.kind === 'sealed') return
  throw new BackupError(`${path} is no backup, so it is not replaced: name another file, or remove it.`)
}

function explain(error: unknown, path: string): unknown {
  if (!(error instanceof Error && 'syscall' in error)) return error
  return new BackupError(`${path} cannot be written (${codeOf(error)}).`, error)
}
