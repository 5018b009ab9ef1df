/** Every text of the console, in both languages. That no key is missing the compiler sees; this sees the rest. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'

const root = join(import.meta.dirname, '..')
const texts = z.record(
  z.string(),
  z.union([z.string(), z.object({ one: z.string().optional(), other: z.string() })]),
)
type Texts = z.infer<typeof texts>

const sources = globSync('**/*.{ts,tsx}', { cwd: root })
  .filter((path) => !path.endsWith('.test.ts'))
  .map((path) => ({ path, source: readFileSync(join(root, path), 'utf8') }))

/** The arguments of `defineMessages` are literals, so they can be read as what they are. */
function readMessages(source: string): { en: Texts; zh: Texts } | undefined {
  const call = /= defineMessages\(((?:'(?:[^'\\]|\\.)*'|"[^"]*"|[^'")])*)\)/.exec(source)
  if (call === null) return undefined
  const read: unknown = runInNewContext(`[${call[1]}]`)
  const [en, zh] = z.tuple([texts, texts]).parse(read)
  return { en, zh }
}

const pages = sources.flatMap(({ path, source }) => {
  const messages = readMessages(source)
  return messages === undefined ? [] : [{ path, ...messages }]
})

const formsOf = (text: Texts[string] = '') =>
  typeof text === 'string' ? [text] : Object.values(text).filter((form) => form !== undefined)
const slotsOf = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([slot]) => slot).toSorted()

describe('the texts of the console', () => {
  it('are found', () => {
    expect(pages.length).toBeGreaterThan(10)
    expect(pages.flatMap(({ en }) => Object.keys(en)).length).toBeGreaterThan(70)
  })

  it.each(pages)('in $path have the same keys and slots in both languages', ({ en, zh }) => {
    expect(Object.keys(zh).toSorted()).toEqual(Object.keys(en).toSorted())
    for (const [key, text] of Object.entries(en)) {
      const [wanted] = formsOf(text).slice(-1).map(slotsOf)
      for (const form of formsOf(zh[key])) expect([key, slotsOf(form)]).toEqual([key, wanted])
    }
  })

  it.each(pages)('in $path are not empty, and Chinese where they are Chinese', ({ en, zh }) => {
    const blank = Object.entries(zh).filter(([, text]) => formsOf(text).some((form) => form.trim() === ''))
    expect(blank).toEqual([])
    const foreign = Object.entries(zh).filter(([key, text]) => {
      const words = formsOf(text).join()
      // The button that leads to the other language speaks that one.
      const isOther = words === formsOf(en[key]).join() || key.toLowerCase().includes('language')
      return !isOther && !/\p{Script=Han}/u.test(words) && /[a-z]{2,}[ ,.]+[a-z]{2,}/.test(words)
    })
    expect(foreign).toEqual([])
  })

  it.each(pages)('in $path are all used', ({ path, en }) => {
    // A page's messages may be spoken by the page above it, too.
    const folder = dirname(dirname(path)).replace(/^\.$/, '')
    // They are named by the gateway; setting-texts.test.ts holds them to what it has.
    if (path.endsWith('setting-texts.ts')) return
    const near = sources.filter((each) => dirname(each.path).startsWith(folder)).map(({ source }) => source)
    const unused = Object.keys(en).filter((key) => !near.some((source) => isUsed(key, source)))
    expect(unused).toEqual([])
  })
})

/** By its name in quotes, or as a part of a name that is put together. */
function isUsed(key: string, source: string): boolean {
  if (source.includes(`'${key}'`) || source.includes(`.${key}`)) return true
  return [...source.matchAll(/`(\w*)\$\{[^}]+\}(\w*)`/g)].some(
    ([, before = '', after = '']) => before + after !== '' && key.startsWith(before) && key.endsWith(after),
  )
}
