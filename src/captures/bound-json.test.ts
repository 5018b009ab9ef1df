import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundJson, type JsonPlace, type Surroundings } from './bound-json.ts'

const asItIs = {
  standIn: () => undefined,
  surround: (): Surroundings => 'plain',
  clean: (text: string) => text,
}
const bound = (value: unknown, mostBytes: number) => boundJson(value, { mostBytes, ...asItIs })
const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

describe('a bounded copy of JSON', () => {
  it('is the same where there is room for all of it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain: unknown = JSON.parse(JSON.stringify(value))
        // A comma behind the last member is counted too.
        const { value: copy, isCut } = bound(plain, bytesOf(plain) * 2 + 2)
        expect([copy, isCut]).toEqual([plain, false])
      }),
    )
  })

  it('never has more bytes than it may, and has no half characters', () => {
    // What stands for half a character is a character itself, and may have been there before.
    const text = fc.string({ unit: 'grapheme', maxLength: 200 }).filter((each) => !each.includes('\uFFFD'))
    const values = fc.letrec((tie) => ({
      value: fc.oneof(text, fc.integer(), fc.array(tie('value')), fc.dictionary(text, tie('value'))),
    })).value
    fc.assert(
      fc.property(values, fc.integer({ min: 4, max: 400 }), (value, mostBytes) => {
        const { value: copy, isCut } = bound(value, mostBytes)
        expect(bytesOf(copy)).toBeLessThanOrEqual(mostBytes)
        expect(JSON.stringify(copy)).not.toContain('\uFFFD')
        expect(isCut || bytesOf(copy) === bytesOf(value)).toBe(true)
      }),
    )
  })

  it.each<[string, unknown, number, unknown]>([
    ['a text', 'abcdefgh', 8, 'abc…'],
    ['a text of wide characters', '😀😀😀', 10, '😀…'],
    ['a text of escapes', '\n\n\n\n', 9, '\n\n…'],
    ['a list', [1, 2, 3, 4, 5], 8, [1, 2, 3]],
    ['the last members', { a: 1, b: 2, c: 3 }, 16, { a: 1, b: 2 }],
    ['a long name', { ['x'.repeat(100)]: 1 }, 50, {}],
    ['nothing', 'abc', 1, null],
  ])('is cut: %s', (_, value, mostBytes, copy) => {
    expect(bound(value, mostBytes)).toEqual({ value: copy, isCut: true })
  })

  it('has what stands in for a value, who is told where that is', () => {
    const places: JsonPlace[] = []
    const value = { outer: { list: ['a', 1] } }
    const { value: copy } = boundJson(value, {
      ...asItIs,
      mostBytes: 100,
      surround: (_, { name, surroundings }) => (name === 'outer' ? 'secret' : surroundings),
      standIn(found, place) {
        places.push(place)
        return found === 'a' ? 'b' : undefined
      },
    })
    expect(copy).toEqual({ outer: { list: ['b', 1] } })
    expect(places[0]).toEqual({
      name: 'list',
      holder: value.outer,
      isListed: true,
      surroundings: 'secret',
    })
  })

  it('has names that are cleaned in a way of their own', () => {
    const { value } = boundJson({ ab: 'ab' }, { ...asItIs, mostBytes: 100, cleanName: () => 'x' })
    expect(value).toEqual({ x: 'ab' })
  })

  it('keeps an own __proto__ what it is', () => {
    const { value } = bound(JSON.parse('{"__proto__": {"isAdmin": true}}'), 100)
    expect(JSON.stringify(value)).toBe('{"__proto__":{"isAdmin":true}}')
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
  })
})
