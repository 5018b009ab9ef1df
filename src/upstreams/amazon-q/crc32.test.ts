import { crc32 as zlibCrc32 } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { continueCrc32 } from './crc32.ts'

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

describe('continueCrc32', () => {
  it('knows the check value of the standard', () => {
    expect(continueCrc32(0, viewOf(Buffer.from('123456789')), { start: 0, end: 9 })).toBe(0xcbf43926)
  })

  it('agrees with zlib for every length around its own block size and its hand-over to zlib', () => {
    const bytes = Buffer.from(Array.from({ length: 660 }, (_, index) => (index * 7919) >> 3))
    for (let end = 0; end <= bytes.length; end++) {
      expect(continueCrc32(0, viewOf(bytes), { start: 0, end })).toBe(zlibCrc32(bytes.subarray(0, end)))
    }
  })

  it('agrees with zlib on any range after any beginning', () => {
    const ranges = fc
      .uint8Array({ maxLength: 1500 })
      .chain((bytes) => fc.tuple(fc.constant(bytes), fc.nat(bytes.length), fc.nat(bytes.length)))
    fc.assert(
      fc.property(ranges, fc.nat(0xffffffff), ([bytes, one, other], crc) => {
        const range = { start: Math.min(one, other), end: Math.max(one, other) }
        const expected = zlibCrc32(bytes.subarray(range.start, range.end), crc)
        expect(continueCrc32(crc, viewOf(bytes), range)).toBe(expected)
      }),
    )
  })
})
