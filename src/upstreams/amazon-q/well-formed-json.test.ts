import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeWellFormedJson } from './well-formed-json.ts'

describe('writeWellFormedJson', () => {
  it.each([
    ['a\ud83d', 'a\ufffd'],
    ['\ude00b', '\ufffdb'],
    ['😀', '😀'],
    ['\\ud83d', '\\ud83d'],
    ['\\\ud83d', '\\\ufffd'],
    ['line\nend \\udabc', 'line\nend \\udabc'],
  ])('writes %j as %j', (text, expected) => {
    expect(JSON.parse(writeWellFormedJson({ [text]: [text] }))).toEqual({ [expected]: [expected] })
  })

  it('writes what the value is with every text made well-formed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 30 }), (text) => {
        expect(JSON.parse(writeWellFormedJson([text]))).toEqual([text.toWellFormed()])
        expect(JSON.parse(writeWellFormedJson([`\ud800${text}`]))).toEqual([`\ud800${text}`.toWellFormed()])
      }),
    )
  })
})
