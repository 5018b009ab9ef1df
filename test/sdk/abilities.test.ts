import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { tablesOf } from '../markdown.ts'
import { abilities, libraries } from './abilities.ts'
import { readCells, rowOf, writeSdks } from './report.ts'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const tests = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.test.ts') && name !== 'abilities.test.ts')
  .map((name) => read(name))
const manifest = z
  .object({ devDependencies: z.record(z.string(), z.string()) })
  .parse(JSON.parse(read('../../package.json')))
const rows = Object.values(libraries)

/** `npm:ai@6.0.325` is `ai 6`, and so is `6.0.325` of `ai`. */
function generationOf(installedAs: string): string {
  const version = manifest.devDependencies[installedAs] ?? ''
  const [, alias, own = version] = /^npm:(.+)@(.+)$/.exec(version) ?? []
  return `${alias ?? installedAs} ${own.split('.')[0]}`
}

const runOf = (cases: readonly (readonly [row: string, title: string, status: string])[]) =>
  JSON.stringify({
    testResults: [
      { assertionResults: cases.map(([row, title, status]) => ({ ancestorTitles: [row], title, status })) },
    ],
  })

describe('the libraries', () => {
  it('are those that are installed', () => {
    expect(rows.map(({ installedAs }) => installedAs.map(generationOf).join(', '))).toEqual(
      rows.map(({ name }) => name),
    )
  })

  it('are each put to the tests, once', () => {
    const used = tests.flatMap((source) =>
      [...source.matchAll(/\.\.\.libraries\.(\w+)/g)].map(([, key = '']) => key),
    )
    expect(used.toSorted()).toEqual(Object.keys(libraries).toSorted())
  })

  it('are tested for every ability, and for nothing else', () => {
    const titles = [...read('prove-abilities.ts').matchAll(/'([a-z ]+: [^']+)'/g)].map(
      ([, title = '']) => title,
    )
    const wanted = Object.entries(abilities).map(([ability, sentence]) => `${ability}: ${sentence}`)
    expect(titles.map((title) => wanted.find((each) => title.startsWith(each)) ?? title)).toEqual(wanted)
  })

  it('stand in the document with what the last run has shown, and nothing is open', () => {
    const [table = []] = tablesOf(read('../../docs/sdks.md'))
    expect(table.map(([name, api]) => `${name}, ${api}`)).toEqual(rows.map(rowOf))
    for (const [, , ...cells] of table) {
      expect(cells).toHaveLength(Object.keys(abilities).length)
      expect(cells.filter((cell) => !/^[1-9]\d*$/.test(cell))).toEqual([])
    }
  })
})

describe('the report', () => {
  it('counts the cases of each cell, and tells what failed or was not run', () => {
    const row = rowOf(libraries.openaiChat)
    const cells = readCells(
      runOf([
        [row, 'text: a', 'passed'],
        [row, 'stream: b: x', 'passed'],
        [row, 'stream: b: y', 'failed'],
        [row, 'tools: c', 'skipped'],
        [rowOf(libraries.openaiResponses), 'text: a', 'passed'],
      ]),
    )
    expect(cells).toHaveLength(rows.length * Object.keys(abilities).length)
    expect(cells.slice(0, 4)).toEqual([
      { row, ability: 'text', passed: 1, failed: 0 },
      { row, ability: 'stream', passed: 1, failed: 1 },
      { row, ability: 'tools', passed: 0, failed: 1 },
      { row, ability: 'parallel tools', passed: 0, failed: 0 },
    ])
    const [first] = tablesOf(writeSdks(cells)).flat()
    expect(first?.slice(2, 6)).toEqual(['1', '**1 of 2 failed**', '**1 of 1 failed**', '0'])
  })
})
