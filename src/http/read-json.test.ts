import { describe, expect, it } from 'vitest'
import { readJson } from './read-json.ts'

describe('readJson', () => {
  it('keeps every key but __proto__, wherever it stands and however it is written', () => {
    const text =
      '{"__proto__":{"a":1},"b":[{"\\u005f\\u005fproto__":1,"constructor":{"prototype":2}}],"toString":3}'
    const value = readJson(Buffer.from(text))
    expect(value).toEqual({ b: [{ constructor: { prototype: 2 } }], toString: 3 })
    expect(JSON.stringify(value)).not.toContain('__proto__')
  })

  it('leaves texts alone that only speak of __proto__', () => {
    expect(readJson(Buffer.from('{"a":"\\"__proto__\\": 1"}'))).toEqual({ a: '"__proto__": 1' })
  })

  it.each([
    ['nothing', Buffer.alloc(0), 'The request has no body; send JSON.'],
    ['Latin-1', Buffer.from('"\xe4"', 'latin1'), 'The body is not valid UTF-8.'],
    ['a surrogate', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'The body is not valid UTF-8.'],
    ['an overlong form', Buffer.from([0x22, 0xc0, 0xaf, 0x22]), 'The body is not valid UTF-8.'],
    ['half of it', Buffer.from('{"a":'), 'The body is not valid JSON.'],
    ['two of them', Buffer.from('{}{}'), 'The body is not valid JSON.'],
    ['two byte-order marks', Buffer.from('\uFEFF\uFEFF{}'), 'The body is not valid JSON.'],
  ])('refuses %s', (_, bytes, message) => {
    expect(() => readJson(bytes)).toThrow(message)
  })
})
