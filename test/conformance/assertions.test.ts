import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { tablesOf } from '../markdown.ts'
import { assertions } from './assertions.ts'
import { readFindings, writeConformance } from './report.ts'

const here = new URL('.', import.meta.url)
const sources = readdirSync(here)
  .filter((name) => name.endsWith('.test.ts') && name !== 'assertions.test.ts')
  .map((name) => readFileSync(new URL(name, here), 'utf8'))
/** `A1: what holds` of each test, without what tells its cases apart. */
const titles = sources.flatMap((source) =>
  [...source.matchAll(/(['"])([ACRX]\d+): (.+?)(?:: (?:%|\$)[^'"]*)?\1,/g)].map(
    ([, , id, text]) => `${id}: ${text}`,
  ),
)
const all = Object.entries(assertions).map(([id, assertion]) => ({ id, ...assertion }))

const runOf = (cases: readonly (readonly [title: string, status: string])[]) =>
  JSON.stringify({
    testResults: [{ assertionResults: cases.map(([title, status]) => ({ title, status })) }],
  })

describe('the assertions', () => {
  it('have a test each that bears their sentence, or are proven by the agents themselves', () => {
    const wanted = all.flatMap(({ id, text, ...proof }) => ('provenBy' in proof ? [] : [`${id}: ${text}`]))
    expect([...new Set(titles)].toSorted()).toEqual(wanted.toSorted())
  })

  it('are as many as clients need', () => {
    const counts = ['A', 'C', 'R', 'X'].map((letter) => all.filter(({ id }) => id.startsWith(letter)).length)
    expect(counts).toEqual([50, 40, 31, 33])
  })

  it('stand in the document with what the last run said of them, and none has failed', () => {
    const document = readFileSync(new URL('../../docs/conformance.md', import.meta.url), 'utf8')
    const rows = tablesOf(document).flat()
    expect(rows.map(([id]) => id)).toEqual(all.map(({ id }) => id))
    for (const [index, { level, text }] of all.entries()) {
      const [, toldLevel, sentence, proof] = rows[index] ?? []
      expect([toldLevel, sentence?.toLowerCase()]).toEqual([level, text.toLowerCase()])
      expect(proof).toMatch(/^[1-9]\d* tests?$|^\[the program itself\]/)
    }
  })
})

describe('the report', () => {
  it('counts the cases of each assertion, and tells what failed or was not run', () => {
    const findings = readFindings(
      runOf([
        ['A1: a', 'passed'],
        ['A2: b: x', 'passed'],
        ['A2: b: y', 'failed'],
        ['A3: c', 'skipped'],
      ]),
    )
    expect(findings.slice(0, 4)).toEqual([
      { id: 'A1', passed: 1, failed: 0 },
      { id: 'A2', passed: 1, failed: 1 },
      { id: 'A3', passed: 0, failed: 1 },
      { id: 'A4', passed: 0, failed: 0 },
    ])
    const text = writeConformance(findings)
    expect(text).toContain('| 1 test |')
    expect(text).toContain('| **1 of 2 failed** |')
    expect(text).toContain('| 0 tests |')
  })
})
