import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const through = (first: number, last: number) =>
  Array.from({ length: last - first + 1 }, (_, index) => `R${first + index}`)

describe('docs/proofs.md', () => {
  const document = readFileSync(new URL('../docs/proofs.md', import.meta.url), 'utf8')
  const files = [...document.matchAll(/`([^`\s]+\.ts)`/g)].map(([, file = '']) => file)

  it('names proofs that are there', () => {
    expect(files.length).toBeGreaterThan(10)
    expect(files.filter((file) => !existsSync(new URL(`../${file}`, import.meta.url)))).toEqual([])
  })

  it('has a row for each fault, and no row without a proof', () => {
    const rows = document.split('\n').filter((line) => /^\| (?:[RF]\d|–)/.test(line))
    expect(rows.filter((row) => !/`[^`\s]+\.ts`[^|]*\|$/.test(row))).toEqual([])
    const numbers = new Set(rows.map((row) => row.split('|')[1]?.trim()))
    const wanted = [...through(1, 26), ...through(39, 42), 'R45', 'R46', 'F12', 'F17', 'F21']
    expect(wanted.filter((number) => !numbers.has(number))).toEqual([])
  })
})
