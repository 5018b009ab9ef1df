/** Headers of an event-stream frame: name length u8, name, type u8, value; repeated. Integers are big-endian. */

import { damagedAnswer } from './damaged-answer.ts'

export type HeaderValue =
  | { type: 'boolean'; value: boolean }
  | { type: 'int8' | 'int16' | 'int32'; value: number }
  | { type: 'int64'; value: bigint }
  | { type: 'bytes'; value: Uint8Array }
  | { type: 'string'; value: string }
  | { type: 'timestamp'; value: Date }
  /** Lower case, with hyphens. */
  | { type: 'uuid'; value: string }

const MAX_VALUE_BYTES = 32_767

/** Reads a header block. Of a name that comes twice the last value stands. Throws `interrupted` on a malformed block. */
export function decodeHeaders(block: Uint8Array): Map<string, HeaderValue> {
  const reader = createReader(block)
  const headers = new Map<string, HeaderValue>()
  while (!reader.atEnd()) {
    const nameLength = reader.take(1).readUInt8()
    if (nameLength === 0) throw damagedAnswer('a header has no name')
    const name = reader.take(nameLength).toString()
    headers.set(name, readValue(reader, reader.take(1).readUInt8()))
  }
  return headers
}

interface Reader {
  atEnd(): boolean
  /** The next bytes, as a view; throws when the block has fewer. */
  take(byteCount: number): Buffer
}

function createReader(block: Uint8Array): Reader {
  const bytes = Buffer.from(block.buffer, block.byteOffset, block.byteLength)
  let position = 0
  return {
    atEnd: () => position === bytes.length,
    take(byteCount) {
      const start = position
      position += byteCount
      if (position > bytes.length) throw damagedAnswer('a header runs past the end of its block')
      return bytes.subarray(start, position)
    },
  }
}

function readValue(reader: Reader, type: number): HeaderValue {
  switch (type) {
    case 0:
      return { type: 'boolean', value: true }
    case 1:
      return { type: 'boolean', value: false }
    case 2:
      return { type: 'int8', value: reader.take(1).readInt8() }
    case 3:
      return { type: 'int16', value: reader.take(2).readInt16BE() }
    case 4:
      return { type: 'int32', value: reader.take(4).readInt32BE() }
    case 5:
      return { type: 'int64', value: reader.take(8).readBigInt64BE() }
    case 6:
      return { type: 'bytes', value: Uint8Array.from(takeSized(reader)) }
    case 7:
      return { type: 'string', value: takeSized(reader).toString() }
    case 8:
      return { type: 'timestamp', value: new Date(Number(reader.take(8).readBigInt64BE())) }
    case 9:
      return { type: 'uuid', value: formatUuid(reader.take(16)) }
    default:
      throw damagedAnswer(`a header has the unknown type ${type}`)
  }
}

function takeSized(reader: Reader): Buffer {
  const byteCount = reader.take(2).readUInt16BE()
  if (byteCount > MAX_VALUE_BYTES) {
    throw damagedAnswer(`a header's value has ${byteCount} bytes, the most allowed is ${MAX_VALUE_BYTES}`)
  }
  return reader.take(byteCount)
}

function formatUuid(bytes: Buffer): string {
  const part = (start: number, end: number) => bytes.toString('hex', start, end)
  return [part(0, 4), part(4, 6), part(6, 8), part(8, 10), part(10, 16)].join('-')
}
