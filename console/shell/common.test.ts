import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'

const folderOf = (name: string) => new URL(`../${name}/`, import.meta.url)
const filesOf = (folder: string) =>
  readdirSync(folderOf(folder))
    .filter((name) => !name.includes('.test.'))
    .map((name) => `../${folder}/${name}`)

it('comes in one piece with all parts and all state', () => {
  const source = readFileSync(new URL('common.ts', import.meta.url), 'utf8')
  const imported = [...source.matchAll(/^import '([^']+)'$/gm)].map(([, path]) => path)
  expect(imported).toEqual(expect.arrayContaining([...filesOf('parts'), ...filesOf('state')]))
})

it('is imported by every page that is fetched later', () => {
  const entries = readdirSync(new URL('entries/', import.meta.url))
  const sources = entries.map((name) => readFileSync(new URL(`entries/${name}`, import.meta.url), 'utf8'))
  expect(sources.filter((source) => !source.startsWith("import '../common.ts'"))).toEqual([])
  const pages = readFileSync(new URL('pages.ts', import.meta.url), 'utf8')
  expect(
    [...pages.matchAll(/import\('([^']+)'\)/g)].filter(([, path]) => !path?.startsWith('./entries/')),
  ).toEqual([])
})
