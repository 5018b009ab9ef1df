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
const STRING_TYPE = 7
const byteLength = (text: string) => Buffer.byteLength(text)

/** One message: prelude, headers, payload and both checksums. */
export function encodeMessage(headers: Headers, payload: Uint8Array): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)))
  return frameMessage(head, payload)
}

/** Frames header bytes that were encoded, or forged, elsewhere. */
export function frameMessage(head: Uint8Array, payload: Uint8Array): Buffer {
  const message = Buffer.alloc(PRELUDE_BYTES + head.length + payload.length + CHECKSUM_BYTES)
  message.set(head, PRELUDE_BYTES)
  message.set(payload, PRELUDE_BYTES + head.length)
  return sealMessage(message, head.length)
}

/** A normal event: the payload is the event's own structure, not wrapped in its name. */
export function encodeEvent(eventType: string, payload: unknown): Buffer {
  return encodeJson(':event-type', { messageType: 'event', type: eventType, payload })
}

/** A modelled error in the middle of a stream. */
export function encodeException(exceptionType: string, payload: unknown): Buffer {
  return encodeJson(':exception-type', { messageType: 'exception', type: exceptionType, payload })
}

/** An unmodelled error: all that it says stands in the headers. */
export function encodeError(code: string, message: string): Buffer {
  return encodeTexts({ ':message-type': 'error', ':error-code': code, ':error-message': message }, '')
}

interface JsonMessage {
  messageType: string
  type: string
  payload: unknown
}

function encodeJson(typeHeader: string, { messageType, type, payload }: JsonMessage): Buffer {
  const headers = { ':message-type': messageType, [typeHeader]: type, ':content-type': 'application/json' }
  return encodeTexts(headers, JSON.stringify(payload))
}

/** The usual message, all of text, written into one buffer: benchmarks live on this. */
function encodeTexts(headers: Readonly<Record<string, string>>, payload: string): Buffer {
  const entries = Object.entries(headers)
  const headBytes = entries.reduce((sum, [name, value]) => sum + 4 + byteLength(name) + byteLength(value), 0)
  const message = Buffer.allocUnsafe(PRELUDE_BYTES + headBytes + byteLength(payload) + CHECKSUM_BYTES)
  let offset = PRELUDE_BYTES
  for (const [name, value] of entries) {
    offset = message.writeUInt8(byteLength(name), offset)
    offset += message.write(name, offset)
    offset = message.writeUInt8(STRING_TYPE, offset)
    offset = message.writeUInt16BE(byteLength(value), offset)
    offset += message.write(value, offset)
  }
  message.write(payload, offset)
  return sealMessage(message, headBytes)
}

/** Writes the lengths and both checksums around headers and payload. */
function sealMessage(message: Buffer, headBytes: number): Buffer {
  const end = message.length - CHECKSUM_BYTES
  message.writeUInt32BE(message.length, 0)
  message.writeUInt32BE(headBytes, 4)
  message.writeUInt32BE(crc32(message.subarray(0, 8)), 8)
  message.writeUInt32BE(crc32(message.subarray(0, end)), end)
  return message
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
      return sizedBytes(STRING_TYPE, Buffer.from(header.value))
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
