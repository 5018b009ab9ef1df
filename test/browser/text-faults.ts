/** What is wrong with the texts of a page in the language that nobody speaks: those that it does not have, and those without room. */
import type { Page } from 'playwright-core'
import { z } from 'zod'
import { PSEUDO_LETTER } from './pseudo-language.ts'
import type { Watch } from './watch-page.ts'

/** What is no language: to be typed or read as it is, or the browser's own. */
const NO_LANGUAGE = 'code, pre, kbd, samp, script, style, noscript, textarea, [lang], .mono'

/** Names of products, formats and vendors, units, addresses, and names that are masked: they are the same everywhere. */
const SAME_EVERYWHERE = [
  /^(Aqueduct|OpenAI Chat|OpenAI Responses|Anthropic Messages|SQLite|Apache-2\.0)$/,
  /^(JSON|CSV|curl|Python|TypeScript)$/,
  /^KIRO [A-Z]+$/,
  /^((GET|POST) )?(https?:\/)?\/\S+$/,
  /^\S?•{5}(\.[a-z]+)?( \([\w-]+…?\))?$/,
  /^([\d.,]+ )?(ms|s|[kKMG]B)$/,
  /^p\d\d( [\d.,]+ (ms|s))?$/,
  // What is asked in the playground, what the simulator says to it, and how the API calls that it was all.
  /^(You said: )?Say something\.$/,
  /^stop$/,
]

const seen = z.array(z.string())

/** One line for each. */
export async function findTextFaults(page: Page, watch: Watch): Promise<string[]> {
  await watch.settle()
  const told = watch.fetched().flatMap(({ path, body }) => (path.startsWith('/v2/') ? textsOf(body) : []))
  // What is sought comes from the address.
  const known = new Set([...told, ...new URL(page.url()).searchParams.values()])
  const plain = seen.parse(await page.evaluate(PLAIN_TEXTS))
  const clipped = seen.parse(await page.evaluate(CLIPPED_TEXTS))
  return [
    ...plain.filter((text) => !isData(text, known)).map((text) => `in no language: ${text}`),
    ...clipped.map((text) => `no room for: ${text}`),
  ]
}

/** Each with ASCII words and without one of the language's letters: in the page, in its title, and for those who hear it. */
const PLAIN_TEXTS = `{
  const isPlain = (text) => /[A-Za-z]{2,}/.test(text) && !/${PSEUDO_LETTER}/.test(text)
  const own = [...document.querySelectorAll('body *')].filter((each) => each.closest('body :is(${NO_LANGUAGE})') === null)
  const texts = own.flatMap((element) => [
    ...[...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map(({ data }) => data),
    ...['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-valuetext'].map((name) => element.getAttribute(name) ?? ''),
  ])
  const words = [document.title, ...texts].map((text) => text.trim().replace(/\\s+/g, ' '))
  ;[...new Set(words.filter(isPlain))]
}`

/** Buttons, headings and the like whose text is cut off without a sign of it, or stands out of its box. */
const CLIPPED_TEXTS = `{
  const named = 'button, .button, h1, h2, h3, h4, legend, label, th, dt, summary, [role=tab], [role^=menuitem], .badge, .chip, .tag, nav a'
  const hides = ({ overflowX }) => overflowX === 'hidden' || overflowX === 'clip'
  const isShort = (element) => {
    const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT)
    while (walker.nextNode()) if (isOut(walker.currentNode, element)) return true
    return false
  }
  const isOut = (text, element) => {
    const range = document.createRange()
    range.selectNodeContents(text)
    const { left, right, width } = range.getBoundingClientRect()
    const boxes = []
    for (let box = text.parentElement; box !== null && box !== document.body; box = box.parentElement) boxes.push(box)
    const styles = boxes.map((box) => getComputedStyle(box))
    // Those are there to be heard.
    if (width === 0 || styles.some(({ clipPath }) => clipPath !== 'none')) return false
    for (const [at, box] of boxes.entries()) {
      const { textOverflow, overflowX, display } = styles[at]
      if (textOverflow === 'ellipsis' || /auto|scroll/.test(overflowX)) return false
      const { left: from, right: to } = box.getBoundingClientRect()
      const isOwn = box === element && display !== 'inline' && display !== 'contents'
      if ((isOwn || hides(styles[at])) && (left < from - 1 || right > to + 1)) return true
    }
    return false
  }
  ;[...document.querySelectorAll(named)].filter((each) => each.checkVisibility() && isShort(each))
    .map((each) => each.tagName.toLowerCase() + (each.className === '' ? '' : '.' + each.className) + ' ' + each.textContent.trim().slice(0, 80))
}`

function isData(text: string, known: ReadonlySet<string>): boolean {
  const isKnown = (part: string) =>
    known.has(part) || !/[A-Za-z]{2,}/.test(part) || SAME_EVERYWHERE.some((same) => same.test(part))
  // Facts may stand in a row.
  return isKnown(text) || text.split(/ · |, | \/ /).every(isKnown)
}

/** Every text in an answer. */
function textsOf(body: Buffer | undefined): string[] {
  try {
    return leavesOf(JSON.parse(String(body)))
  } catch {
    return []
  }
}

function leavesOf(value: unknown): string[] {
  if (typeof value === 'string') return [value.trim().replace(/\s+/g, ' ')]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) => [name, ...leavesOf(member)])
}
