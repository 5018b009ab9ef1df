/** Whether a page looks as it did: what is told of the difference, and where it is. */
import { boundsOf, gridOf, PLANES, type Signature } from './signature.ts'

export interface Look {
  signature: Signature
  /** How long the page is, and what scrolls in the drawer, dialog or menu above it, in pixels: of both a picture shows a window's worth. */
  lengths: readonly [page: number, open: number]
}

export interface ChangedBlock {
  block: number
  /** By how many levels, at the most of brightness and colour. */
  distance: number
}

export interface Difference {
  told: string
  blocks: ChangedBlock[]
}

/** One block that differs by so many levels is a change: a sixteenth of white to black, a button's worth of another colour. */
const CLEAR = 4
/** Other letters and digits, and where a level ends, come to no more than this. */
const SLIGHT = 1
/** So large a part of all blocks may differ by more than that. */
const MOST_SLIGHT = 0.03
/** Of the lengths: less than a line of text and what is between two of them. */
const LENGTH_PIXELS = 24

/** Undefined: it looks as it did. */
export function compareLooks(was: Look, is: Look): Difference | undefined {
  const size = sizeOf(is.signature)
  if (sizeOf(was.signature) !== size) {
    return { told: `the picture has ${size} pixels, and had ${sizeOf(was.signature)}`, blocks: [] }
  }
  const told = [
    ...tellLength('the page', was.lengths[0], is.lengths[0]),
    ...tellLength('what is open', was.lengths[1], is.lengths[1]),
  ]
  const blocks = changedBlocks(was.signature, is.signature)
  if (blocks.length > 0) told.push(`${blocks.length} of ${countBlocks(is.signature)} blocks differ`)
  return told.length === 0 ? undefined : { told: told.join('; '), blocks }
}

function tellLength(what: string, was: number, is: number): string[] {
  return Math.abs(was - is) < LENGTH_PIXELS ? [] : [`${what} is ${is} pixels long, and was ${was}`]
}

function changedBlocks(was: Signature, is: Signature): ChangedBlock[] {
  const count = countBlocks(is)
  const apart = Array.from({ length: count }, (_, block) => ({ block, distance: distanceAt(block, was, is) }))
  const moreThanSlight = apart.filter(({ distance }) => distance > SLIGHT)
  return moreThanSlight.length > count * MOST_SLIGHT
    ? moreThanSlight
    : moreThanSlight.filter(({ distance }) => distance >= CLEAR)
}

function distanceAt(block: number, was: Signature, is: Signature): number {
  const count = countBlocks(is)
  const planes = Array.from({ length: PLANES }, (_, plane) => plane * count + block)
  return Math.max(...planes.map((at) => Math.abs((was.levels[at] ?? 0) - (is.levels[at] ?? 0))))
}

function countBlocks(signature: Signature): number {
  const { columns, rows } = gridOf(signature)
  return columns * rows
}

function sizeOf({ width, height }: Signature): string {
  return `${width} × ${height}`
}

/** The window as a map, a letter a block, and each block that differs with its place in pixels. */
export function describeDifference({ told, blocks }: Difference, signature: Signature): string {
  const grid = gridOf(signature)
  const changed = new Map(blocks.map(({ block, distance }) => [block, distance]))
  const map = Array.from({ length: grid.rows }, (_, row) =>
    Array.from({ length: grid.columns }, (__, column) =>
      markOf(changed.get(row * grid.columns + column)),
    ).join(''),
  )
  const places = blocks.map(({ block, distance }) => {
    const { left, top, right, bottom } = boundsOf(block, grid, signature)
    return `x ${left} to ${right}, y ${top} to ${bottom}: ${distance} levels`
  })
  return [told, '', ...map, '', ...places, ''].join('\n')
}

function markOf(distance: number | undefined): string {
  if (distance === undefined) return '·'
  return distance >= CLEAR ? '#' : '+'
}
