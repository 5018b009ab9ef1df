/** Queries of lists as nobody means them: hostile texts, forged cursors, times without sense. Seeded. */
import { createRandom, type Random } from './full/hostile/random.ts'

export interface HostileQuery {
  path: string
  /** Its cursor is one that was never given out. */
  isForged: boolean
}

interface Wishes {
  seed: number
  count: number
  /** One that was given out. */
  cursor: string
}

const names = [
  'kind',
  'subject',
  'actor',
  'since',
  'until',
  'limit',
  'cursor',
  'at',
  '__proto__',
  'subject[]',
] as const
const texts = [
  '%',
  '_',
  '\\',
  "'",
  '"',
  '%%%%',
  "' or 1=1 --",
  "'; drop table events; --",
  '\u0000',
  '\u202e',
  '\ufffd',
  '😀',
  'ß',
  '__proto__',
  'account-changed',
  '-1',
  '0',
  '201',
  '1e3',
  'Infinity',
  'NaN',
  'null',
  '2026-11-22T10:00:00Z',
  '2026-11-22T10:00:00+23:59',
  '0000-01-01T00:00:00Z',
  '1000-01-01T00:00:00+14:00',
  '2999-12-31T23:59:59-12:00',
  '9999-12-31T23:59:59Z',
  '+275760-09-13T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '',
] as const
const brokenTexts = ['%', '%ff', '%c0%80', '%ed%a0%80', '+', ''] as const
const letters = ['A', 'B', 'x', 'z', '0', '9', '-', '_', '+', '/', '=', '%'] as const
const endings = ['A', '=', '==', '.', ' ', '\n'] as const
const routes = ['/v2/events', '/v2/events/verify'] as const
const LONGEST = 4000

export function* hostileQueries({ seed, count, cursor }: Wishes): Generator<HostileQuery> {
  for (let round = 0; round < count; round += 1) {
    const random = createRandom(seed + round)
    if (random.below(4) === 0) {
      const forged = forge(cursor, random)
      const route = random.pick(routes)
      // The one that was given out is good for its own list.
      const isForged = forged !== cursor || route !== '/v2/events'
      yield { path: `${route}?cursor=${encodeURIComponent(forged)}`, isForged }
    } else {
      const isHostile = random.below(3) === 0
      const members = Array.from({ length: random.below(4) + 1 }, () =>
        isHostile ? memberOf(random) : random.pick(acceptable)(random),
      )
      yield { path: `/v2/events?${members.join('&')}`, isForged: false }
    }
  }
}

/** What a filter may be, so that not all is refused at the door. */
const searches = [
  '%',
  '_',
  '\\',
  "'",
  '%_%_%_',
  'a%b',
  '"',
  '😀',
  'ß',
  '-4e5f',
  'number 9972',
  '%'.repeat(64),
  'no such thing',
] as const
const instants = [
  '1000-01-01T00:00:00+14:00',
  '2023-11-14T22:13:20Z',
  '2024-06-01T00:00:00.5+02:00',
  '2026-11-22T10:00:00Z',
  '2999-12-31T23:59:59-12:00',
] as const
const acceptable = [
  (random: Random) => `subject=${encodeURIComponent(random.pick(searches))}`,
  (random: Random) => `actor=${encodeURIComponent(random.pick(searches))}`,
  (random: Random) => `since=${encodeURIComponent(random.pick(instants))}`,
  (random: Random) => `until=${encodeURIComponent(random.pick(instants))}`,
  (random: Random) => `kind=${random.pick(['account-changed', 'account-status', 'key-removed'])}`,
  (random: Random) => `limit=${random.below(200) + 1}`,
] as const

function memberOf(random: Random): string {
  const text = Array.from({ length: random.below(3) + 1 }, () => random.pick(texts)).join('')
  const huge = encodeURIComponent(text.repeat(random.below(10) === 0 ? 200 : 1)).slice(0, LONGEST)
  // Now and then what is no text at all.
  const value = random.below(10) === 0 ? random.pick(brokenTexts) : huge
  return `${random.pick(names)}=${value}`
}

function forge(cursor: string, random: Random): string {
  const at = random.below(cursor.length)
  const changed = (letter: string) => `${cursor.slice(0, at)}${letter}${cursor.slice(at + 1)}`
  const bytes = Buffer.from(cursor, 'base64url')
  const ways: [() => string, ...(() => string)[]] = [
    () => changed(random.pick(letters)),
    () => cursor.slice(0, at),
    () => `${cursor}${random.pick(endings)}`,
    () => cursor.repeat(random.below(50) + 2),
    () => Buffer.concat([Buffer.alloc(16), bytes.subarray(16)]).toString('base64url'),
    () => Buffer.concat([bytes.subarray(0, 16), Buffer.from('["9999",1]')]).toString('base64url'),
    () => random.pick(texts),
    () => Buffer.from('["2026-11-22T10:00:00.000Z",1]').toString('base64url'),
  ]
  return random.pick(ways)()
}
