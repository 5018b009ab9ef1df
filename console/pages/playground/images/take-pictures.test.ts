import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Picture } from '../request/turns.ts'
import { addPictures, takePictures } from './take-pictures.ts'

const picture: Picture = { name: 'a.png', mediaType: 'image/png', base64: '', width: 8, height: 8, bytes: 70 }
const refused = [{ name: 'notes.txt', why: 'format' as const, bytes: 4 }]
const many = (count: number) => Array.from({ length: count }, () => picture)

describe('pictures of a message', () => {
  afterEach(() => vi.unstubAllGlobals())

  it.each([
    [0, 2, 2, 0],
    [12, 8, 20, 0],
    [12, 12, 20, 4],
    [20, 1, 20, 1],
  ])('of %i and %i further ones are %i, and %i are too many', (known, taken, kept, tooMany) => {
    const all = addPictures({ pictures: many(known), refused }, { pictures: many(taken), refused: [] })
    expect(all.pictures).toHaveLength(kept)
    const tooManyOf = many(tooMany).map(() => ({ name: 'a.png', why: 'count', bytes: 70 }))
    expect(all.refused).toEqual([...refused, ...tooManyOf])
  })

  it('are none of a file that cannot be read to its end, and the others come all the same', async () => {
    const close = vi.fn<() => void>()
    vi.stubGlobal('createImageBitmap', async () => ({ width: 8, height: 8, close }))
    vi.stubGlobal('FileReader', FailingReader)
    const files = ['a.png', 'b.png'].map((name) => new File(['x'], name, { type: 'image/png' }))
    expect(await takePictures(files, { room: 20, shrinks: false })).toEqual({
      pictures: [],
      refused: [
        { name: 'a.png', why: 'broken', bytes: 1 },
        { name: 'b.png', why: 'broken', bytes: 1 },
      ],
    })
    expect(close).toHaveBeenCalledTimes(2)
  })
})

/** As a browser's when the file is gone meanwhile. */
class FailingReader extends EventTarget {
  readonly error = new Error('The file is gone.')
  readAsDataURL(): void {
    this.dispatchEvent(new Event('error'))
  }
}
