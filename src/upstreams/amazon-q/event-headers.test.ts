import {
  HeaderMarshaller,
  Int64,
  type MessageHeaders,
  type MessageHeaderValue,
} from '@smithy/eventstream-codec'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { unreachable } from '../../conversation/unreachable.ts'
import { decodeHeaders, type HeaderValue } from './event-headers.ts'

const official = new HeaderMarshaller(
  (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
  (text) => Buffer.from(text),
)

/** A block of one header, its name `n`. */
function oneHeader(type: number, value: string): Buffer {
  return Buffer.concat([Buffer.from([1, 0x6e, type]), Buffer.from(value, 'hex')])
}

describe('decodeHeaders', () => {
  const cases: { hex: string; type: number; expected: HeaderValue }[] = [
    { type: 0, hex: '', expected: { type: 'boolean', value: true } },
    { type: 1, hex: '', expected: { type: 'boolean', value: false } },
    { type: 2, hex: '80', expected: { type: 'int8', value: -128 } },
    { type: 3, hex: '8000', expected: { type: 'int16', value: -32_768 } },
    { type: 4, hex: 'fffffffe', expected: { type: 'int32', value: -2 } },
    { type: 5, hex: '7fffffffffffffff', expected: { type: 'int64', value: 9_223_372_036_854_775_807n } },
    { type: 6, hex: '0002ff00', expected: { type: 'bytes', value: Uint8Array.of(255, 0) } },
    { type: 7, hex: '0003e282ac', expected: { type: 'string', value: '€' } },
    { type: 8, hex: '0000000000000001', expected: { type: 'timestamp', value: new Date(1) } },
    {
      type: 9,
      hex: '00112233445566778899aabbccddeeff',
      expected: { type: 'uuid', value: '00112233-4455-6677-8899-aabbccddeeff' },
    },
  ]
  it.each(cases)('reads type $type as $expected.type', ({ type, hex, expected }) => {
    expect(decodeHeaders(oneHeader(type, hex))).toEqual(new Map([['n', expected]]))
  })

  it.each(cases)('refuses type $type when it is cut anywhere', ({ type, hex }) => {
    const block = oneHeader(type, hex)
    for (let length = 1; length < block.length; length++) {
      expect(() => decodeHeaders(block.subarray(0, length))).toThrow('runs past the end')
    }
  })

  it.each([
    { why: 'the unknown type 10', block: oneHeader(10, ''), message: 'the unknown type 10' },
    { why: 'the unknown type 255', block: oneHeader(255, ''), message: 'the unknown type 255' },
    { why: 'a header without a name', block: Buffer.from([0, 0]), message: 'has no name' },
    { why: 'a name past the end', block: Buffer.from([255, 0x6e, 0]), message: 'runs past the end' },
    { why: 'a string past the end', block: oneHeader(7, '000461'), message: 'runs past the end' },
    {
      why: 'a value of 32,768 bytes',
      block: Buffer.concat([oneHeader(6, '8000'), Buffer.alloc(32_768)]),
      message: '32768 bytes, the most allowed is 32767',
    },
    {
      why: 'rubbish after good headers',
      block: Buffer.concat([oneHeader(0, ''), Buffer.from([3])]),
      message: 'runs past the end',
    },
  ])('refuses $why', ({ block, message }) => {
    expect(() => decodeHeaders(block)).toThrow(message)
  })

  it('accepts a value of 32,767 bytes and an empty block', () => {
    const block = Buffer.concat([oneHeader(6, '7fff'), Buffer.alloc(32_767)])
    expect(decodeHeaders(block).get('n')).toEqual({ type: 'bytes', value: new Uint8Array(32_767) })
    expect(decodeHeaders(Buffer.alloc(0))).toEqual(new Map())
  })

  it('keeps the last of two headers of one name, and is not confused by names of object properties', () => {
    const twice = Buffer.concat([oneHeader(0, ''), oneHeader(1, '')])
    expect(decodeHeaders(twice)).toEqual(new Map([['n', { type: 'boolean', value: false }]]))
    const proto = Buffer.concat([Buffer.from([9]), Buffer.from('__proto__'), Buffer.from([0])])
    expect([...decodeHeaders(proto).keys()]).toEqual(['__proto__'])
  })

  it('reads any headers as the official codec does', () => {
    fc.assert(
      fc.property(anyHeaders(), (headers) => {
        const block = official.format(headers)
        const expected = official.parse(new DataView(block.buffer, block.byteOffset, block.byteLength))
        const translated = Object.entries(expected).map(([name, value]) => [name, translate(value)] as const)
        expect(decodeHeaders(block)).toEqual(new Map(translated))
      }),
    )
  })
})

function anyHeaders(): fc.Arbitrary<MessageHeaders> {
  const name = fc
    .string({ unit: 'binary', minLength: 1, maxLength: 60 })
    .filter((text) => Buffer.byteLength(text) <= 255 && text !== '__proto__')
  return fc.dictionary(name, anyValue(), { maxKeys: 12, noNullPrototype: true })
}

function integer(bits: number): fc.Arbitrary<number> {
  return fc.integer({ min: -(2 ** (bits - 1)), max: 2 ** (bits - 1) - 1 })
}

function anyValue(): fc.Arbitrary<MessageHeaderValue> {
  const text = fc.string({ unit: 'binary', maxLength: 80 })
  const long = fc.uint8Array({ minLength: 8, maxLength: 8 }).map((bytes) => new Int64(bytes))
  return fc.oneof(
    fc.boolean().map((value) => ({ type: 'boolean', value }) as const),
    integer(8).map((value) => ({ type: 'byte', value }) as const),
    integer(16).map((value) => ({ type: 'short', value }) as const),
    integer(32).map((value) => ({ type: 'integer', value }) as const),
    long.map((value) => ({ type: 'long', value }) as const),
    fc.uint8Array({ maxLength: 80 }).map((value) => ({ type: 'binary', value }) as const),
    text.map((value) => ({ type: 'string', value }) as const),
    fc.date({ noInvalidDate: true }).map((value) => ({ type: 'timestamp', value }) as const),
    fc.uuid().map((value) => ({ type: 'uuid', value }) as const),
  )
}

/** A header of the official codec in our words. */
function translate(header: MessageHeaderValue): HeaderValue {
  switch (header.type) {
    case 'byte':
      return { type: 'int8', value: header.value }
    case 'short':
      return { type: 'int16', value: header.value }
    case 'integer':
      return { type: 'int32', value: header.value }
    case 'long':
      return { type: 'int64', value: Buffer.from(header.value.bytes).readBigInt64BE() }
    case 'binary':
      return { type: 'bytes', value: Uint8Array.from(header.value) }
    case 'boolean':
    case 'string':
    case 'timestamp':
    case 'uuid':
      return header
    default:
      return unreachable(header)
  }
}
