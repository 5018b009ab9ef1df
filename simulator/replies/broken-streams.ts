/** Named streams that break the protocol or the connection. */
import { encodeEvent, encodeMessage, frameMessage } from '../event-stream.ts'
import { text, trailer } from './events.ts'
import { bytes, cut, delay, event, error, stall, type Step } from './steps.ts'

const FRAME_BYTES = 17 * 1024 * 1024

export const brokenStreams = {
  /** Half a frame, then the proper end of the HTTP body. */
  'mid-frame-end': () => [text('This is '), halfFrame()],
  /** Half a frame, then the connection is gone. */
  'mid-frame-cut': () => [text('This is '), halfFrame(), cut()],
  'connection-cut': () => [text('This is '), cut()],
  'connection-reset': () => [text('This is '), cut({ reset: true })],
  'bad-prelude-crc': () => [text('Good. '), corrupted(8), ...trailer()],
  'bad-message-crc': () => [text('Good. '), corrupted(-1), ...trailer()],
  'unknown-event': () => [
    text('Known. '),
    event('futureEvent', { anything: [1, 2] }),
    text('Again.'),
    ...trailer(),
  ],
  'unmodelled-error': () => [text('Then '), error('InternalServerError', 'The service broke.')],
  'unknown-header-type': () => [
    text('Good. '),
    bytes(
      frameMessage(Buffer.concat([Buffer.from([1]), Buffer.from('x'), Buffer.from([42])]), Buffer.from('{}')),
    ),
    text('After.'),
    ...trailer(),
  ],
  /** Headers of every type that the format has; a decoder must read past all of them. */
  'every-header-type': () => [bytes(everyHeaderType()), ...trailer()],
  /** A frame that says it is larger than any reader should take, and begins to deliver. */
  'oversized-frame': () => [text('Small. '), bytes(oversizedHead()), stall()],
  /** A length below that of an empty message. */
  'undersized-frame': () => [bytes(Buffer.alloc(16))],
  'bad-payload-json': () => [bytes(badPayload()), ...trailer()],
  stall: () => [text('And now '), stall()],
  'stall-at-start': () => [stall()],
  'delayed-first-byte': () => [delay(1500), text('At last.'), ...trailer()],
} as const satisfies Record<string, () => Step[]>

function halfFrame(): Step {
  const frame = encodeEvent('assistantResponseEvent', { content: 'a frame that is never finished' })
  return bytes(frame.subarray(0, frame.length >> 1))
}

function corrupted(offset: number): Step {
  const frame = encodeEvent('assistantResponseEvent', { content: 'damaged' })
  const position = (offset + frame.length) % frame.length
  frame.writeUInt8(frame.readUInt8(position) ^ 0xff, position)
  return bytes(frame)
}

function everyHeaderType(): Buffer {
  return encodeMessage(
    {
      yes: { type: 'boolean', value: true },
      no: { type: 'boolean', value: false },
      byte: { type: 'int8', value: -1 },
      short: { type: 'int16', value: -2 },
      integer: { type: 'int32', value: -3 },
      long: { type: 'int64', value: -4n },
      blob: { type: 'bytes', value: Uint8Array.of(1, 2, 3) },
      time: { type: 'timestamp', value: 1_750_000_000_000n },
      uuid: { type: 'uuid', value: Uint8Array.from({ length: 16 }, (_, index) => index) },
      ':message-type': { type: 'string', value: 'event' },
      ':event-type': { type: 'string', value: 'assistantResponseEvent' },
      ':content-type': { type: 'string', value: 'application/json' },
    },
    Buffer.from('{"content":"All headers."}'),
  )
}

function oversizedHead(): Buffer {
  const whole = frameMessage(Buffer.alloc(0), Buffer.alloc(FRAME_BYTES))
  return whole.subarray(0, 64 * 1024)
}

function badPayload(): Buffer {
  const headers = {
    ':message-type': { type: 'string', value: 'event' },
    ':event-type': { type: 'string', value: 'assistantResponseEvent' },
    ':content-type': { type: 'string', value: 'application/json' },
  } as const
  return encodeMessage(headers, Buffer.from('{"content": "no end'))
}
