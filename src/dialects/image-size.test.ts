import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imageFormats, images } from '../../test/sample-images.ts'
import { readImageSize } from './image-size.ts'

const base64Of = (...pieces: (string | number[])[]) =>
  Buffer.concat(
    pieces.map((piece) => (typeof piece === 'string' ? Buffer.from(piece, 'latin1') : Buffer.from(piece))),
  ).toString('base64')
const big = (value: number, length: number) => {
  const bytes = Buffer.alloc(length)
  bytes.writeUIntBE(value, 0, length)
  return [...bytes]
}
const little = (value: number, length: number) => big(value, length).toReversed()

const jpegSegment = (marker: number, body: number[]) => [0xff, marker, ...big(body.length + 2, 2), ...body]
const frame = (width: number, height: number) => [8, ...big(height, 2), ...big(width, 2), 3]
const webp = (chunk: string, ...body: number[][]) => base64Of('RIFF....WEBP', chunk, [9, 9, 9, 9], ...body)
const lossless = (width: number, height: number) => little((width - 1) | ((height - 1) << 14), 4)

describe('the size of an image', () => {
  it.each([
    ['png', { width: 8, height: 8 }],
    ['jpeg', { width: 1, height: 1 }],
    ['gif', { width: 1, height: 1 }],
    ['webp', { width: 1, height: 1 }],
  ] as const)('is read from a whole %s', (format, size) => {
    expect(readImageSize(format, images[format])).toEqual(size)
  })

  it.each([
    ['png', '', base64Of('\x89PNG\r\n\x1a\n', [0, 0, 0, 13], 'IHDR', big(70_000, 4), big(300, 4))],
    ['gif', '', base64Of('GIF87a', little(7000, 2), little(300, 2))],
    ['webp', 'with a canvas', webp('VP8X', [0, 0, 0, 0], little(69_999, 3), little(299, 3))],
    ['webp', 'without loss', webp('VP8L', [0x2f], lossless(7000, 300))],
    ['webp', 'with loss', webp('VP8 ', [1, 2, 3, 0x9d, 1, 0x2a], little(7000, 2), little(0x4000 | 300, 2))],
  ] as const)('is read from the header of a %s %s', (format, _, base64) => {
    expect(readImageSize(format, base64)).toMatchObject({ height: 300 })
    expect(readImageSize(format, base64)?.width).toSatisfy((width) => width === 7000 || width === 70_000)
  })

  it.each([
    ['a baseline', 0xc0],
    ['a progressive', 0xc2],
    ['an arithmetic', 0xcf],
  ])('is read from %s JPEG, past tables, thumbnails and filling bytes', (_, marker) => {
    const thumbnail = [0xff, 0xd8, ...jpegSegment(0xc0, frame(16, 9)), 0xff, 0xd9]
    const base64 = base64Of(
      [0xff, 0xd8],
      jpegSegment(0xe1, [...Buffer.from('Exif\0\0'), ...thumbnail]),
      jpegSegment(
        0xe2,
        Array.from({ length: 65_000 }, () => 0xff),
      ),
      jpegSegment(0xdb, [1]),
      jpegSegment(0xc4, [1, 2]),
      [0xff, 0xff, 0xff],
      jpegSegment(0xfe, []),
      jpegSegment(marker, frame(7000, 300)),
    )
    expect(readImageSize('jpeg', base64)).toEqual({ width: 7000, height: 300 })
  })

  it.each([
    [
      'a PNG that begins with another chunk',
      'png',
      base64Of('\x89PNG\r\n\x1a\n', [0, 0, 0, 4], 'CgBI', big(1, 4), big(1, 4)),
    ],
    ['a WebP of an unknown kind', 'webp', webp('VP9 ', big(1, 6), big(1, 6), big(1, 6))],
    ['a lossless WebP without its mark', 'webp', webp('VP8L', [0x2e], lossless(1, 1))],
    ['a lossy WebP without its mark', 'webp', webp('VP8 ', big(1, 6), little(1, 2), little(1, 2))],
    [
      'a JPEG without a frame',
      'jpeg',
      base64Of([0xff, 0xd8], jpegSegment(0xda, [1]), jpegSegment(0xc0, frame(1, 1))),
    ],
    ['a JPEG that ends', 'jpeg', base64Of([0xff, 0xd8, 0xff, 0xd9], jpegSegment(0xc0, frame(1, 1)))],
    ['a JPEG of noise', 'jpeg', base64Of([0xff, 0xd8, 0xff, 0xe0, 0, 2, 1, 2, 3, 4])],
    [
      'a JPEG of filling bytes',
      'jpeg',
      base64Of(
        [0xff, 0xd8],
        Array.from({ length: 5000 }, () => 0xff),
      ),
    ],
  ] as const)('is not known of %s', (_, format, base64) => {
    expect(readImageSize(format, base64)).toBeUndefined()
  })

  it('is not known of what is cut off before it', () => {
    const ends = { png: 23, gif: 9, webp: 24, jpeg: 97 }
    for (const format of imageFormats) {
      const bytes = Buffer.from(images[format], 'base64')
      const cut = (length: number) => readImageSize(format, bytes.subarray(0, length).toString('base64'))
      for (let length = 0; length <= ends[format]; length += 1) expect(cut(length)).toBeUndefined()
      expect(cut(bytes.length)).toBeDefined()
    }
  })

  it('is asked of any bytes without harm', () => {
    fc.assert(
      fc.property(fc.constantFrom(...imageFormats), fc.uint8Array({ maxLength: 200 }), (format, bytes) => {
        const size = readImageSize(format, Buffer.from(bytes).toString('base64'))
        expect(size === undefined || (size.width >= 0 && size.height >= 0)).toBe(true)
      }),
    )
  })
})
