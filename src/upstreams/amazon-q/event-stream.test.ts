import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeEvent, officialCodec as codec } from '../../../test/encode-event.ts'
import { createEventStreamDecoder, type Frame } from './event-stream.ts'

/** Made with the official codec; headers `:message-type`, `:event-type` or `:exception-type`, `:content-type`. */
const VECTORS = [
  {
    hex: '0000007c0000005c3bddcf780d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74797065070016617373697374616e74526573706f6e73654576656e740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b22636f6e74656e74223a224869227d09f66f51',
    frame: { messageType: 'event', name: 'assistantResponseEvent', payload: '{"content":"Hi"}' },
  },
  {
    hex: '0000008c000000529451b2220d3a6d6573736167652d747970650700056576656e740b3a6576656e742d7479706507000c746f6f6c5573654576656e740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b22746f6f6c5573654964223a227431222c226e616d65223a226c73222c2273746f70223a747275657d76d7e8ca',
    frame: {
      messageType: 'event',
      name: 'toolUseEvent',
      payload: '{"toolUseId":"t1","name":"ls","stop":true}',
    },
  },
  {
    hex: '000000720000005314526c880d3a6d6573736167652d74797065070009657863657074696f6e0f3a657863657074696f6e2d747970650700056572726f720d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b226d657373616765223a2278227d904c9e06',
    frame: { messageType: 'exception', name: 'error', payload: '{"message":"x"}' },
  },
  { hex: '000000100000000005c248eb7d98c8ff', frame: { messageType: 'event', name: '', payload: '' } },
] as const

interface DecodedFrame extends Omit<Frame, 'payload'> {
  payload: string
}

/** Decodes to the end; the payloads are copied, as text in which every byte is one character. */
function decodeAll(pieces: readonly Uint8Array[]): DecodedFrame[] {
  const decoder = createEventStreamDecoder()
  const frames: DecodedFrame[] = []
  for (const piece of pieces) {
    decoder.push(piece, ({ payload, ...kind }) => {
      frames.push({ ...kind, payload: Buffer.from(payload).toString('latin1') })
    })
  }
  decoder.end(() => expect.unreachable())
  return frames
}

function cutAt(bytes: Buffer, offsets: readonly number[]): Buffer[] {
  const edges = [0, ...offsets.toSorted((left, right) => left - right), bytes.length]
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index], edge))
}

function cutEvery(bytes: Buffer, pieceBytes: number): Buffer[] {
  const count = Math.ceil(bytes.length / pieceBytes)
  return Array.from({ length: count }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  )
}

describe('an event-stream decoder', () => {
  it.each(VECTORS)('reads the official vector $frame.name, cut at every byte', ({ hex, frame }) => {
    const bytes = Buffer.from(hex, 'hex')
    for (let cut = 0; cut <= bytes.length; cut++) expect(decodeAll(cutAt(bytes, [cut]))).toEqual([frame])
    expect(decodeAll(cutEvery(bytes, 1))).toEqual([frame])
  })

  it('reads several frames of one piece, in order', () => {
    const bytes = Buffer.concat(VECTORS.map(({ hex }) => Buffer.from(hex, 'hex')))
    expect(decodeAll([bytes])).toEqual(VECTORS.map(({ frame }) => frame))
    for (let cut = 0; cut <= bytes.length; cut++) expect(decodeAll(cutAt(bytes, [cut]))).toHaveLength(4)
  })

  it('keeps characters whole that were cut inside', () => {
    const payload = '{"content":"€ 😀 ü"}'
    const bytes = encodeEvent('assistantResponseEvent', payload)
    for (let cut = 0; cut <= bytes.length; cut++) {
      const [frame] = decodeAll(cutAt(bytes, [cut]))
      expect(Buffer.from(frame?.payload ?? '', 'latin1').toString()).toBe(payload)
    }
  })

  it('reads the code and the message of an error frame', () => {
    const headers = {
      ':message-type': { type: 'string', value: 'error' },
      ':error-code': { type: 'string', value: 'InternalFailure' },
      ':error-message': { type: 'string', value: 'It broke.' },
    } as const
    expect(decodeAll([codec.encode({ headers, body: new Uint8Array() })])).toEqual([
      { messageType: 'error', name: 'InternalFailure', errorMessage: 'It broke.', payload: '' },
    ])
  })

  it.each([
    {
      why: 'a new message type',
      headers: { ':message-type': { type: 'string', value: 'progress' } } as const,
    },
    {
      why: 'a message type that is no string',
      headers: { ':message-type': { type: 'boolean', value: true } } as const,
    },
    {
      why: 'no message type',
      headers: { ':event-type': { type: 'string', value: 'toolUseEvent' } } as const,
    },
  ])('emits a frame with $why as an event without a name', ({ headers }) => {
    const bytes = codec.encode({ headers, body: Buffer.from('{}') })
    expect(decodeAll([bytes])).toEqual([{ messageType: 'event', name: '', payload: '{}' }])
  })

  it('reads any frames as the official codec does, however they are cut', () => {
    const name = fc.string({ unit: 'binary', maxLength: 40 })
    const frames = fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 900 })), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(frames, fc.array(fc.nat()), (originals, cuts) => {
        const encoded = originals.map(([type, payload]) => encodeEvent(type, payload))
        const bytes = Buffer.concat(encoded)
        const expected = encoded.map((frame) => {
          const { headers, body } = codec.decode(frame)
          const payload = Buffer.from(body).toString('latin1')
          return { messageType: 'event', name: headers[':event-type']?.value, payload }
        })
        expect(
          decodeAll(
            cutAt(
              bytes,
              cuts.map((cut) => cut % bytes.length),
            ),
          ),
        ).toEqual(expected)
      }),
    )
  })

  it('knows a header block again, also beyond the number that it remembers', () => {
    const names = Array.from({ length: 40 }, (_, index) => `event-${String(index).padStart(2, '0')}`)
    const bytes = Buffer.concat([...names, ...names].map((name) => encodeEvent(name, '{}')))
    expect(decodeAll([bytes]).map(({ name }) => name)).toEqual([...names, ...names])
  })

  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9])(
    'tells header blocks apart that differ in one byte of %i',
    (length) => {
      const same = 'a'.repeat(length)
      const names = [
        same,
        ...Array.from(same, (_, index) => `${same.slice(0, index)}b${same.slice(index + 1)}`),
      ]
      const encoded = names.map((value) => {
        const messageType = { type: 'string', value: 'event' } as const
        const headers = { ':message-type': messageType, ':event-type': { type: 'string', value } } as const
        return codec.encode({ headers, body: new Uint8Array() })
      })
      expect(decodeAll(encoded).map(({ name }) => name)).toEqual(names)
    },
  )

  it('tells a header block from a longer one that begins with it', () => {
    const short = {
      ':message-type': { type: 'string', value: 'error' },
      ':error-code': { type: 'string', value: 'InternalFailure' },
    } as const
    const long = { ...short, ':error-message': { type: 'string', value: 'It broke.' } } as const
    const encoded = [short, long, short].map((headers) => codec.encode({ headers, body: new Uint8Array() }))
    expect(decodeAll(encoded).map(({ errorMessage }) => errorMessage)).toEqual([
      undefined,
      'It broke.',
      undefined,
    ])
  })
})

describe("an event-stream decoder's memory", () => {
  it('stays small over 10,000 frames in pieces of 7 bytes', () => {
    const frame = encodeEvent('assistantResponseEvent', '{"content":"Hello"}')
    const decoder = createEventStreamDecoder()
    const memoryBytes: number[] = []
    for (const piece of cutEvery(Buffer.concat(Array.from({ length: 10_000 }, () => frame)), 7)) {
      // No frame lies whole in its piece, so that each payload is a view of the decoder's own memory.
      decoder.push(piece, ({ payload }) => memoryBytes.push(payload.buffer.byteLength))
    }
    expect(memoryBytes).toHaveLength(10_000)
    expect(new Set(memoryBytes)).toEqual(new Set([1024]))
  })

  it('takes a frame of 16 MiB in pieces of 1 kB and gives its memory back', () => {
    const big = encodeEvent('assistantResponseEvent', Buffer.alloc(2 ** 24 - 200, 'x'))
    const small = encodeEvent('assistantResponseEvent', '{}')
    const decoder = createEventStreamDecoder()
    const seen: { payloadBytes: number; memoryBytes: number }[] = []
    for (const piece of [...cutEvery(big, 1024), ...cutEvery(small, 7)]) {
      decoder.push(piece, ({ payload }) => {
        seen.push({ payloadBytes: payload.length, memoryBytes: payload.buffer.byteLength })
      })
    }
    expect(seen).toEqual([
      { payloadBytes: 2 ** 24 - 200, memoryBytes: big.length },
      { payloadBytes: 2, memoryBytes: 1024 },
    ])
  })
})
