import { unreadable } from './source.ts'

/** Of a file of JSON or CSV: one of 10 MB is refused. */
export const MOST_TEXT_BYTES = 10_000_000

const ZIP = [0x50, 0x4b]
const GZIP = [0x1f, 0x8b]
const ARCHIVES = [ZIP, GZIP]

/** The text of a file, be it UTF-8 or, as Windows programs save it, UTF-16. Throws `invalid-request` with a sentence. */
export function decodeText(bytes: Buffer): string {
  if (ARCHIVES.some((magic) => startsWith(bytes, magic))) {
    throw unreadable('It is an archive: unpack it first, then import the file in it.')
  }
  try {
    const text = new TextDecoder(encodingOf(bytes), { fatal: true }).decode(bytes)
    if (!text.includes('\0')) return text
  } catch (error) {
    throw unreadable('It is no text in UTF-8 or UTF-16, nor a database of SQLite.', error)
  }
  throw unreadable('It holds the character U+0000, which no file of accounts does.')
}

/** By its mark; without one, by where a first ASCII character leaves its zero. */
function encodingOf(bytes: Buffer): string {
  if (startsWith(bytes, [0xff, 0xfe]) || (bytes[0] !== 0 && bytes[1] === 0)) return 'utf-16le'
  if (startsWith(bytes, [0xfe, 0xff]) || (bytes[0] === 0 && bytes[1] !== 0)) return 'utf-16be'
  return 'utf-8'
}

function startsWith(bytes: Buffer, magic: readonly number[]): boolean {
  return magic.every((byte, index) => bytes[index] === byte)
}
