/** What stands before the database in a backup, and is sealed with it. */
import { open } from 'node:fs/promises'
import * as z from 'zod'
import { BackupError } from './backup-error.ts'

const LENGTH_BYTES = 4

const contentsSchema = z.object({
  databaseBytes: z.number().int().positive(),
  masterKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
})

export interface BackupContents {
  databaseBytes: number
  /** With a passphrase alone: the key that opens the database's secrets. */
  masterKey?: Buffer
}

export function writeContents({ databaseBytes, masterKey }: BackupContents): Buffer {
  const json = Buffer.from(JSON.stringify({ databaseBytes, masterKey: masterKey?.toString('hex') }))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(json.length)
  return Buffer.concat([length, json])
}

/** Puts the database into a new file for this user alone, flushed. Throws a BackupError. */
export async function unpackContents(
  bytes: AsyncIterable<Uint8Array>,
  target: string,
): Promise<BackupContents> {
  const file = await open(target, 'wx', 0o600)
  try {
    let start = Buffer.alloc(0)
    let contents: BackupContents | undefined
    let written = 0
    for await (const piece of bytes) {
      let rest: Uint8Array = piece
      if (contents === undefined) {
        start = Buffer.concat([start, piece])
        const found = parseContents(start)
        if (found === undefined) continue
        contents = found.contents
        rest = start.subarray(found.end)
      }
      await file.writeFile(rest)
      written += rest.length
    }
    if (contents?.databaseBytes !== written) throw new BackupError('it was damaged')
    await file.sync()
    return contents
  } finally {
    await file.close()
  }
}

/** Undefined: there is not enough of it yet. */
function parseContents(start: Buffer): { contents: BackupContents; end: number } | undefined {
  const end = start.length < LENGTH_BYTES ? Number.POSITIVE_INFINITY : LENGTH_BYTES + start.readUInt32BE(0)
  if (start.length < end) return undefined
  const { databaseBytes, masterKey } = contentsSchema.parse(
    JSON.parse(start.toString('utf8', LENGTH_BYTES, end)),
  )
  const key = masterKey === undefined ? {} : { masterKey: Buffer.from(masterKey, 'hex') }
  return { contents: { databaseBytes, ...key }, end }
}
