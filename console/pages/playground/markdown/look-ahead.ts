/** What stands further on in a text: where an address or a piece of code ends. Pure. */

/** Longer addresses are text. */
const MOST_OF_ADDRESS = 2048
const WORD = /[\p{L}\p{N}]/u

/** Only what leads to the web; undefined: it is text. */
export function readAddress(text: string): string | undefined {
  if (text.length > MOST_OF_ADDRESS || !/^https?:\/\//i.test(text)) return undefined
  const url = URL.parse(text)
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:') ? url.href : undefined
}

/** Looks ahead without ever looking twice at the same text. */
export function createLookAhead(text: string) {
  const found = new Map<string, number>()
  const ticks = listTicks(text)

  /** The first one from there on. */
  function next(sought: string, from: number): number {
    const known = found.get(sought)
    if (known !== undefined && known >= from) return known
    const at = text.indexOf(sought, from)
    const place = at < 0 ? text.length : at
    found.set(sought, place)
    return place
  }
  function nextBlank(from: number): number {
    return Math.min(...[' ', '\n', '\t'].map((blank) => next(blank, from)))
  }

  return {
    target(from: number): { href: string; end: number } | undefined {
      const end = next(')', from)
      if (end >= nextBlank(from)) return undefined
      if (end - from > MOST_OF_ADDRESS) return undefined
      const href = readAddress(text.slice(from, end))
      return href === undefined ? undefined : { href, end: end + 1 }
    },
    bareAddress(from: number): { href: string; text: string; end: number } | undefined {
      if (!text.startsWith('http://', from) && !text.startsWith('https://', from)) return undefined
      if (WORD.test(text[from - 1] ?? '')) return undefined
      const bound = Math.min(nextBlank(from), ...['<', '>', '"', '`', '*', '|'].map((end) => next(end, from)))
      if (bound - from > MOST_OF_ADDRESS) return undefined
      const shown = text.slice(from, bound).replace(/[.,;:!?)\]'。，；：！？）】]{1,8}$/, '')
      const href = readAddress(shown)
      return href === undefined ? undefined : { href, text: shown, end: from + shown.length }
    },
    code(from: number): { text: string | undefined; end: number } {
      const run = ticks.get(from)
      const start = from + (run?.length ?? 1)
      if (run?.closing === undefined) return { text: undefined, end: start }
      const code = text.slice(start, run.closing)
      return { text: code.replace(/^ (.*\S.*) $/s, '$1'), end: run.closing + run.length }
    },
  }
}

interface TickRun {
  length: number
  /** Where the next run of the same length begins. */
  closing: number | undefined
}

function listTicks(text: string): ReadonlyMap<number, TickRun> {
  const runs = [...text.matchAll(/`+/g)].map(({ index, 0: run }) => ({ at: index, length: run.length }))
  const nextOf = new Map<number, number>()
  const listed = new Map<number, TickRun>()
  for (const { at, length } of runs.toReversed()) {
    listed.set(at, { length, closing: nextOf.get(length) })
    nextOf.set(length, at)
  }
  return listed
}
