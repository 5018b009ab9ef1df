/** Sound event-stream frames, made by the official codec, and what can happen to one of them. */

import { crc32 } from 'node:zlib'
import { Int64, type MessageHeaders } from '@smithy/eventstream-codec'
import { officialCodec as codec } from '../../encode-event.ts'
import type { Random } from './random.ts'

export function encodeSoundFrame(random: Random): Buffer {
  const payload = random.below(40) === 0 ? random.bytes(random.below(4_000)) : random.bytes(random.below(60))
  return Buffer.from(codec.encode({ headers: pickHeaders(random), body: payload }))
}

function stringHeader(value: string) {
  return { type: 'string', value } as const
}

function pickHeaders(random: Random): MessageHeaders {
  const json = { ':content-type': stringHeader('application/json') }
  return random.pick<MessageHeaders>([
    {
      ':message-type': stringHeader('event'),
      ':event-type': stringHeader('assistantResponseEvent'),
      ...json,
    },
    {
      ':message-type': stringHeader('event'),
      ':event-type': stringHeader(`event${random.below(100)}`),
      ...json,
    },
    {
      ':message-type': stringHeader('exception'),
      ':exception-type': stringHeader('throttlingException'),
      ...json,
    },
    {
      ':message-type': stringHeader('error'),
      ':error-code': stringHeader('500'),
      ':error-message': stringHeader('Ünbroken 😀'),
    },
    { ':message-type': stringHeader('progress') },
    {},
    {
      boolean: { type: 'boolean', value: random.below(2) === 0 },
      byte: { type: 'byte', value: random.below(256) - 128 },
      short: { type: 'short', value: random.below(65_536) - 32_768 },
      integer: { type: 'integer', value: random.below(2 ** 32) - 2 ** 31 },
      long: { type: 'long', value: new Int64(random.bytes(8)) },
      binary: { type: 'binary', value: random.bytes(random.below(20)) },
      timestamp: { type: 'timestamp', value: new Date(random.below(2 ** 41)) },
      uuid: { type: 'uuid', value: '00112233-4455-6677-8899-aabbccddeeff' },
      ':message-type': stringHeader('event'),
      ':event-type': stringHeader('toolUseEvent'),
    },
  ])
}

/** `other` is one more sound frame. */
type Damage = (frame: Buffer, random: Random, other: Buffer) => Buffer

/** `flip` is what a CRC-32 is guaranteed to notice at these lengths: up to three wrong bits. */
export const damages = {
  none: (frame) => frame,
  flip(frame, random) {
    const damaged = Buffer.from(frame)
    const bits = new Set(Array.from({ length: 1 + random.below(3) }, () => random.below(frame.length * 8)))
    for (const bit of bits) damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    return damaged
  },
  cut(frame, random) {
    const start = random.below(frame.length)
    const end = random.pick([frame.length, start + 1 + random.below(frame.length - start)])
    return Buffer.concat([frame.subarray(0, start), frame.subarray(end)])
  },
  insert(frame, random) {
    const position = random.below(frame.length + 1)
    const rubbish = random.bytes(1 + random.below(20))
    return Buffer.concat([frame.subarray(0, position), rubbish, frame.subarray(position)])
  },
  splice(frame, random, other) {
    return Buffer.concat([
      frame.subarray(0, random.below(frame.length)),
      other.subarray(random.below(other.length)),
    ])
  },
  length(frame, random) {
    const damaged = Buffer.from(frame)
    const near = Math.max(0, damaged.readUInt32BE(0) + random.below(9) - 4)
    const value = random.pick([
      0,
      1,
      15,
      16,
      17,
      near,
      2 ** 24,
      2 ** 24 + 1,
      2 ** 31 - 1,
      2 ** 31,
      0xffffffff,
      random.below(2 ** 32),
    ])
    damaged.writeUInt32BE(value, random.pick([0, 4]))
    return random.pick([damaged, seal(damaged)])
  },
  header(frame, random) {
    const headersBytes = frame.readUInt32BE(4)
    if (headersBytes === 0) return frame
    const damaged = Buffer.from(frame)
    const value = random.pick([0, 1, 7, 9, 10, 127, 255, random.below(256)])
    damaged.writeUInt8(value, 12 + random.below(headersBytes))
    return seal(damaged)
  },
  /** The bytes of two frames in turns, as if two answers shared a connection. */
  interleave(frame, random, other) {
    const size = 1 + random.below(40)
    const pieces: Buffer[] = []
    for (let start = 0; start < Math.max(frame.length, other.length); start += size) {
      pieces.push(frame.subarray(start, start + size), other.subarray(start, start + size))
    }
    return Buffer.concat(pieces)
  },
  rubbish: (_frame, random) => random.bytes(1 + random.below(200)),
} as const satisfies Record<string, Damage>

export type DamageName = keyof typeof damages

/** Its lengths are what they claim to be as far as checksums can tell. */
export function sealedFrame(frameBytes: number): Buffer {
  const frame = Buffer.alloc(64)
  frame.writeUInt32BE(frameBytes, 0)
  return seal(frame)
}

/** Both checksums made right again, the second where the frame claims to end if that is inside. */
function seal(frame: Buffer): Buffer {
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
  const claimedBytes = frame.readUInt32BE(0)
  const end = claimedBytes >= 16 && claimedBytes <= frame.length ? claimedBytes : frame.length
  frame.writeUInt32BE(crc32(frame.subarray(0, end - 4)), end - 4)
  return frame
}
