import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { closeJson } from './close-json.ts'

describe('JSON without its end', () => {
  it.each([
    ['{"a":"b', { a: 'b' }],
    ['{"a":"b\\', { a: 'b' }],
    ['{"a":"b\\u00', { a: 'b' }],
    ['{"a":[1,{"b":"c', { a: [1, { b: 'c' }] }],
    ['{"a":1,"b', { a: 1 }],
    ['{"a":1,"b":', { a: 1 }],
    ['{"a":1,"b":tr', { a: 1 }],
    ['{"a":1}', { a: 1 }],
    ['[1,2,', [1, 2]],
  ])('is read as far as it goes: %s', (text, value) => {
    expect(closeJson(text)).toEqual(value)
  })

  it.each(['', 'no JSON', '}{', '<html>'])('stays unread where it was none: %s', (text) => {
    expect(closeJson(text)).toBeUndefined()
  })

  it('can be read wherever an object was cut', () => {
    const values = fc.dictionary(fc.string({ minLength: 1 }), fc.jsonValue(), { minKeys: 1 })
    fc.assert(
      fc.property(values, fc.nat(), (value, seed) => {
        const text = JSON.stringify(value)
        expect(closeJson(text.slice(0, 1 + (seed % text.length)))).toBeDefined()
      }),
    )
  })
})
