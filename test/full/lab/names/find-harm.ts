/** What a hostile name has done to a page: what ran, what became an element, what is too wide, and what cannot be read any more. */
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { overflowOf } from '../../../browser/page-state.ts'

/** None of the console's own has the mark, or leads there. */
const MADE_BY_NAMES = [
  '[hostile]',
  'x-hostile',
  'body :is(script, iframe, object, embed, base, meta, style, link, marquee, plaintext, math, portal)',
  '[onerror], [onload], [ontoggle], [onfocus], [onbegin], [onstart], [onpointerover]',
  ':is([href], [src], [action], [formaction], [data], [background]):is([href*="script:" i], [src*="script:" i], [action*="script:" i])',
  '[src*="elsewhere.example"], link[href*="elsewhere.example"], [action*="elsewhere.example"], [style*="elsewhere"]',
].join(', ')

const found = z.object({ ran: z.boolean(), made: z.array(z.string()) })

/** `path`: where the page has to be still, whatever it seeks there. */
export async function findHarm(page: Page, path: string): Promise<string[]> {
  const { ran, made } = found.parse(
    await page.evaluate(`({
      ran: 'ran' in window,
      made: [...document.querySelectorAll(${JSON.stringify(MADE_BY_NAMES)})].map((each) => each.outerHTML.slice(0, 200)),
    })`),
  )
  return [
    ...(ran ? ['a name ran'] : []),
    ...made.map((each) => `a name became ${each}`),
    ...(await overflowOf(page)).map((each) => `too wide: ${each}`),
    ...(new URL(page.url()).pathname === path.split('?')[0] ? [] : [`the page is at ${page.url()} now`]),
  ]
}

/** Signs that would turn the words around a name are left out where it stands within a sentence. */
const UNTURNED = String.raw`/[\u202A-\u202E\u2066-\u2069]/g`

/** Names that stand nowhere on the page as they were given. */
export async function findUnread(page: Page, names: readonly string[]): Promise<string[]> {
  const places = z.array(z.number()).parse(
    await page.evaluate(`{
      const texts = new Set()
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) texts.add(walker.currentNode.data.toWellFormed())
      ;${JSON.stringify(names)}.flatMap((name, at) =>
        texts.has(name.toWellFormed()) || texts.has(name.toWellFormed().replace(${UNTURNED}, '')) ? [] : [at])
    }`),
  )
  return places.map((at) => `not to be read: ${JSON.stringify(names[at])}`)
}
