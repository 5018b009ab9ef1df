/** What the READMEs say is true: their settings, links, quoted errors and examples. */
import { execFile } from 'node:child_process'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { environmentSchema } from '../src/config.ts'
import { readCurlExample } from './curl-example.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from './gateway-under-test.ts'
import { anchorOf, codeBlocksOf, headingsOf, linksOf, tablesOf } from './markdown.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const english = read('README.md')
const chinese = read('README.zh-CN.md')
const readmes = [
  { name: 'README.md', text: english, empty: 'empty' },
  { name: 'README.zh-CN.md', text: chinese, empty: '空' },
]

const depthsOf = (text: string) => headingsOf(text).map(({ depth }) => depth)
/** What stands as code in the first cell of each row. */
const codeOfRows = (text: string) =>
  tablesOf(text).map((rows) => rows.map(([first = '']) => first.match(/`[^`]+`/g)))
/** Links into the repository. */
const filesOf = (text: string) =>
  linksOf(text)
    .filter((target) => !target.startsWith('#') && !target.startsWith('README'))
    .toSorted()

describe('the two READMEs', () => {
  it('have the same sections', () => {
    expect(depthsOf(english).length).toBeGreaterThan(15)
    expect(depthsOf(chinese)).toEqual(depthsOf(english))
  })

  it('have the same examples', () => {
    expect(codeBlocksOf(english).length).toBeGreaterThan(15)
    expect(codeBlocksOf(chinese)).toEqual(codeBlocksOf(english))
  })

  it('have the same rows in their tables', () => {
    expect(codeOfRows(chinese)).toEqual(codeOfRows(english))
  })

  it('lead to the same places', () => {
    expect(filesOf(chinese)).toEqual(filesOf(english))
  })
})

/** As the tables write them; what has none, or an empty list, is left out. */
const defaults = new Map(
  Object.entries(environmentSchema.parse({})).flatMap(([name, value]) =>
    value === undefined || Array.isArray(value) ? [] : [[name, String(value)]],
  ),
)

describe.each(readmes)('$name', ({ text, empty }) => {
  const settings = new Map(
    tablesOf(text)
      .flat()
      .filter(([name = '']) => /^`[A-Z_]+`$/.test(name))
      .map(([name = '', value = '']) => [name.replaceAll('`', ''), value.replaceAll('`', '')]),
  )

  it('names every setting there is, and no other', () => {
    const known = new Set(Object.keys(environmentSchema.shape))
    expect([...settings.keys()].toSorted()).toEqual([...known].toSorted())
  })

  it.each(Object.keys(environmentSchema.shape))('knows the default of %s', (name) => {
    expect(settings.get(name)).toBe(defaults.get(name) ?? empty)
  })

  it('has links that lead somewhere', () => {
    const anchors = new Set(headingsOf(text).map((heading) => `#${anchorOf(heading.text)}`))
    const targets = linksOf(text).filter((target) => !target.startsWith('https://'))
    expect(targets.length).toBeGreaterThan(10)
    const dead = targets.filter((target) =>
      target.startsWith('#') ? !anchors.has(target) : !existsSync(join(root, target.replace(/#.*/, ''))),
    )
    expect(dead).toEqual([])
  })
})

describe('the errors that the README quotes', () => {
  const sources = globSync(['src/**/*.ts', 'bin/**/*.cjs'], { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .map(read)
  const quotes = tablesOf(english)
    .flat()
    .flatMap(([first = '']) => [...first.matchAll(/`([A-Za-z' ]+ [^`/{]+)`/g)].map(([, quote = '']) => quote))
    .filter((quote) => !/^(GET|PATCH|POST|DELETE) /.test(quote))

  it('are found', () => {
    expect(quotes.length).toBeGreaterThan(12)
  })

  it.each(quotes)('are real: %s', (quote) => {
    const isReal = sources.some((source) => source.replaceAll("\\'", "'").includes(quote))
    expect(isReal).toBe(true)
  })
})

describe("the README's examples", () => {
  let gateway: GatewayUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterAll(async () => {
    await gateway.close()
  })

  const here = (text: string) => text.replaceAll('http://127.0.0.1:8000', gateway.url)
  const curls = codeBlocksOf(english).filter(({ text }) => text.startsWith('curl '))
  const scripts = codeBlocksOf(english).filter(({ language }) => language === 'js')

  it.each(curls.filter(({ text }) => text.includes('/v1/')))('are answered: $text', async ({ text }) => {
    const { url, init } = readCurlExample(here(text))
    const response = await fetch(url, init)
    const answer = await response.text()
    expect(response.status).toBe(200)
    expect(answer).toContain(text.includes('get_weather') ? 'tool_calls' : 'You said: Say hello.')
    expect(response.headers.get('content-type')).toContain(
      text.includes('"stream"') ? 'event-stream' : 'json',
    )
  })

  it('add an account, given real credentials', async () => {
    const example = curls.find(({ text }) => /8000\/v2\/accounts \\/.test(text))
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const secrets = [clientId, clientSecret, refreshToken]
    const { url, init } = readCurlExample(
      here(example?.text ?? '').replaceAll('…', () => secrets.shift() ?? ''),
    )
    const response = await fetch(url, init)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ label: 'mine', clientId, hasRefreshToken: true })
  })

  it.each(curls.filter(({ text }) => text.includes('/v2/auth/start')))('sign in: $text', async ({ text }) => {
    const { url, init } = readCurlExample(here(text))
    const response = await fetch(url, init)
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      verificationUriComplete: expect.stringContaining('awsapps.com/start'),
    })
  })

  it.each(scripts)('run in Node: $text', async ({ text }) => {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', here(text)],
      { cwd: root },
    )
    expect(stdout).toMatch(
      text.includes('tool_result') ? /The tool answered: 22 °C, clear/ : /^You said: Say hello\.$/,
    )
  })

  it('are in a form that the service takes', () => {
    expect(() => gateway.assertNoViolation()).not.toThrow()
  })
})

describe('NOTICE', () => {
  const manifest: { dependencies: Record<string, string> } = JSON.parse(read('package.json'))

  it.each(Object.keys(manifest.dependencies))('lists %s with its licence', (name) => {
    const { license }: { license: string } = JSON.parse(read(`node_modules/${name}/package.json`))
    const line = read('NOTICE')
      .split('\n')
      .find((each) => each.trim().split(/\s+/)[0] === name)
    expect(line?.trim().split(/\s+/)[1]).toBe(license)
  })

  it.each(['q2api', 'amq2api'])('credits %s', (name) => {
    expect(read('NOTICE')).toContain(`/${name})`)
  })
})
