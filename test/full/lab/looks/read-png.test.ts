import { describe, expect, it } from 'vitest'
import { readPng } from './read-png.ts'
import { writePng } from './write-png.ts'

const noise = (length: number) =>
  Uint8Array.from({ length }, (_, index) => (index * index * 31 + index * 7) % 251)

describe('a picture of the browser', () => {
  it.each([
    { channels: 3, filter: 0 },
    { channels: 3, filter: 1 },
    { channels: 3, filter: 2 },
    { channels: 3, filter: 3 },
    { channels: 3, filter: 4 },
    { channels: 4, filter: 1 },
    { channels: 4, filter: 4 },
  ])('is read: $channels bytes a pixel, filter $filter', ({ channels, filter }) => {
    const picture = { width: 13, height: 9, channels, bytes: noise(13 * 9 * channels) }
    expect(readPng(writePng(picture, { filterOf: () => filter }))).toEqual(picture)
  })

  it('is read with another filter in each row, and in several pieces', () => {
    const picture = { width: 40, height: 20, channels: 4, bytes: noise(40 * 20 * 4) }
    expect(readPng(writePng(picture, { filterOf: (row) => row % 5, pieces: 3 }))).toEqual(picture)
  })

  it('is refused when it is of another kind', () => {
    const picture = { width: 2, height: 2, channels: 3, bytes: noise(12) }
    expect(() => readPng(writePng(picture, { depth: 16 }))).toThrow('no PNG as Chromium takes them: depth 16')
    expect(() => readPng(writePng(picture, { filterOf: () => 9 }))).toThrow('cannot be of kind 9')
  })
})
