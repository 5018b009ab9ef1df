import { describe, expect, it } from 'vitest'
import { MAX_IMAGE_BYTES } from '../../../../src/dialects/read-image.ts'
import { refusePicture, smallerSize } from './fit-picture.ts'

const fine = { mediaType: 'image/png', width: 800, height: 600, bytes: 100_000 }

describe('a picture', () => {
  it.each([
    [{}, undefined],
    [{ mediaType: 'image/svg+xml' }, 'format'],
    [{ mediaType: '' }, 'format'],
    [{ width: 0 }, 'broken'],
    [{ height: 8001 }, 'pixels'],
    [{ bytes: MAX_IMAGE_BYTES }, undefined],
    [{ bytes: MAX_IMAGE_BYTES + 1 }, 'bytes'],
  ])('with %o is refused for: %s', (changes, refusal) => {
    expect(refusePicture({ ...fine, ...changes })).toBe(refusal)
  })

  it.each([
    [{}, undefined],
    [
      { width: 3136, height: 1000 },
      { width: 1568, height: 500 },
    ],
    [
      { width: 10, height: 9000 },
      { width: 2, height: 1568 },
    ],
    [{ bytes: 9_000_000 }, { width: 800, height: 600 }],
    [{ mediaType: 'image/gif', width: 3000 }, undefined],
  ])('with %o is drawn in: %o', (changes, size) => {
    expect(smallerSize({ ...fine, ...changes })).toEqual(size)
  })
})
