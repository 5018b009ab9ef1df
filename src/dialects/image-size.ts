import type { ImageFormat } from '../conversation/conversation.ts'
import { unreachable } from '../conversation/unreachable.ts'

/** In pixels. */
export interface ImageSize {
  width: number
  height: number
}

/** Real files have some dozens; a made-up one could have hundreds of thousands. */
const MOST_JPEG_SEGMENTS = 1000

/** What the header of an image says. Decodes the few bytes it needs; undefined when the header is cut off or broken. */
export function readImageSize(format: ImageFormat, base64: string): ImageSize | undefined {
  switch (format) {
    case 'png':
      return sizeOfPng(base64)
    case 'gif':
      return sizeOfGif(base64)
    case 'webp':
      return sizeOfWebp(base64)
    case 'jpeg':
      return sizeOfJpeg(base64)
    default:
      return unreachable(format)
  }
}

/** Undefined when the image ends before. */
function bytesAt(base64: string, offset: number, length: number): Buffer | undefined {
  const skipped = offset % 3
  const begin = ((offset - skipped) / 3) * 4
  const end = Math.ceil((offset + length) / 3) * 4
  const bytes = Buffer.from(base64.slice(begin, end), 'base64').subarray(skipped, skipped + length)
  return bytes.length === length ? bytes : undefined
}

/** After the signature comes the chunk IHDR: its length, its name, width and height (PNG, 11.2.1). */
function sizeOfPng(base64: string): ImageSize | undefined {
  const bytes = bytesAt(base64, 12, 12)
  if (bytes?.toString('latin1', 0, 4) !== 'IHDR') return undefined
  return { width: bytes.readUInt32BE(4), height: bytes.readUInt32BE(8) }
}

/** The logical screen follows the signature (GIF89a, 18). */
function sizeOfGif(base64: string): ImageSize | undefined {
  const bytes = bytesAt(base64, 6, 4)
  return bytes && { width: bytes.readUInt16LE(0), height: bytes.readUInt16LE(2) }
}

/** The first chunk is that of a canvas (VP8X), of a lossless image (VP8L) or of a lossy one (VP8) (RFC 9649). */
function sizeOfWebp(base64: string): ImageSize | undefined {
  const chunk = bytesAt(base64, 12, 4)?.toString('latin1')
  if (chunk === 'VP8L') return sizeOfLossless(bytesAt(base64, 20, 5))
  if (chunk === 'VP8 ') return sizeOfLossy(bytesAt(base64, 23, 7))
  const canvas = chunk === 'VP8X' ? bytesAt(base64, 24, 6) : undefined
  return canvas && { width: canvas.readUIntLE(0, 3) + 1, height: canvas.readUIntLE(3, 3) + 1 }
}

function sizeOfLossless(bytes: Buffer | undefined): ImageSize | undefined {
  if (bytes?.[0] !== 0x2f) return undefined
  const sides = bytes.readUInt32LE(1)
  return { width: (sides & 0x3fff) + 1, height: ((sides >>> 14) & 0x3fff) + 1 }
}

/** The upper two bits of each side say how to scale it up. */
function sizeOfLossy(bytes: Buffer | undefined): ImageSize | undefined {
  if (bytes?.readUIntBE(0, 3) !== 0x9d012a) return undefined
  return { width: bytes.readUInt16LE(3) & 0x3fff, height: bytes.readUInt16LE(5) & 0x3fff }
}

/** Goes from segment to segment until a start of frame (ITU T.81, B.2.2). */
function sizeOfJpeg(base64: string): ImageSize | undefined {
  let offset = 2
  for (let segment = 0; segment < MOST_JPEG_SEGMENTS; segment += 1) {
    const head = bytesAt(base64, offset, 4)
    if (head?.[0] !== 0xff) return undefined
    const marker = head.readUInt8(1)
    if (marker === 0xff) {
      // A filling byte.
      offset += 1
    } else if (isStartOfFrame(marker)) {
      const sides = bytesAt(base64, offset + 5, 4)
      return sides && { width: sides.readUInt16BE(2), height: sides.readUInt16BE(0) }
    } else if (isBeforeFrame(marker)) {
      offset += 2 + head.readUInt16BE(2)
    } else return undefined
  }
  return undefined
}

/** SOF0 to SOF15; three of the numbers between mean something else. */
function isStartOfFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc
}

/** Tables, comments and application data: what has a length and may come before the frame. */
function isBeforeFrame(marker: number): boolean {
  return marker === 0xc4 || marker === 0xcc || (marker >= 0xdb && marker <= 0xfe)
}
