/** The beginning of an answer as it is sent, piece by piece. */
import { StringDecoder } from 'node:string_decoder'
import { COPIED_BYTES } from './captured-body.ts'

export interface AnswerCopy {
  add(piece: string | Uint8Array): void
  /** Of all that was added. */
  bytes(): number
  text(): string
}

export function createAnswerCopy(): AnswerCopy {
  const pieces: Buffer[] = []
  let copied = 0
  let total = 0
  return {
    add(piece) {
      const room = COPIED_BYTES - copied
      total += typeof piece === 'string' ? Buffer.byteLength(piece) : piece.length
      if (room === 0) return
      // Of text as much as may have room; copied, as whoever sends it may write over its bytes.
      const part =
        typeof piece === 'string'
          ? Buffer.from(piece.slice(0, room)).subarray(0, room)
          : Buffer.from(piece.subarray(0, room))
      pieces.push(part)
      copied += part.length
    },
    bytes: () => total,
    // What is left of a character that was cut is not written.
    text: () => new StringDecoder('utf8').write(Buffer.concat(pieces, copied)),
  }
}
