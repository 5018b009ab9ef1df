import { randomBytes } from 'node:crypto'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import { CHUNK_BYTES, openChunks, sealChunks } from './chunks.ts'

const SEALED_BYTES = CHUNK_BYTES + 16
const key = randomBytes(32)

/** In pieces of any size. */
async function* inPieces(bytes: Buffer, size: number) {
  for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size)
}
const seal = (bytes: Buffer, size = 10_000) => buffer(sealChunks(inPieces(bytes, size), key))
const open = (bytes: Buffer, size = 9999, by = key) => buffer(openChunks(inPieces(bytes, size), by))

const parts = (sealed: Buffer) =>
  [0, 1, 2].map((index) => sealed.subarray(index * SEALED_BYTES, (index + 1) * SEALED_BYTES))
const pick = (indexes: readonly number[]) => (sealed: Buffer) =>
  Buffer.concat(indexes.map((index) => parts(sealed)[index] ?? Buffer.alloc(0)))

describe('sealed chunks', () => {
  it.each([0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 3 * CHUNK_BYTES, 200_001])(
    'open to the %i bytes that they were',
    async (length) => {
      const bytes = randomBytes(length)
      const sealed = await seal(bytes)
      expect(sealed.length).toBe(length + 16 * Math.max(1, Math.ceil(length / CHUNK_BYTES)))
      for (const size of [1000, 300_000]) expect((await open(sealed, size)).equals(bytes)).toBe(true)
    },
  )

  const three = randomBytes(3 * CHUNK_BYTES)
  it.each<[string, (sealed: Buffer) => Buffer]>([
    ['cut off after a chunk', pick([0, 1])],
    ['in another order', pick([1, 0, 2])],
    ['without the first', pick([1, 2])],
    ['with one twice', pick([0, 1, 1, 2])],
    ['with more after the last', pick([0, 1, 2, 2])],
    ['cut off in a chunk', (sealed) => sealed.subarray(0, -20)],
    ['gone', () => Buffer.alloc(0)],
    ['shorter than a tag', (sealed) => sealed.subarray(0, 5)],
  ])('do not open %s', async (_, damage) => {
    await expect(open(damage(await seal(three)))).rejects.toThrow(/damaged or cut off/)
  })

  it('do not open with a bit turned anywhere, or by another key', async () => {
    const sealed = await seal(randomBytes(100))
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Buffer.from(sealed)
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at)
      await expect(open(changed)).rejects.toThrow(/damaged/)
    }
    await expect(open(sealed, 50, randomBytes(32))).rejects.toThrow(/locked by something else/)
  })
})
