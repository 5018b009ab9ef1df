/** Frames of `application/vnd.amazon.eventstream` as the bench's upstream sends them. */
import { crc32 } from 'node:zlib'

const PRELUDE_BYTES = 12
const CHECKSUM_BYTES = 4
const STRING_TYPE = 7

/** Encodes events of that name. The head is made once: paced answers are encoded while the clock runs. */
export function createEventEncoder(name: string): (payload: object) => Buffer {
  const headers = Buffer.concat([
    encodeHeader(':event-type', name),
    encodeHeader(':content-type', 'application/json'),
    encodeHeader(':message-type', 'event'),
  ])
  const payloadStart = PRELUDE_BYTES + headers.length
  return (payload) => {
    const text = JSON.stringify(payload)
    const frame = Buffer.allocUnsafe(payloadStart + Buffer.byteLength(text) + CHECKSUM_BYTES)
    const payloadEnd = frame.length - CHECKSUM_BYTES
    frame.writeUInt32BE(frame.length, 0)
    frame.writeUInt32BE(headers.length, 4)
    frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
    frame.set(headers, PRELUDE_BYTES)
    frame.write(text, payloadStart)
    frame.writeUInt32BE(crc32(frame.subarray(0, payloadEnd)), payloadEnd)
    return frame
  }
}

function encodeHeader(name: string, value: string): Buffer {
  const sizes = Buffer.from([STRING_TYPE, value.length >> 8, value.length & 0xff])
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), sizes, Buffer.from(value)])
}
