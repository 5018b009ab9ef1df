/** Each guide has the same form, leads somewhere, and says what is so. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { describe, expect, it } from 'vitest'
import { parse as parseYaml } from 'yaml'
import { readConfig } from '../../src/config.ts'
import { anchorOf, headingsOf, linksOf, tablesOf } from '../markdown.ts'
import { chineseFolder, guidesFolder, otherPages, readGuides, type Snippet } from './guide.ts'
import { readToml } from './read-toml.ts'

const root = join(guidesFolder, '../..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const index = readFileSync(join(guidesFolder, 'README.md'), 'utf8')
const guides = readGuides()
const chineseGuides = readGuides(chineseFolder)
const others = ['README', ...otherPages].map((name) => ({
  name,
  text: readFileSync(join(guidesFolder, `${name}.md`), 'utf8'),
}))
const pages = [...guides, ...others].map((page) => ({ ...page, folder: guidesFolder }))
const chinesePages = globSync('*.md', { cwd: chineseFolder }).map((file) => ({
  name: `zh-CN/${file.replace('.md', '')}`,
  text: readFileSync(join(chineseFolder, file), 'utf8'),
  folder: chineseFolder,
}))
const snippets = guides.flatMap((guide) => guide.snippets)

const anchorsOf = (text: string) => headingsOf(text).map((heading) => anchorOf(heading.text))

const codeOf = (text: string) =>
  tablesOf(text).map((rows) => rows.map(([first = '']) => first.match(/`[^`]+`|"[^"]+"/g)))
const depthsOf = (text: string) => headingsOf(text).map(({ depth }) => depth)
const contentOf = ({ title, language, text }: Snippet) => ({ title, language, text })

const sections = ['What you need', 'Settings', 'Check', 'Limits and knobs', 'Messages']

describe('the index', () => {
  const rows = tablesOf(index)[0] ?? []

  it('has a row for each guide, which leads to it', () => {
    const targets = rows.flatMap((row) => linksOf(row.join(' ')))
    expect(targets.toSorted()).toEqual(guides.map(({ name }) => `${name}.md`))
    expect(guides.length).toBeGreaterThan(15)
  })

  it.each(guides)('and $name agree about the base URL', ({ name, baseUrl }) => {
    const row = rows.find((cells) => cells.some((cell) => cell.includes(`(${name}.md)`)))
    expect(baseUrl).toMatch(/^https?:\/\//)
    expect(row?.[2]).toContain(`\`${baseUrl}\``)
  })

  it.each(['README.md', 'README.zh-CN.md'])('is found from %s', (readme) => {
    expect(linksOf(read(readme))).toContain('docs/guides/README.md')
  })
})

describe.each(guides)('$name', ({ headings, baseUrl, snippets: own, text }) => {
  it('has the parts that all have', () => {
    expect(headings.filter(({ depth }) => depth === 2).map((heading) => heading.text)).toEqual(sections)
    expect(headings.filter(({ depth }) => depth === 1)).toHaveLength(1)
    expect(tablesOf(text)[0]?.[0]).toHaveLength(4)
  })

  it('says in its settings where to, and with which key', () => {
    const settings = own.filter(({ section }) => section === 'Settings')
    const all = settings.map((snippet) => snippet.text).join('\n')
    expect(all).toContain(baseUrl)
    expect(all).toContain('YOUR_KEY')
    const addresses = all.match(/https?:\/\/[^\s'",\]}]+/g) ?? []
    const origins = addresses.map((address) => new URL(address).origin)
    const allowed = [new URL(baseUrl).origin, 'https://opencode.ai']
    expect(origins.filter((origin) => !allowed.includes(origin))).toEqual([])
  })
})

describe('links', () => {
  it.each([...pages, ...chinesePages])('of $name lead somewhere', ({ folder, text }) => {
    const dead = linksOf(text).filter((target) => {
      const [path = '', anchor] = target.split('#')
      const file = join(folder, path)
      if (path === '' || !file.startsWith(root) || !existsSync(file)) return true
      return anchor !== undefined && !anchorsOf(readFileSync(file, 'utf8')).includes(anchor)
    })
    expect(dead).toEqual([])
  })

  it.each([...pages, ...chinesePages])('of $name stay in the repository', ({ text }) => {
    expect(linksOf(text).filter((target) => /^[a-z]+:/.test(target))).toEqual([])
    expect(text).not.toMatch(/(^|[\s`'"])\/(home|Users|tmp|work|root|var)\//m)
  })
})

describe('the Chinese guides', () => {
  it('are as many', () => {
    expect(chinesePages.length).toBe(pages.length)
    expect(chineseGuides.map(({ name }) => name)).toEqual(guides.map(({ name }) => name))
  })

  it.each(guides)('have the same snippets: $name', ({ name, snippets: own }) => {
    const chinese = chineseGuides.find((guide) => guide.name === name)?.snippets ?? []
    expect(chinese.map(contentOf)).toEqual(own.map(contentOf))
  })

  it.each(pages)('have the same sections and rows: $name', ({ name, text }) => {
    const chinese = chinesePages.find((page) => page.name === `zh-CN/${name}`)?.text ?? ''
    expect(depthsOf(chinese)).toEqual(depthsOf(text))
    expect(codeOf(chinese)).toEqual(codeOf(text))
  })
})

describe('settings files', () => {
  const parsers: Record<string, (text: string) => unknown> = {
    json: JSON.parse,
    yaml: (text) => parseYaml(text, { strict: true, uniqueKeys: true }),
    toml: (text) => Object.fromEntries(readToml(text)),
    ini: parseEnv,
  }
  const files = snippets.flatMap((snippet) => {
    const parse = parsers[snippet.language]
    return parse === undefined ? [] : [{ ...snippet, parse }]
  })

  it.each(files)('of $guide can be read: $title', ({ text, parse }) => {
    const value = parse(text)
    expect(value).toBeTypeOf('object')
    expect(Object.keys(value ?? {}).length).toBeGreaterThan(0)
  })

  it('of Codex name a provider that is there, and the environment of its key', () => {
    const codex = readToml(snippetOf('codex', '~/.codex/config.toml').text)
    const provider = `model_providers.${String(codex.get('model_provider'))}`
    expect(codex.get(`${provider}.wire_api`)).toBe('responses')
    expect(snippetOf('codex', 'terminal').text).toContain(
      `export ${String(codex.get(`${provider}.env_key`))}=`,
    )
  })

  it('of the gateway are settings that it takes', () => {
    const own = snippets.filter(({ text }) => text.startsWith('MODEL_ALIASES='))
    expect(own.length).toBeGreaterThan(1)
    for (const { text } of own) expect(readConfig(parseEnv(text)).modelAliases.length).toBeGreaterThan(0)
  })

  it('find the service of the compose file by its name', () => {
    const compose: { services: Record<string, unknown> } = parseYaml(read('compose.yaml'))
    expect(Object.keys(compose.services)).toContain('aqueduct')
  })
})

describe('messages', () => {
  const sources = globSync(['src/**/*.ts'], { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .map(read)
  const quotes = pages
    .flatMap(({ text }) => tablesOf(text.slice(text.indexOf('\n## Messages'))).flat())
    .flatMap(([first = '']) => [...first.matchAll(/`([A-Za-z' ]+ [^`/{]+)`/g)].map(([, quote = '']) => quote))

  it('are quoted', () => {
    expect(new Set(quotes).size).toBeGreaterThan(8)
  })

  it.each([...new Set(quotes)])('of the gateway are real: %s', (quote) => {
    expect(sources.some((source) => source.replaceAll("\\'", "'").includes(quote))).toBe(true)
  })
})

function snippetOf(guide: string, title: string): Snippet {
  const found = snippets.find((snippet) => snippet.guide === guide && snippet.title === title)
  if (found === undefined) throw new Error(`${guide}.md has no snippet ${title}`)
  return found
}
