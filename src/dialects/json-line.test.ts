import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeJsonLine } from './json-line.ts'

describe('writeJsonLine', () => {
  it.each(['\u0085', '\u2028', '\u2029', '\n', '\r', '\v', '\f', '\u001c'])(
    'leaves no line end in %j',
    (character) => {
      const json = writeJsonLine(`a${character}b`)
      expect(json).toMatch(/^"a\\[ u0-9a-fnrvtb]+b"$/)
      expect(JSON.parse(json)).toBe(`a${character}b`)
    },
  )

  it('changes nothing that is read', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(JSON.parse(writeJsonLine(value))).toEqual(JSON.parse(JSON.stringify(value)))
      }),
    )
  })
})
