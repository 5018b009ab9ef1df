import { describe, expect, it } from 'vitest'
import { readDimensions } from './image-dimensions.ts'

/** Small images as encoders write them. */
const images = {
  png: 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC',
  jpeg: '/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////////////////////////////////////////////////////////////////wgALCAABAAEBAREA/8QAFBABAAAAAAAAAAAAAAAAAAAAAP/aAAgBAQABPxA=',
  gif: 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7',
  webp: 'UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA==',
}

function webp(kind: string, ...rest: number[]): Buffer {
  return Buffer.concat([Buffer.from(`RIFF\0\0\0\0WEBP${kind}\0\0\0\0`, 'latin1'), Buffer.from(rest)])
}

function jpeg(...segments: number[]): Buffer {
  return Buffer.from([0xff, 0xd8, ...segments])
}

const FRAME = [0, 17, 8, 0x03, 0x20, 0x04, 0x00]

describe('the dimensions of an image', () => {
  it.each([
    { format: 'png', bytes: Buffer.from(images.png, 'base64'), width: 8, height: 8 },
    { format: 'jpeg', bytes: Buffer.from(images.jpeg, 'base64'), width: 1, height: 1 },
    { format: 'gif', bytes: Buffer.from(images.gif, 'base64'), width: 1, height: 1 },
    { format: 'webp', bytes: Buffer.from(images.webp, 'base64'), width: 1, height: 1 },
    { format: 'webp', bytes: webp('VP8 ', 0, 0, 0, 0x9d, 1, 0x2a, 0x40, 0x46, 2, 0), width: 1600, height: 2 },
    { format: 'webp', bytes: webp('VP8X', 0, 0, 0, 0, 0x3f, 0x1f, 0, 9, 0, 1), width: 8000, height: 65_546 },
    // An application segment, a Huffman table, filling, and a progressive frame.
    {
      format: 'jpeg',
      bytes: jpeg(0xff, 0xe1, 0, 4, 1, 2, 0xff, 0xc4, 0, 3, 9, 0xff, 0xff, 0xc2, ...FRAME),
      width: 1024,
      height: 800,
    },
  ])('of $format: $width x $height', ({ format, bytes, width, height }) => {
    expect(readDimensions(format, bytes)).toEqual({ width, height })
  })

  it.each([
    { format: 'png', bytes: Buffer.alloc(20) },
    { format: 'gif', bytes: Buffer.from('GIF89a') },
    { format: 'webp', bytes: webp('ABCD', 1, 2, 3) },
    { format: 'jpeg', bytes: jpeg() },
    { format: 'jpeg', bytes: jpeg(0xff, 0xe1, 0xff, 0xff) },
    { format: 'jpeg', bytes: jpeg(1, 2, 3) },
    { format: 'bmp', bytes: Buffer.alloc(64) },
  ])('are not told by a cut or odd $format', ({ format, bytes }) => {
    expect(readDimensions(format, bytes)).toBeUndefined()
  })
})
