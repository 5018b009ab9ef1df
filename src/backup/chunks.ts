/**
 * A stream of any length, sealed in chunks by AES-256-GCM (the STREAM construction). The nonce is the chunk's number and
 * whether it is the last one: chunks that were changed, moved, left out or cut off do not open. One key seals one stream.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto'
import { BackupError } from './backup-error.ts'

export const CIPHER = 'aes-256-gcm'
export const CHUNK_BYTES = 65_536
const TAG_BYTES = 16
const NONCE_BYTES = 12
/** Before it, in the nonce, zeros; after it, the mark of the last chunk. */
const NUMBER_OFFSET = 5

type Bytes = AsyncIterable<Uint8Array>

export async function* sealChunks(plain: Bytes, key: Buffer): AsyncGenerator<Buffer> {
  let number = 0
  for await (const { bytes, isLast } of cutInto(CHUNK_BYTES, plain)) {
    const cipher = createCipheriv(CIPHER, key, nonceOf(number, isLast))
    yield Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
    number += 1
  }
}

/** Yields nothing that was not sealed with the key. Throws a BackupError at the first chunk that is not as it was. */
export async function* openChunks(sealed: Bytes, key: Buffer): AsyncGenerator<Buffer> {
  let number = 0
  for await (const { bytes, isLast } of cutInto(CHUNK_BYTES + TAG_BYTES, sealed)) {
    yield openChunk(bytes, { key, nonce: nonceOf(number, isLast) })
    number += 1
  }
}

function openChunk(bytes: Buffer, { key, nonce }: { key: Buffer; nonce: Buffer }): Buffer {
  try {
    const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES })
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
    return Buffer.concat([decipher.update(bytes.subarray(0, -TAG_BYTES)), decipher.final()])
  } catch (error) {
    throw new BackupError('it was damaged or cut off, or it is locked by something else', error)
  }
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(NONCE_BYTES)
  nonce.writeUIntBE(number, NUMBER_OFFSET, 6)
  nonce[NONCE_BYTES - 1] = isLast ? 1 : 0
  return nonce
}

/** Pieces of this size; the last one is shorter, or empty when there is nothing at all. */
async function* cutInto(size: number, bytes: Bytes): AsyncGenerator<{ bytes: Buffer; isLast: boolean }> {
  let held: Uint8Array[] = []
  let heldBytes = 0
  for await (const piece of bytes) {
    held.push(piece)
    heldBytes += piece.length
    // Whether a piece is the last one is known when there is more.
    if (heldBytes <= size) continue
    const all = Buffer.concat(held)
    let from = 0
    for (; all.length - from > size; from += size) {
      yield { bytes: all.subarray(from, from + size), isLast: false }
    }
    held = [all.subarray(from)]
    heldBytes = all.length - from
  }
  yield { bytes: Buffer.concat(held), isLast: true }
}
