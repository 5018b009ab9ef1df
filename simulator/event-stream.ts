/** Encoder of `application/vnd.amazon.eventstream` messages, written from the framing of the Smithy event streams. */
import { crc32 } from 'node:zlib'
import { unreachable } from './unreachable.ts'

type HeaderValue =
  | { type: 'boolean'; value: boolean }
  | { type: 'int8'; value: number }
  | { type: 'int16'; value: number }
  | { type: 'int32'; value: number }
  | { type: 'int64'; value: bigint }
  | { type: 'bytes'; value: Uint8Array }
  | { type: 'string'; value: string }
  /** Milliseconds since the epoch. */
  | { type: 'timestamp'; value: bigint }
  /** 16 bytes. */
  | { type: 'uuid'; value: Uint8Array }

export type Headers = Readonly<Record<string, HeaderValue>>

const PRELUDE_BYTES = 12
const CHECKSUM_BYTES = 4

/** One message: prelude, headers, payload and both checksums. */
export function encodeMessage(headers: Headers, payload: Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)))
  return frameMessage(head, payload)
}

/** Frames header bytes that were encoded, or forged, elsewhere. */
export function frameMessage(head: Uint8Array, payload: Uint8Array): Buffer {
  const total = PRELUDE_BYTES + head.length + payload.length + CHECKSUM_BYTES
  const message = Buffer.alloc(total)
  message.writeUInt32BE(total, 0)
  message.writeUInt32BE(head.length, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  message.set(head, PRELUDE_BYTES)
  message.set(payload, PRELUDE_BYTES + head.length)
  message.writeUInt32BE(crc32(message.subarray(0, total - CHECKSUM_BYTES)), total - CHECKSUM_BYTES)
  return message
}

/** A normal event: the payload is the event's own structure, not wrapped in its name. */
export function encodeEvent(eventType: string, payload: unknown): Buffer {
  return encodeJson({ ':message-type': text('event'), ':event-type': text(eventType) }, payload)
}

/** A modelled error in the middle of a stream. */
export function encodeException(exceptionType: string, payload: unknown): Buffer {
  return encodeJson({ ':message-type': text('exception'), ':exception-type': text(exceptionType) }, payload)
}

/** An unmodelled error: all that it says stands in the headers. */
export function encodeError(code: string, message: string): Buffer {
  const headers = {
    ':message-type': text('error'),
    ':error-code': text(code),
    ':error-message': text(message),
  }
  return encodeMessage(headers, new Uint8Array())
}

function encodeJson(headers: Headers, payload: unknown): Buffer {
  const all = { ...headers, ':content-type': text('application/json') }
  return encodeMessage(all, Buffer.from(JSON.stringify(payload)))
}

function text(value: string): HeaderValue {
  return { type: 'string', value }
}

function encodeHeader(name: string, header: HeaderValue): Buffer {
  const nameBytes = Buffer.from(name)
  return Buffer.concat([Buffer.from([nameBytes.length]), nameBytes, encodeHeaderValue(header)])
}

function encodeHeaderValue(header: HeaderValue): Buffer {
  switch (header.type) {
    case 'boolean':
      return Buffer.from([header.value ? 0 : 1])
    case 'int8':
      return Buffer.from([2, header.value & 0xff])
    case 'int16':
      return numberBytes(3, 2, (buffer) => buffer.writeInt16BE(header.value, 1))
    case 'int32':
      return numberBytes(4, 4, (buffer) => buffer.writeInt32BE(header.value, 1))
    case 'int64':
      return numberBytes(5, 8, (buffer) => buffer.writeBigInt64BE(header.value, 1))
    case 'bytes':
      return sizedBytes(6, header.value)
    case 'string':
      return sizedBytes(7, Buffer.from(header.value))
    case 'timestamp':
      return numberBytes(8, 8, (buffer) => buffer.writeBigInt64BE(header.value, 1))
    case 'uuid':
      return Buffer.concat([Buffer.from([9]), header.value])
    default:
      return unreachable(header)
  }
}

function numberBytes(type: number, size: number, write: (buffer: Buffer) => void): Buffer {
  const buffer = Buffer.alloc(1 + size)
  buffer.writeUInt8(type, 0)
  write(buffer)
  return buffer
}

function sizedBytes(type: number, value: Uint8Array): Buffer {
  const head = Buffer.alloc(3)
  head.writeUInt8(type, 0)
  head.writeUInt16BE(value.length, 1)
  return Buffer.concat([head, value])
}
