/** What programs carry in place of a key: all kinds of nonsense, and what is almost a key. */
import type { Random } from './random.ts'

export interface RealSecrets {
  /** Work; only parts and variants of them are carried. */
  usable: readonly [string, ...string[]]
  /** Worked once, and are carried as they were. */
  ended: readonly [string, ...string[]]
}

/** Names and values in turn, for a request that must not be let in. */
export function drawCredentials(random: Random, real: RealSecrets): string[] {
  const count = random.pick([1, 1, 1, 2, 3])
  // All together stay below what a gateway reads of a request's headers.
  const longest = count === 1 ? 5000 : 1000
  return Array.from({ length: count }, () => drawHeader(random, { ...real, longest })).flat()
}

type Bounds = RealSecrets & { longest: number }

function drawHeader(random: Random, real: Bounds): [string, string] {
  const name = random.pick(['authorization', 'x-api-key', 'api-key', 'Authorization', 'X-API-KEY'])
  const secret = toHeaderText(drawSecret(random, real))
  if (!/authorization/i.test(name)) return [name, secret]
  const scheme = random.pick([
    'Bearer ',
    'bearer ',
    'BEARER    ',
    'Bearer\t',
    'Bearer',
    'Basic ',
    'Bearer, ',
    '',
  ])
  return [name, scheme + secret]
}

function drawSecret(random: Random, real: Bounds): string {
  const key = random.pick(real.usable)
  const cut = random.below(key.length)
  const length = random.pick([0, 1, 10, 100, 1000, real.longest])
  switch (random.below(14)) {
    case 0:
      return ''
    case 1:
      return key.slice(0, cut)
    case 2:
      return key.slice(cut + 1)
    case 3:
      return key + drawWord(random, 1 + random.below(10))
    case 4:
      return drawWord(random, 1 + random.below(5)) + key
    case 5:
      return swapCase(key, cut)
    case 6:
      return `${key.slice(0, cut)}${random.pick([' ', '\t', ',', '%00', '\u00a0', '\u200b', '"', '…'])}${key.slice(cut)}x`
    case 7:
      return `${key},${key}`
    case 8:
      return random.pick(real.ended)
    case 9:
      return `qk_${drawWord(random, 43)}`
    case 10:
      return random
        .pick(['网关', '🗝️', 'ключ', 'é', '\u202e', '\ufeff', '\u2028'])
        .repeat(1 + random.below(300))
    case 11:
      return `${random.pick([' ', '\t', 'a ', '\u00a0', ' \u00a0']).repeat(length)}${random.pick(['', '\u00a0', 'x'])}`
    case 12:
      return random.bytes(length).toString('latin1')
    default:
      return drawWord(random, length)
  }
}

/** Of letters that keys have, and signs that query languages and formats care about. */
function drawWord(random: Random, length: number): string {
  const letters = 'abcXYZ0189_-\'";%*\\/{}[]<>=&?$'
  return Array.from({ length }, () => letters[random.below(letters.length)]).join('')
}

function swapCase(key: string, from: number): string {
  const place = key.slice(from).search(/[a-z]/i)
  const at = place === -1 ? 0 : from + place
  const letter = key.charAt(at)
  const swapped = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()
  return key.slice(0, at) + swapped + key.slice(at + 1)
}

const TAB = 0x09
const BLANK = 0x20
const DELETE = 0x7f

/** As bytes that a header may have: UTF-8, without what would end the header. */
function toHeaderText(text: string): string {
  const bytes = Buffer.from(text, 'utf8').filter((byte) => byte === TAB || (byte >= BLANK && byte !== DELETE))
  return Buffer.from(bytes).toString('latin1')
}
