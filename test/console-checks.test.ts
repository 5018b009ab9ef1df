/** docs/console-checks.md is whole and true: each check names a proof that is there, or says what is missing. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { listPages } from './browser/console-pages.ts'
import { listStates } from './browser/console-states.ts'
import { tablesOf } from './markdown.ts'

const root = join(import.meta.dirname, '..')
const CHECKS = 13

const [rows = []] = tablesOf(readFileSync(join(root, 'docs', 'console-checks.md'), 'utf8'))

describe('docs/console-checks.md', () => {
  it('has one row for each check, in order', () => {
    const wanted = Array.from({ length: CHECKS }, (_, index) => `C${index + 1}`)
    expect(rows.map(([number]) => number)).toEqual(wanted)
  })

  it('names proofs that are there, and says of the rest what is missing', () => {
    const files = rows.map(([, , , proofs = '']) => proofs.match(/[\w/.-]+\.ts/g) ?? [])
    expect(files.filter((each) => each.length === 0)).toEqual([])
    expect(files.flat().filter((file) => !existsSync(join(root, file)))).toEqual([])
    expect(rows.filter(([, , state = '']) => !/^(proven$|partly: .{20})/.test(state))).toEqual([])
  })
})

describe('the looks of the console that are judged', () => {
  const calls = { call: 'c', failedCall: 'f', capturedCall: 'd', capturedBodies: '{}' }
  const ids = { account: 'a', key: 'k', event: 1, ...calls }
  const states = listStates(ids)

  it.each(listPages())('are those of $name: full, empty, loading and failed', ({ path }) => {
    const own = states.filter((state) => state.path === path)
    expect(own.filter(({ at }) => at === 'new').length).toBe(1)
    expect(own.filter(({ isLoading }) => isLoading).length).toBe(1)
    expect(own.length).toBeGreaterThanOrEqual(4)
  })

  it('are told apart by their names', () => {
    expect(new Set(states.map(({ name }) => name)).size).toBe(states.length)
  })
})
