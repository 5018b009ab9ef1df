/** docs/security-assertions.md is whole and true: each promise has a proof that is there, or says why it has none. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { environmentSchema } from '../src/config.ts'
import { codeBlocksOf, headingsOf, linksOf, tablesOf } from './markdown.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

const LAST = 66

interface Proof {
  file: string
  title: string
}

const [table = [], inputs = []] = tablesOf(read('docs/security-assertions.md'))
const rows = table.map(([number = '', words = '', state = '', proofs = '']) => ({
  number: Number(number.slice(1)),
  words,
  state,
  proofs: [...proofs.matchAll(/`([^`]+\.ts)`: `([^`]+)`/g)].map(([, file = '', title = '']) => ({
    file,
    title,
  })),
}))

/** A title stands behind the quotation mark that opens it. */
function isThere({ file, title }: Proof): boolean {
  return (
    existsSync(join(root, file)) && ["'", '"', '`'].some((mark) => read(file).includes(`${mark}${title}`))
  )
}

/** `S30: …`, or `F15, S30: …` */
const carries = (title: string, number: number) => new RegExp(`^([A-Z]\\d+, )*S${number}[:,] ?`).test(title)

describe('docs/security-assertions.md', () => {
  it('has one row for each promise, in order', () => {
    const numbers = Array.from({ length: LAST }, (_, index) => index + 1)
    expect(rows.map(({ number }) => number)).toEqual(numbers)
    expect(rows.filter(({ words }) => words.length < 20)).toEqual([])
  })

  it('names tests that are there', () => {
    const proofs = rows.flatMap((row) => row.proofs)
    expect(proofs.length).toBeGreaterThan(40)
    expect(proofs.filter((proof) => !isThere(proof))).toEqual([])
  })

  it('has for all that is proven a test whose title carries the number', () => {
    const proven = rows.filter(({ state }) => state === 'proven')
    expect(proven.length).toBeGreaterThan(15)
    const bare = proven.filter(({ number, proofs }) => !proofs.some(({ title }) => carries(title, number)))
    expect(bare.map(({ number }) => number)).toEqual([])
  })

  it('says of all else why there is no proof', () => {
    const rest = rows.filter(({ state }) => state !== 'proven')
    const silent = rest.filter(({ state }) => !/^(not applicable, because|later:) .{20}/.test(state))
    expect(silent).toEqual([])
  })

  it('names for each kind of input a test, and a program for the large number', () => {
    const files = inputs.map((cells) => cells.flatMap((cell) => cell.match(/[\w/.-]+\.ts/g) ?? []))
    expect(files.length).toBeGreaterThan(1)
    expect(
      files.filter(
        ([small = '', large = '']) => !small.endsWith('.test.ts') || !large.startsWith('test/full/'),
      ),
    ).toEqual([])
    expect(files.flat().filter((file) => !existsSync(join(root, file)))).toEqual([])
  })
})

describe('what is said about safety', () => {
  it('S66: names promise, limits, threats, versions and a private way to report, and is found from both READMEs', () => {
    const policy = read('SECURITY.md')
    const headings = headingsOf(policy).map(({ text }) => text)
    expect(headings).toEqual(
      expect.arrayContaining([
        'Reporting a weakness',
        'Supported versions',
        'What Aqueduct promises',
        'What it cannot protect',
        'Threat model',
      ]),
    )
    expect(policy).toContain('private vulnerability reporting')
    for (const readme of ['README.md', 'README.zh-CN.md']) {
      expect(linksOf(read(readme))).toEqual(expect.arrayContaining(['SECURITY.md', 'docs/hardening.md']))
    }
  })

  it.each(['SECURITY.md', 'docs/hardening.md', 'docs/security-assertions.md'])(
    '%s leads somewhere',
    (page) => {
      const targets = linksOf(read(page)).filter((target) => !target.startsWith('https://'))
      expect(targets.length).toBeGreaterThan(0)
      const dead = targets.filter((target) => !existsSync(join(root, page, '..', target.replace(/#.*/, ''))))
      expect(dead).toEqual([])
    },
  )
})

describe('docs/hardening.md', () => {
  const guide = read('docs/hardening.md')

  it('sets only what config.ts knows, and speaks of nothing else', () => {
    const set = codeBlocksOf(guide).flatMap(({ text }) => [...text.matchAll(/^\s*([A-Z_]{4,})[=:]/gm)])
    const spokenOf = [...guide.matchAll(/`([A-Z]+_[A-Z_]+)[`=]/g)]
    const names = [...set, ...spokenOf].map(([, name = '']) => name).filter((name) => name !== 'NODE_OPTIONS')
    expect(names.length).toBeGreaterThan(15)
    expect(names.filter((name) => !Object.hasOwn(environmentSchema.shape, name))).toEqual([])
  })

  it('quotes lines that are logged', () => {
    const sources = globSync('src/**/*.ts', { cwd: root })
      .filter((path) => !path.endsWith('.test.ts'))
      .map(read)
    const lines = tablesOf(guide)
      .at(-1)
      ?.map(([line = '']) => line.replaceAll('`', ''))
    expect(lines?.length).toBeGreaterThan(5)
    expect(lines?.filter((line) => !sources.some((source) => source.includes(line)))).toEqual([])
  })
})
