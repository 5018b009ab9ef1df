/** Reads the pictures that Chromium takes: PNG of eight bits a sample, RGB with or without alpha, not interlaced. */
import { inflateSync } from 'node:zlib'

export interface Picture {
  width: number
  height: number
  /** Bytes of a pixel: red, green, blue, and perhaps how opaque it is. */
  channels: number
  /** Row by row. */
  bytes: Uint8Array
}

const FIRST_CHUNK = 8
const CHUNK_HEAD = 8
const CHUNK_TAIL = 4
const channelsByColour = new Map([
  [2, 3],
  [6, 4],
])

export function readPng(png: Buffer): Picture {
  const head = png.subarray(FIRST_CHUNK + CHUNK_HEAD)
  const width = head.readUInt32BE(0)
  const height = head.readUInt32BE(4)
  const [depth, colour = -1, , , interlacing] = head.subarray(8, 13)
  const channels = channelsByColour.get(colour)
  if (depth !== 8 || interlacing !== 0 || channels === undefined) {
    throw new TypeError(`This is no PNG as Chromium takes them: depth ${depth}, colour ${colour}.`)
  }
  const filtered = inflateSync(Buffer.concat(dataOf(png)))
  return { width, height, channels, bytes: unfilter(filtered, { rowBytes: width * channels, channels }) }
}

function dataOf(png: Buffer): Buffer[] {
  const pieces: Buffer[] = []
  for (let at = FIRST_CHUNK; at < png.length;) {
    const begin = at + CHUNK_HEAD
    const end = begin + png.readUInt32BE(at)
    if (png.toString('latin1', at + 4, begin) === 'IDAT') pieces.push(png.subarray(begin, end))
    at = end + CHUNK_TAIL
  }
  return pieces
}

/** Each row begins with how its bytes were foretold: from the pixel to the left, the one above, both, or all three. */
function unfilter(
  filtered: Buffer,
  { rowBytes, channels }: { rowBytes: number; channels: number },
): Uint8Array {
  const rows = filtered.length / (rowBytes + 1)
  const bytes = new Uint8Array(rows * rowBytes)
  for (let row = 0; row < rows; row += 1) {
    const kind = filtered[row * (rowBytes + 1)] ?? 0
    const from = row * (rowBytes + 1) + 1
    const to = row * rowBytes
    for (let index = 0; index < rowBytes; index += 1) {
      const isFirst = index < channels
      const left = isFirst ? 0 : (bytes[to + index - channels] ?? 0)
      const above = row === 0 ? 0 : (bytes[to + index - rowBytes] ?? 0)
      const corner = isFirst || row === 0 ? 0 : (bytes[to + index - rowBytes - channels] ?? 0)
      bytes[to + index] = (filtered[from + index] ?? 0) + foretell(kind, left, above, corner)
    }
  }
  return bytes
}

function foretell(kind: number, left: number, above: number, corner: number): number {
  switch (kind) {
    case 0:
      return 0
    case 1:
      return left
    case 2:
      return above
    case 3:
      return (left + above) >> 1
    case 4:
      return nearest(left, above, corner)
    default:
      throw new TypeError(`A row of a PNG cannot be of kind ${kind}.`)
  }
}

/** Paeth's: whichever is nearest to left + above − corner; the first of equals. */
function nearest(left: number, above: number, corner: number): number {
  const toLeft = Math.abs(above - corner)
  const toAbove = Math.abs(left - corner)
  const toCorner = Math.abs(left + above - 2 * corner)
  if (toLeft <= toAbove && toLeft <= toCorner) return left
  return toAbove <= toCorner ? above : corner
}
