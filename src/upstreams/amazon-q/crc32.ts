/** CRC-32 (IEEE, reflected, as zlib) of short byte ranges, for which a call into zlib costs more than the sum. */

import { crc32 as zlibCrc32 } from 'node:zlib'

const POLYNOMIAL = 0xedb88320
const LITTLE_ENDIAN = true
/** Measured: from here on zlib's speed outweighs the price of calling it. */
const ZLIB_FROM_BYTES = 640

/** Row n, 256 entries each: what a byte does to the checksum once n more bytes have followed it. */
const TABLE = createTable()

function createTable(): Int32Array {
  const table = new Int32Array(8 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte
    for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? POLYNOMIAL : 0)
    table[byte] = remainder
  }
  for (let index = 256; index < table.length; index++) {
    const before = table[index - 256] ?? 0
    table[index] = (before >>> 8) ^ (table[before & 0xff] ?? 0)
  }
  return table
}

/** Checksum of the bytes from `start` up to `end`; `crc` is the checksum of what came before them. */
export function continueCrc32(crc: number, view: DataView, range: { start: number; end: number }): number {
  const { start, end } = range
  if (end - start >= ZLIB_FROM_BYTES) {
    return zlibCrc32(new Uint8Array(view.buffer, view.byteOffset + start, end - start), crc)
  }
  let state = ~crc
  let position = start
  for (; position + 8 <= end; position += 8) {
    state = eightBytes(
      state ^ view.getInt32(position, LITTLE_ENDIAN),
      view.getInt32(position + 4, LITTLE_ENDIAN),
    )
  }
  for (; position < end; position++) {
    state = (state >>> 8) ^ (TABLE[(state ^ view.getUint8(position)) & 0xff] ?? 0)
  }
  return ~state >>> 0
}

function eightBytes(low: number, high: number): number {
  return (
    (TABLE[0x700 + (low & 0xff)] ?? 0) ^
    (TABLE[0x600 + ((low >>> 8) & 0xff)] ?? 0) ^
    (TABLE[0x500 + ((low >>> 16) & 0xff)] ?? 0) ^
    (TABLE[0x400 + (low >>> 24)] ?? 0) ^
    (TABLE[0x300 + (high & 0xff)] ?? 0) ^
    (TABLE[0x200 + ((high >>> 8) & 0xff)] ?? 0) ^
    (TABLE[0x100 + ((high >>> 16) & 0xff)] ?? 0) ^
    (TABLE[high >>> 24] ?? 0)
  )
}
