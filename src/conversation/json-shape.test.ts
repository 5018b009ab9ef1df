import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findJsonExcess } from './json-shape.ts'

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
const list = (length: number) => `[${'0,'.repeat(length - 1)}0]`

const judge = (text: string): string => findJsonExcess(text)?.kind ?? 'accepted'

/** The same law over values instead of text. */
function measure(value: unknown): { depth: number; nodes: number } {
  if (typeof value !== 'object' || value === null) return { depth: 0, nodes: 1 }
  const members = Object.values(value).map(measure)
  return {
    depth: 1 + Math.max(0, ...members.map(({ depth }) => depth)),
    nodes: 1 + members.reduce((sum, { nodes }) => sum + nodes, 0),
  }
}

describe('findJsonExcess', () => {
  it.each([
    ['127 levels', nested(127)],
    ['128 levels', nested(128)],
    ['128 levels many times over', `[${`${nested(127)},`.repeat(300)}0]`],
    ['99,999 values', list(99_998)],
    ['100,000 values', list(99_999)],
    ['brackets and commas in strings', `"${'[{,'.repeat(100_000)}"`],
    ['escaped quotes', `["${'\\"['.repeat(1000)}","\\\\",${nested(127)}]`],
    ['a string that does not end', `"${'['.repeat(1000)}`],
    ['more closing than opening', ']'.repeat(1000)],
    ['nothing', ''],
  ])('S48: accepts %s', (_, text) => {
    expect(judge(text)).toBe('accepted')
  })

  it.each([
    ['129 levels', nested(129), 'too-deep'],
    ['129 levels of objects', '{"a":'.repeat(129), 'too-deep'],
    ['129 levels after a string that ends in a backslash', `["\\\\",${nested(128)}]`, 'too-deep'],
    ['100,001 values', list(100_000), 'too-large'],
    ['members of objects', `{${'"a":0,'.repeat(100_000)}"a":0}`, 'too-large'],
    ['empty lists', `[${'[],'.repeat(60_000)}[]]`, 'too-large'],
  ])('S48: refuses %s', (_, text, reason) => {
    expect(judge(text)).toBe(reason)
  })

  it('never refuses a value that is well within the limits, however it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 8 }), fc.boolean(), (value, indented) => {
        const { depth, nodes } = measure(value)
        fc.pre(depth <= 128 && nodes <= 40_000)
        expect(judge(JSON.stringify(value, null, indented ? 2 : 0))).toBe('accepted')
      }),
      { numRuns: 200 },
    )
  })

  it('sees the depth of a value wherever strings stand around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.integer({ min: 100, max: 160 }), (key, text, depth) => {
        const around = (inner: string) => `{${JSON.stringify(key)}:[${JSON.stringify(text)},${inner}]}`
        expect(judge(around(nested(depth)))).toMatch(depth <= 126 ? /accepted/ : 'too-deep')
      }),
      { numRuns: 200 },
    )
  })
})
