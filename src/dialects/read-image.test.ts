import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { imageFormats, images } from '../../test/sample-images.ts'
import { readBase64Image, readImageUrl } from './read-image.ts'

const refusalWith = (code: string, message: RegExp) =>
  expect.objectContaining({
    failure: { kind: 'invalid-request', field: 'at', code, message: expect.stringMatching(message) },
  })

const gif = (width: number, height: number) => {
  const bytes = Buffer.from('GIF89a....')
  bytes.writeUInt16LE(width, 6)
  bytes.writeUInt16LE(height, 8)
  return bytes.toString('base64')
}

describe('an image as base64', () => {
  it.each(imageFormats)('is a %s by its bytes', (format) => {
    expect(readBase64Image(images[format], 'at')).toEqual({ kind: 'image', format, base64: images[format] })
  })

  it.each<[string, (base64: string) => string]>([
    ['line breaks', (base64) => base64.replaceAll(/.{20}/g, '$&\r\n')],
    ['a line break at the end', (base64) => `${base64}\n`],
    ['no padding', (base64) => base64.replaceAll('=', '')],
    ['the URL-safe alphabet', (base64) => base64.replaceAll('+', '-').replaceAll('/', '_')],
  ])('may have %s', (_, change) => {
    for (const format of imageFormats) {
      expect(readBase64Image(change(images[format]), 'at').base64).toBe(images[format])
    }
  })

  it.each(['~', 'iVBORw0KGgo=AAAA', 'iVBOR', 'iVBORw0KGgo===', 'data:image/png;base64,iVBORw0KGgo'])(
    'is refused when it is no base64: %s',
    (text) => {
      expect(() => readBase64Image(text, 'at')).toThrow(
        refusalWith('invalid_value', /^at: Input should be base64/),
      )
    },
  )

  it.each(['AAAA', Buffer.from('BM bitmap').toString('base64'), Buffer.from('<svg/>').toString('base64')])(
    'is refused when its bytes are of no known format: %j',
    (text) => {
      expect(() => readBase64Image(text, 'at')).toThrow(
        refusalWith('invalid_value', /^at: Input should be an image in PNG, JPEG, GIF or WebP/),
      )
    },
  )

  it('has at most 5 000 000 characters, line breaks not counted', () => {
    const largest = images.png.slice(0, 40).padEnd(5_000_000, 'A')
    expect(readBase64Image(`${largest}\n`, 'at').base64).toBe(largest)
    expect(() => readBase64Image(`${largest}AAAA`, 'at')).toThrow(
      refusalWith(
        'string_above_max_length',
        /^at: This image has 5000004 base64 characters.* limit is 5000000/,
      ),
    )
  })

  it.each(['', '  \n', '=='])('is refused when it is empty: %j', (text) => {
    expect(() => readBase64Image(text, 'at')).toThrow(
      refusalWith('invalid_value', /^at: This image is empty/),
    )
  })

  it.each([
    [0, 1, 'This image is empty'],
    [1, 0, 'This image is empty'],
    [8001, 1, 'This image has 8001 × 1 pixels, the limit is 8000 a side'],
    [1, 65_535, 'This image has 1 × 65535 pixels, the limit is 8000 a side'],
  ])('is refused when its sides are %i × %i', (width, height, text) => {
    expect(() => readBase64Image(gif(width, height), 'at')).toThrow(
      refusalWith('invalid_value', new RegExp(`^at: ${text}`)),
    )
  })

  it('has at most 8000 pixels a side', () => {
    const base64 = gif(8000, 8000)
    expect(readBase64Image(base64, 'at')).toEqual({ kind: 'image', format: 'gif', base64 })
  })

  it('is refused when its header is cut off', () => {
    const text = Buffer.from('GIF89a\x01').toString('base64')
    expect(() => readBase64Image(text, 'at')).toThrow(
      refusalWith('invalid_value', /^at: This image is broken/),
    )
  })

  it('keeps its bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), fc.boolean(), (tail, isUrlSafe) => {
        const bytes = Buffer.concat([Buffer.from('GIF89a\x01\x00\x01\x00'), tail])
        const { base64 } = readBase64Image(bytes.toString(isUrlSafe ? 'base64url' : 'base64'), 'at')
        expect(base64).toBe(bytes.toString('base64'))
      }),
    )
  })
})

describe('an image URL', () => {
  it.each([
    'data:image/png;base64,',
    'DATA:IMAGE/PNG;BASE64,',
    'data:;base64,',
    'data:image/png;charset=utf-8;base64,',
    'data:image/jpeg;base64,\n',
  ])('may hold the image itself: %s', (head) => {
    expect(readImageUrl(head + images.png, 'at')).toEqual({
      kind: 'image',
      format: 'png',
      base64: images.png,
    })
  })

  it.each([
    ['https://example.com/a.png', 'https://example.com/a.png'],
    [' HTTP://Example.com\n', 'http://example.com/'],
    ['http://169.254.169.254/,;base64,AAAA', 'http://169.254.169.254/,;base64,AAAA'],
    [`https://a/${'x'.repeat(2038)}`, `https://a/${'x'.repeat(2038)}`],
  ])('of another place becomes a link: %s', (url, expected) => {
    expect(readImageUrl(url, 'at')).toEqual({ kind: 'image-link', url: expected, field: 'at' })
  })

  it.each([
    [
      `https://a/${'x'.repeat(2039)}`,
      /^at: This address has 2049 characters, the limit is 2048; send the image/,
    ],
    ['https://', /^at: This is no valid address; send the image itself/],
    ['https://[::1', /^at: This is no valid address/],
    ['file:///etc/passwd', /^at: This is no base64 data URL; send the image itself/],
    ['data:image/png,abc', /^at: This is no base64 data URL/],
    ['data:image/png;base64', /^at: This is no base64 data URL/],
    ['', /^at: This is no base64 data URL/],
  ])('is refused otherwise: %s', (url, message) => {
    expect(() => readImageUrl(url, 'at')).toThrow(refusalWith('invalid_image_url', message))
  })
})
