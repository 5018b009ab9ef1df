import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createCustomInput, readCustomInput } from './custom-input.ts'

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('\\', '"', '\\"', '\\\\ud83d', '😀', '\n\t\u0000'),
)

/** The JSON text, with more escapes than it needs. */
function escapeAll(value: string): string {
  const escaped = Array.from({ length: value.length }, (_, at) => value.charCodeAt(at))
    .map((code) => `\\u${code.toString(16).padStart(4, '0')}`)
    .join('')
  return `"${escaped}"`
}

function tell(pieces: readonly string[]): string[] {
  const input = createCustomInput()
  return [...pieces.map((piece) => input.add(piece)), input.end()]
}

describe('the input of a custom tool', () => {
  it.each([
    ['{"input": "print(\\"a\\")\\n"}', 'print("a")\n'],
    [' {\n  "input" : "a"\n}', 'a'],
    ['{"input": "", "note": 1}', ''],
    ['{"note": 1, "input": "a"}', 'a'],
    ['{"inp\\u0075t": "a"}', 'a'],
    ['{"code": "a"}', '{"code": "a"}'],
    ['{"input": ["a"]}', '{"input": ["a"]}'],
    ['{}', '{}'],
    ['', ''],
    ['{"input": "a\\ud83d"}', 'a\ufffd'],
    ['{"input": "\\ud83dz"}', '\ufffdz'],
  ])('is taken out of what the model wrote: %s', (written, input) => {
    expect(readCustomInput(written)).toBe(input)
  })

  it('is what was meant, however it is written and cut, and never half a character', () => {
    const write = fc.constantFrom(JSON.stringify, escapeAll)
    const places = fc.array(fc.nat(), { maxLength: 8 })
    const rest = fc.constantFrom('}', ' }', ',"x":"\\""}')
    fc.assert(
      fc.property(text, write, rest, places, (meant, writeJson, end, cuts) => {
        const written = `{"input": ${writeJson(meant)}${end}`
        const borders = cuts.map((cut) => cut % (written.length + 1)).toSorted((a, b) => a - b)
        const told = tell(
          [...borders, written.length].map((to, at) => written.slice(borders[at - 1] ?? 0, to)),
        )
        expect(told.join('')).toBe(meant.toWellFormed())
        expect(told.filter((piece) => !piece.isWellFormed())).toEqual([])
      }),
    )
  })

  it('is told as it comes', () => {
    expect(tell(['{"input', '": "ab', 'c\\', 'nd\\ud83d', '\\ude00', 'e"', '}'])).toEqual([
      '',
      'ab',
      'c',
      '\nd',
      '😀',
      'e',
      '',
      '',
    ])
  })
})
