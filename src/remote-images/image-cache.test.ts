import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { ImagePart } from '../conversation/conversation.ts'
import { createImageCache } from './image-cache.ts'

const imageOf = (base64: string): ImagePart => ({ kind: 'image', format: 'png', base64 })
const MINUTE_MS = 60_000

const start = () => {
  const clock = createFakeClock()
  return { clock, cache: createImageCache(clock) }
}

describe('the cache of fetched images', () => {
  it('knows what was fetched, and what could not be, by client', () => {
    const { cache } = start()
    cache.keep('a', 'https://x/1', imageOf('AAAA'))
    cache.keep('a', 'https://x/2', undefined)
    expect(cache.find('a', 'https://x/1')?.image).toEqual(imageOf('AAAA'))
    expect(cache.find('a', 'https://x/2')).toMatchObject({ image: undefined })
    expect([cache.find('a', 'https://x/3'), cache.find('b', 'https://x/1')]).toEqual([undefined, undefined])
  })

  it('forgets after ten minutes, however often it was asked', () => {
    const { cache, clock } = start()
    cache.keep('a', 'u', imageOf('AAAA'))
    clock.advance(10 * MINUTE_MS - 1)
    expect(cache.find('a', 'u')).toBeDefined()
    clock.advance(1)
    expect(cache.find('a', 'u')).toBeUndefined()
  })

  it('counts ten minutes from the latest fetch', () => {
    const { cache, clock } = start()
    cache.keep('a', 'u', undefined)
    cache.keep('a', 'other', undefined)
    clock.advance(6 * MINUTE_MS)
    cache.keep('a', 'u', imageOf('AAAA'))
    clock.advance(6 * MINUTE_MS)
    expect([cache.find('a', 'u')?.image, cache.find('a', 'other')]).toEqual([imageOf('AAAA'), undefined])
  })

  it('holds 64 MB in all, and forgets the oldest first', () => {
    const { cache } = start()
    const large = imageOf('A'.repeat(5_000_000))
    const keep = (index: number) => cache.keep(`client ${index % 2}`, `u${index}`, large)
    const knows = (index: number) => cache.find(`client ${index % 2}`, `u${index}`) !== undefined
    for (let index = 0; index < 12; index += 1) keep(index)
    // Not counted twice.
    keep(11)
    expect(knows(0)).toBe(true)
    keep(12)
    expect([knows(0), knows(1), knows(12)]).toEqual([false, true, true])
  })
})
