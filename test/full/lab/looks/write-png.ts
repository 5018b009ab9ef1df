/** Pictures for tests: as PNG, with whatever filter each row is to have. */
import { deflateSync } from 'node:zlib'
import type { Picture } from './read-png.ts'

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

export interface PngWishes {
  filterOf?: (row: number) => number
  depth?: number
  /** In so many chunks. */
  pieces?: number
}

export function writePng(
  picture: Picture,
  { filterOf = () => 0, depth = 8, pieces = 1 }: PngWishes = {},
): Buffer {
  const { width, height, channels } = picture
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([depth, channels === 3 ? 2 : 6], 8)
  const data = deflateSync(filterRows(picture, filterOf))
  const size = Math.ceil(data.length / pieces)
  const chunks = Array.from({ length: pieces }, (_, index) => data.subarray(index * size, (index + 1) * size))
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', head),
    ...chunks.map((each) => chunk('IDAT', each)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** Nobody looks at the checksum. */
function chunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length, 0)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, data, Buffer.alloc(4)])
}

function filterRows({ width, height, channels, bytes }: Picture, filterOf: (row: number) => number): Buffer {
  const rowBytes = width * channels
  const at = (row: number, index: number) => (row < 0 || index < 0 ? 0 : (bytes[row * rowBytes + index] ?? 0))
  const rows = Array.from({ length: height }, (_, row) => {
    const kind = filterOf(row)
    const filtered = Array.from({ length: rowBytes }, (__, index) => {
      const left = at(row, index - channels)
      const above = at(row - 1, index)
      const corner = index < channels ? 0 : at(row - 1, index - channels)
      const guess = left + above - corner
      const paeth =
        [left, above, corner].toSorted((a, b) => Math.abs(guess - a) - Math.abs(guess - b))[0] ?? 0
      const foretold = [0, left, above, Math.floor((left + above) / 2), paeth][kind] ?? 0
      return (at(row, index) - foretold) & 255
    })
    return Buffer.from([kind, ...filtered])
  })
  return Buffer.concat(rows)
}
