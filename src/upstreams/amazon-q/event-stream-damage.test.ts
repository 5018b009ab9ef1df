/** What the event-stream decoder does with bytes that are not what the service sent. */

import { crc32 } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { encodeEvent } from '../../../test/encode-event.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { createEventStreamDecoder } from './event-stream.ts'

/** A frame whose checksums are right whatever its lengths claim. */
function buildFrame(headers: Buffer, claims: { frameBytes?: number; headersBytes?: number } = {}): Buffer {
  const frame = Buffer.concat([Buffer.alloc(12), headers, Buffer.from('{}'), Buffer.alloc(4)])
  frame.writeUInt32BE(claims.frameBytes ?? frame.length, 0)
  frame.writeUInt32BE(claims.headersBytes ?? headers.length, 4)
  frame.writeUInt32BE(crc32(frame.subarray(0, 8)), 8)
  frame.writeUInt32BE(crc32(frame.subarray(0, -4)), frame.length - 4)
  return frame
}

/** How many frames came, and what was thrown by the damaged bytes, by a sound frame after them and by the end. */
function decodeDamaged(bytes: Buffer): { frames: number; failures: unknown[] } {
  const decoder = createEventStreamDecoder()
  let frames = 0
  const emit = () => {
    frames++
  }
  const failures = [
    catchFailure(() => decoder.push(bytes, emit)),
    catchFailure(() => decoder.push(encodeEvent('later', '{}'), emit)),
    catchFailure(() => decoder.end(emit)),
  ]
  return { frames, failures }
}

function catchFailure(action: () => void): unknown {
  try {
    action()
    return 'nothing was thrown'
  } catch (error) {
    return error
  }
}

function failingStage(): never {
  throw new Error('The next stage failed.')
}

describe('an event-stream decoder that is given damage', () => {
  it('emits nothing and throws when any single bit of a frame is wrong', () => {
    const sound = encodeEvent('assistantResponseEvent', '{"content":"Hi"}')
    for (let bit = 0; bit < sound.length * 8; bit++) {
      const damaged = Buffer.from(sound)
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      const { frames, failures } = decodeDamaged(damaged)
      expect(frames).toBe(0)
      expect(failures).toEqual([failures[0], failures[0], failures[0]])
      expect(failures[0]).toBeInstanceOf(GatewayError)
    }
  })

  const noHeaders = Buffer.alloc(0)
  it.each([
    { why: 'a total length of 0', frame: buildFrame(noHeaders, { frameBytes: 0 }), message: 'only 0 bytes' },
    {
      why: 'a total length of 15',
      frame: buildFrame(noHeaders, { frameBytes: 15 }),
      message: 'only 15 bytes',
    },
    {
      why: 'a length of 4 GiB',
      frame: buildFrame(noHeaders, { frameBytes: 0xffffffff }),
      message: '4294967295 bytes',
    },
    {
      why: 'a length just over 16 MiB',
      frame: buildFrame(noHeaders, { frameBytes: 2 ** 24 + 1 }),
      message: 'the most allowed is 16777216',
    },
    {
      why: 'headers that are longer than the frame',
      frame: buildFrame(noHeaders, { headersBytes: 3 }),
      message: 'longer than it is',
    },
    {
      why: 'headers of 4 GiB',
      frame: buildFrame(noHeaders, { headersBytes: 0xffffffff }),
      message: 'longer than it is',
    },
    {
      why: 'a header name past the end',
      frame: buildFrame(Buffer.from([9, 0x6e])),
      message: 'runs past the end',
    },
    {
      why: 'a header value past the end',
      frame: buildFrame(Buffer.from([1, 0x6e, 4, 0])),
      message: 'runs past the end',
    },
    { why: 'a header of type 10', frame: buildFrame(Buffer.from([1, 0x6e, 10])), message: 'unknown type 10' },
    {
      why: 'a header of type 255',
      frame: buildFrame(Buffer.from([1, 0x6e, 255])),
      message: 'unknown type 255',
    },
    { why: 'a header without a name', frame: buildFrame(Buffer.from([0, 0])), message: 'has no name' },
  ])('refuses $why', ({ frame, message }) => {
    const { frames, failures } = decodeDamaged(frame)
    expect(frames).toBe(0)
    expect(failures).toEqual([failures[0], failures[0], failures[0]])
    expect(failures[0]).toMatchObject({
      failure: {
        kind: 'interrupted',
        message: expect.stringContaining(message),
      },
    })
    expect(String(failures[0])).toContain("Amazon Q's answer arrived damaged")
  })

  it('refuses a bad length as soon as the prelude is there, without waiting for what it announces', () => {
    const decoder = createEventStreamDecoder({ maxFrameBytes: 100 })
    const prelude = buildFrame(noHeaders, { frameBytes: 101 }).subarray(0, 12)
    for (const byte of prelude.subarray(0, 11)) decoder.push(Uint8Array.of(byte), () => expect.unreachable())
    expect(() => decoder.push(prelude.subarray(11), () => expect.unreachable())).toThrow(
      'the most allowed is 100',
    )
  })

  it('emits the sound frames before the damage and none after it', () => {
    const sound = encodeEvent('assistantResponseEvent', '{}')
    const damaged = Buffer.from(sound)
    damaged.writeUInt8(0, 30)
    const { frames, failures } = decodeDamaged(Buffer.concat([sound, sound, damaged, sound]))
    expect(frames).toBe(2)
    expect(failures.map(String)).toEqual(
      Array(3).fill(expect.stringContaining('the checksum of a frame is wrong')),
    )
  })

  it('refuses an answer that ends inside a frame, wherever', () => {
    const bytes = encodeEvent('assistantResponseEvent', '{}')
    for (let length = 1; length < bytes.length; length++) {
      const decoder = createEventStreamDecoder()
      decoder.push(bytes.subarray(0, length), () => expect.unreachable())
      expect(() => decoder.end(() => expect.unreachable())).toThrow('stopped in the middle of a frame')
    }
  })

  it('stays failed when the next stage threw, for the rest of the piece was never read', () => {
    const decoder = createEventStreamDecoder()
    const frame = encodeEvent('assistantResponseEvent', '{}')
    expect(() => decoder.push(Buffer.concat([frame, frame]), failingStage)).toThrow('The next stage failed.')
    expect(() => decoder.push(frame, () => expect.unreachable())).toThrow('The next stage failed.')
  })
})
