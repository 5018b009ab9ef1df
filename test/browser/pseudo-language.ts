/**
 * A language that nobody speaks, for tests alone: each English text of the console with an accent on every letter, and two fifths
 * longer, its slots kept. What still reads as plain English then, no translator can reach; what does not fit, breaks in some
 * language. It takes the place of Chinese in the files of the console on their way into the page: those themselves stay as they are.
 */
import type { Route } from 'playwright-core'
import type { VisitWishes } from './browser-lab.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const ACCENTED = 'åƀçðéƒĝĥîĵķļɱñöþǫŕšţûṽŵẋýžÅƁÇÐÉƑĜĤÎĴĶĻṀÑÖÞǪŔŠŢÛṼŴẊÝŽ'
const FILLING = ' ļöñĝ éñöûĝĥ ƒöŕ ţĥé ļöñĝéšţ öƒ ţĥé ļåñĝûåĝéš'

/** Tells texts of the language from all others. */
export const PSEUDO_LETTER = `[${ACCENTED}]`

/** As the page itself does it. */
export const pseudoScript = `
  globalThis.speakPseudo = (texts) => {
    const accent = (text) => text.replace(/[A-Za-z]/g, (letter) => '${ACCENTED}'['${LETTERS}'.indexOf(letter)])
    const filling = '${FILLING}'
    const speak = (text) => {
      const parts = text.split(/(\\{\\w+\\})/)
      const length = parts.reduce((sum, part, at) => sum + (at % 2 === 0 ? part.length : 0), 0)
      const more = Math.ceil(length * 0.4)
      // One word becomes a longer one, and many become more.
      const filler = text.includes(' ') ? filling : filling.replaceAll(' ', '')
      const said = parts.map((part, at) => (at % 2 === 0 ? accent(part) : part)).join('')
      return said + filler.repeat(Math.ceil(more / filler.length)).slice(0, more)
    }
    const speakAny = (text) =>
      typeof text === 'string'
        ? speak(text)
        : Object.fromEntries(Object.entries(text).map(([form, words]) => [form, speak(words)]))
    return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key, speakAny(text)]))
  }
`

/** What is left of `defineMessages` in the bundle. */
const DEFINITION = /return\s*\{\s*en:\s*([\w$]+),\s*"zh-CN":\s*([\w$]+)\s*\}/g

/** What a visit wishes for it, beside whatever else it `prepare`s. */
export function inPseudo({ prepare }: Pick<VisitWishes, 'prepare'> = {}): Pick<
  VisitWishes,
  'language' | 'prepare'
> {
  return {
    language: 'zh-CN',
    async prepare(page) {
      await page.addInitScript({ content: pseudoScript })
      await page.route(/\/console\/assets\/[^/]+\.js$/, translate)
      await prepare?.(page)
    },
  }
}

/** By their names, which change with what is in them. */
const translated = new Map<string, string>()

async function translate(route: Route): Promise<void> {
  const { pathname } = new URL(route.request().url())
  const body = translated.get(pathname) ?? (await readFile(route))
  translated.set(pathname, body)
  await route.fulfill({ contentType: 'text/javascript; charset=utf-8', body })
}

/** Not by way of the page, which may be left meanwhile. */
async function readFile(route: Route): Promise<string> {
  const answer = await fetch(route.request().url())
  if (!answer.ok) throw new Error(`${answer.url} answered ${answer.status}`)
  return (await answer.text()).replace(DEFINITION, 'return{en:$1,"zh-CN":globalThis.speakPseudo($1)}')
}
