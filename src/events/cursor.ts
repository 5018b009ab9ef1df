/** Where a list goes on, as a text that clients hand back: opaque, and signed, so that it cannot be made up. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import type * as z from 'zod'
import { parseJson } from '../conversation/parse-json.ts'

const SIGNATURE_BYTES = 16
const LONGEST = 400

export interface Cursors<Position> {
  write(position: Position): string
  /** Undefined: it is not one of these. */
  read(cursor: string): Position | undefined
}

/** `purpose`: cursors of other lists are not taken. */
export function createCursors<Position extends z.core.util.JSONType>(
  schema: z.ZodType<Position>,
  { key, purpose }: { key: Buffer; purpose: string },
): Cursors<Position> {
  const sign = (payload: Buffer) =>
    createHmac('sha256', key).update(`${purpose} `).update(payload).digest().subarray(0, SIGNATURE_BYTES)

  return {
    write(position) {
      const payload = Buffer.from(JSON.stringify(position))
      return Buffer.concat([sign(payload), payload]).toString('base64url')
    },
    read(cursor) {
      if (cursor.length > LONGEST) return undefined
      const bytes = Buffer.from(cursor, 'base64url')
      // Base64 has several spellings of the same bytes; there is one cursor for a place.
      if (bytes.length <= SIGNATURE_BYTES || bytes.toString('base64url') !== cursor) return undefined
      const payload = bytes.subarray(SIGNATURE_BYTES)
      if (!timingSafeEqual(bytes.subarray(0, SIGNATURE_BYTES), sign(payload))) return undefined
      return schema.safeParse(parseJson(payload.toString())).data
    },
  }
}
