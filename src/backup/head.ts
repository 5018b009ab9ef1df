/** What stands in clear at the beginning of a backup. The form is described in docs/backup.md. */
import { open } from 'node:fs/promises'
import * as z from 'zod'
import { scryptCost } from '../access/derive-by-passphrase.ts'
import { BackupError } from './backup-error.ts'
import { CHUNK_BYTES, CIPHER } from './chunks.ts'

const MAGIC = Buffer.from('AQUEDUCT-BACKUP\n')
const SQLITE_MAGIC = Buffer.from('SQLite format 3\0')
const LENGTH_BYTES = 4
const MOST_HEAD_BYTES = 16_384
const VERSION = 1

const lockSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('master-key'), keyId: z.string().regex(/^[0-9a-f]{8}$/) }),
  z.object({
    kind: z.literal('passphrase'),
    kdf: z.object({
      name: z.literal('scrypt'),
      n: z.literal(scryptCost.n),
      r: z.literal(scryptCost.r),
      p: z.literal(scryptCost.p),
      salt: z.base64url(),
    }),
  }),
])
export type BackupLock = z.infer<typeof lockSchema>

const headSchema = z.object({
  version: z.literal(VERSION),
  createdAt: z.iso.datetime(),
  /** The version of Aqueduct that made it. */
  program: z.string().max(100),
  lock: lockSchema,
  /** Of this file's own key. */
  salt: z.base64url(),
  cipher: z.literal(CIPHER),
  chunkBytes: z.literal(CHUNK_BYTES),
  compression: z.literal('gzip'),
})
export type BackupHead = z.infer<typeof headSchema>

export function newHead(facts: Pick<BackupHead, 'createdAt' | 'program' | 'lock' | 'salt'>): BackupHead {
  return { version: VERSION, ...facts, cipher: CIPHER, chunkBytes: CHUNK_BYTES, compression: 'gzip' }
}

/** As it stands in the file: a mark, the length, the head as JSON. */
export function writeHead(head: BackupHead): Buffer {
  const json = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(json.length)
  return Buffer.concat([MAGIC, length, json])
}

/** `copy`: a plain database, as it is kept before an update. */
export type BackupFile = { kind: 'copy' } | { kind: 'sealed'; head: BackupHead; headBytes: Buffer }

/** Throws a BackupError when it is no backup, or one of a version that is not known here. */
export async function readHead(path: string): Promise<BackupFile> {
  const file = await open(path, 'r').catch((error: unknown) => {
    throw new BackupError(`it cannot be read (${codeOf(error)})`, error)
  })
  try {
    const start = Buffer.alloc(MAGIC.length + LENGTH_BYTES + MOST_HEAD_BYTES)
    const { bytesRead } = await file.read(start, 0, start.length, 0).catch((error: unknown) => {
      throw new BackupError(`it cannot be read (${codeOf(error)})`, error)
    })
    return parseStart(start.subarray(0, bytesRead))
  } finally {
    await file.close()
  }
}

function parseStart(start: Buffer): BackupFile {
  if (start.subarray(0, SQLITE_MAGIC.length).equals(SQLITE_MAGIC)) return { kind: 'copy' }
  const from = MAGIC.length + LENGTH_BYTES
  if (start.length < from || !start.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new BackupError('it is no backup of Aqueduct')
  }
  const to = from + start.readUInt32BE(MAGIC.length)
  if (to > start.length) throw new BackupError('it was damaged or cut off')
  const parsed = parseJson(start.toString('utf8', from, to))
  const { data: newer } = z.object({ version: z.number().gt(VERSION) }).safeParse(parsed)
  if (newer !== undefined) throw new BackupError('a newer version of Aqueduct made it: use that one')
  const { data: head } = headSchema.safeParse(parsed)
  if (head === undefined) throw new BackupError('its head was damaged')
  return { kind: 'sealed', head, headBytes: Buffer.from(start.subarray(0, to)) }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'for a reason that is not known'
}
