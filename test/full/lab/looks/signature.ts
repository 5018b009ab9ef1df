/**
 * What is kept of a picture: how bright each block of it is on the average, and of what colour, in steps of four. That survives
 * how letters are drawn and which digits they are; it does not survive a card that is gone, or a button of another colour.
 */
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import type { Picture } from './read-png.ts'

export interface Signature {
  width: number
  height: number
  /** From 0 to 63: first the brightness of all blocks, row by row, then how blue they are, then how red. */
  levels: Uint8Array
}

export interface Grid {
  columns: number
  rows: number
}

export const PLANES = 3
const STEP = 4
const HIGHEST = 63
const MIDDLE = 128

/** Blocks of 45 to 50 pixels on a desk, of 30 on a phone. */
export function gridOf({ width, height }: { width: number; height: number }): Grid {
  return width >= height ? { columns: 32, rows: 20 } : { columns: 13, rows: 28 }
}

export function signatureOf(picture: Picture): Signature {
  const { width, height } = picture
  const grid = gridOf(picture)
  const blocks = grid.columns * grid.rows
  const levels = new Uint8Array(blocks * PLANES)
  for (let block = 0; block < blocks; block += 1) {
    const [red, green, blue] = averageOf(picture, boundsOf(block, grid, picture))
    const bright = 0.299 * red + 0.587 * green + 0.114 * blue
    levels[block] = toLevel(bright)
    levels[blocks + block] = toLevel(MIDDLE + (blue - bright) * 0.564)
    levels[2 * blocks + block] = toLevel(MIDDLE + (red - bright) * 0.713)
  }
  return { width, height, levels }
}

export interface Bounds {
  left: number
  top: number
  right: number
  bottom: number
}

export function boundsOf(
  block: number,
  grid: Grid,
  { width, height }: { width: number; height: number },
): Bounds {
  const column = block % grid.columns
  const row = Math.floor(block / grid.columns)
  return {
    left: part(width, column, grid.columns),
    top: part(height, row, grid.rows),
    right: part(width, column + 1, grid.columns),
    bottom: part(height, row + 1, grid.rows),
  }
}

function part(whole: number, index: number, of: number): number {
  return Math.floor((whole * index) / of)
}

function averageOf({ width, channels, bytes }: Picture, { left, top, right, bottom }: Bounds) {
  let red = 0
  let green = 0
  let blue = 0
  for (let y = top; y < bottom; y += 1) {
    const end = (y * width + right) * channels
    for (let at = (y * width + left) * channels; at < end; at += channels) {
      red += bytes[at] ?? 0
      green += bytes[at + 1] ?? 0
      blue += bytes[at + 2] ?? 0
    }
  }
  const count = Math.max(1, (right - left) * (bottom - top))
  return [red / count, green / count, blue / count] as const
}

function toLevel(value: number): number {
  return Math.min(HIGHEST, Math.max(0, Math.round(value / STEP)))
}

/** A line's worth of text. */
export function writeSignature({ width, height, levels }: Signature): string {
  return `${width}x${height} ${deflateRawSync(levels, { level: 9 }).toString('base64url')}`
}

export function readSignature(text: string): Signature {
  const [, width, height, data = ''] = /^(\d+)x(\d+) ([\w-]+)$/.exec(text) ?? []
  const size = { width: Number(width), height: Number(height) }
  const levels = new Uint8Array(inflateRawSync(Buffer.from(data, 'base64url')))
  const { columns, rows } = gridOf(size)
  if (levels.length !== columns * rows * PLANES)
    throw new TypeError(`No signature of a picture: ${text.slice(0, 40)}`)
  return { ...size, levels }
}
