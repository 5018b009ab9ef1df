import { EventStreamCodec } from '@smithy/eventstream-codec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeError, encodeEvent, encodeException, encodeMessage, frameMessage } from './event-stream.ts'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)

describe('event-stream encoder', () => {
  it.each([
    {
      what: 'a text event',
      frame: encodeEvent('assistantResponseEvent', { content: 'Hi' }),
      hex: '0000007c0000005c3bddcf780d3a6d6573736167652d747970650700056576656e740b3a6576656e742d74797065070016617373697374616e74526573706f6e73654576656e740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b22636f6e74656e74223a224869227d09f66f51',
    },
    {
      what: 'the end of a tool use',
      frame: encodeEvent('toolUseEvent', { toolUseId: 't1', name: 'ls', stop: true }),
      hex: '0000008c000000529451b2220d3a6d6573736167652d747970650700056576656e740b3a6576656e742d7479706507000c746f6f6c5573654576656e740d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b22746f6f6c5573654964223a227431222c226e616d65223a226c73222c2273746f70223a747275657d76d7e8ca',
    },
    {
      what: 'an exception',
      frame: encodeException('error', { message: 'x' }),
      hex: '000000720000005314526c880d3a6d6573736167652d74797065070009657863657074696f6e0f3a657863657074696f6e2d747970650700056572726f720d3a636f6e74656e742d747970650700106170706c69636174696f6e2f6a736f6e7b226d657373616765223a2278227d904c9e06',
    },
    {
      what: 'an empty message',
      frame: frameMessage(new Uint8Array(), new Uint8Array()),
      hex: '000000100000000005c248eb7d98c8ff',
    },
  ])('writes the known bytes of $what', ({ frame, hex }) => {
    expect(frame.toString('hex')).toBe(hex)
  })

  it('writes what the official codec reads, for any event', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 50 }), fc.jsonValue(), (eventType, payload) => {
        const { headers, body } = codec.decode(encodeEvent(eventType, payload))
        expect(headers[':event-type']).toEqual({ type: 'string', value: eventType })
        expect(Buffer.from(body).toString()).toBe(JSON.stringify(payload))
      }),
    )
  })

  it('writes every header type as the official codec does', () => {
    const uuid = '00010203-0405-0607-0809-0a0b0c0d0e0f'
    const official = codec.encode({
      headers: {
        yes: { type: 'boolean', value: true },
        no: { type: 'boolean', value: false },
        byte: { type: 'byte', value: -1 },
        short: { type: 'short', value: -2 },
        integer: { type: 'integer', value: -3 },
        blob: { type: 'binary', value: Uint8Array.of(1, 2) },
        text: { type: 'string', value: 'é' },
        time: { type: 'timestamp', value: new Date(1_750_000_000_000) },
        id: { type: 'uuid', value: uuid },
      },
      body: Uint8Array.of(7),
    })
    const ours = encodeMessage(
      {
        yes: { type: 'boolean', value: true },
        no: { type: 'boolean', value: false },
        byte: { type: 'int8', value: -1 },
        short: { type: 'int16', value: -2 },
        integer: { type: 'int32', value: -3 },
        blob: { type: 'bytes', value: Uint8Array.of(1, 2) },
        text: { type: 'string', value: 'é' },
        time: { type: 'timestamp', value: 1_750_000_000_000n },
        id: { type: 'uuid', value: Buffer.from(uuid.replaceAll('-', ''), 'hex') },
      },
      Uint8Array.of(7),
    )
    expect(ours.toString('hex')).toBe(Buffer.from(official).toString('hex'))
  })

  it('writes 64-bit headers that the official codec reads', () => {
    const { headers } = codec.decode(encodeMessage({ long: { type: 'int64', value: -4n } }, new Uint8Array()))
    expect(Number(headers['long']?.value)).toBe(-4)
  })

  it('puts an unmodelled error into headers alone', () => {
    const { headers, body } = codec.decode(encodeError('Broken', 'It broke.'))
    expect(headers[':error-code']?.value).toBe('Broken')
    expect(headers[':error-message']?.value).toBe('It broke.')
    expect(body.length).toBe(0)
  })
})
