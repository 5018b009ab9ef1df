/** Width and height of an image, from the head of its bytes. */

export interface Dimensions {
  width: number
  height: number
}

/** Undefined when the bytes end before they tell, or tell nothing. */
export function readDimensions(format: string, bytes: Buffer): Dimensions | undefined {
  try {
    switch (format) {
      case 'png':
        return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
      case 'gif':
        return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
      case 'webp':
        return readWebp(bytes)
      case 'jpeg':
        return readJpeg(bytes)
      default:
        return undefined
    }
  } catch (cause) {
    if (cause instanceof RangeError) return undefined
    throw cause
  }
}

/** The three kinds of a WebP: lossy, lossless, and extended. */
function readWebp(bytes: Buffer): Dimensions | undefined {
  switch (bytes.toString('latin1', 12, 16)) {
    case 'VP8 ':
      return { width: bytes.readUInt16LE(26) & 0x3fff, height: bytes.readUInt16LE(28) & 0x3fff }
    case 'VP8L': {
      const packed = bytes.readUInt32LE(21)
      return { width: (packed & 0x3fff) + 1, height: ((packed >> 14) & 0x3fff) + 1 }
    }
    case 'VP8X':
      return { width: bytes.readUIntLE(24, 3) + 1, height: bytes.readUIntLE(27, 3) + 1 }
    default:
      return undefined
  }
}

/** Markers C0 to CF begin a frame, but for three: Huffman tables, an extension, arithmetic coding. */
const NO_FRAME = new Set([0xc4, 0xc8, 0xcc])

/** Goes from segment to segment until the one that begins the frame. */
function readJpeg(bytes: Buffer): Dimensions | undefined {
  let position = 2
  while (bytes.readUInt8(position) === 0xff) {
    const marker = bytes.readUInt8(position + 1)
    if (marker >= 0xc0 && marker <= 0xcf && !NO_FRAME.has(marker)) {
      return { width: bytes.readUInt16BE(position + 7), height: bytes.readUInt16BE(position + 5) }
    }
    // Any number of FF bytes may fill the room before a marker.
    position += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(position + 2)
  }
  return undefined
}
