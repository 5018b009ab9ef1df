import { randomBytes } from 'node:crypto'
import type { Clock } from './clock.ts'

/** 2 ** 48 milliseconds: until the year 10889. */
const TIME_LETTERS = 8
const RANDOM_BYTES = 12
/** A call for random bytes costs more than the bytes. */
const IDS_AT_ONCE = 128
/** URL-safe, and in the order of their codes, which is how SQLite sorts. */
const LETTERS = '-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz'

/**
 * Ids of requests and answers: 24 characters, URL-safe, of which 16 are by chance. What is younger comes later in the
 * order of its id, so that what is stored by it goes to the end of an index, not to a place of its own each time. Where a
 * database sorts by the rules of a language, it goes to few places, and nothing may rely on the order.
 */
export function createIds(clock: Pick<Clock, 'now'>): () => string {
  let bytes = Buffer.alloc(0)
  let writtenAt = Number.NaN
  let time = ''
  return () => {
    const now = clock.now()
    if (now !== writtenAt) time = writeTime(now)
    writtenAt = now
    if (bytes.length === 0) bytes = randomBytes(RANDOM_BYTES * IDS_AT_ONCE)
    const chance = bytes.toString('base64url', 0, RANDOM_BYTES)
    bytes = bytes.subarray(RANDOM_BYTES)
    return time + chance
  }
}

function writeTime(milliseconds: number): string {
  let text = ''
  let rest = Math.floor(milliseconds)
  for (let place = 0; place < TIME_LETTERS; place += 1) {
    text = LETTERS.charAt(rest % LETTERS.length) + text
    rest = Math.floor(rest / LETTERS.length)
  }
  return text
}
