/**
 * The members that a log line may have, and of which shape: one table. What it does not name, or names otherwise, does not
 * get into the log; the line tells how much that was.
 */
import { describeError } from '../access/describe-error.ts'
import { redactSecrets } from '../access/redact-secrets.ts'

interface Tally {
  dropped: number
}
/** The value as the log may have it; undefined: not at all. */
type Shape = (value: unknown, tally: Tally) => unknown

const MOST_OF_TEXT = 2000
const MOST_IN_LIST = 50
/** Our own words, ids and routes: names of things, never what somebody wrote. */
const WORD = /^[\w.:/*()-]{1,100}$/

const number: Shape = (value) => (typeof value === 'number' ? value : undefined)
const flag: Shape = (value) => (typeof value === 'boolean' ? value : undefined)
const word: Shape = (value) => (typeof value === 'string' && WORD.test(value) ? value : undefined)
/** What came from outside. */
const text: Shape = (value) => (typeof value === 'string' ? logText(value) : undefined)
const error: Shape = (value) => describeError(value)
const orNull =
  (shape: Shape): Shape =>
  (value, tally) =>
    value === null ? null : shape(value, tally)

function list(shape: Shape): Shape {
  return (value, tally) => {
    if (!Array.isArray(value)) return undefined
    const kept = value.slice(0, MOST_IN_LIST).map((item: unknown) => shape(item, tally))
    const taken = kept.filter((item) => item !== undefined)
    tally.dropped += value.length - taken.length
    return taken
  }
}

function members(table: Readonly<Record<string, Shape>>) {
  const shapes = new Map(Object.entries(table))
  return (value: unknown, tally: Tally): Record<string, unknown> | undefined => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    const kept: Record<string, unknown> = {}
    for (const name of Object.keys(value)) {
      const given: unknown = Reflect.get(value, name)
      if (given === undefined) continue
      const taken = shapes.get(name)?.(given, tally)
      if (taken === undefined) tally.dropped += 1
      else kept[name] = taken
    }
    return kept
  }
}

const usage = members({
  inputTokens: number,
  outputTokens: number,
  cacheReadTokens: number,
  cacheWriteTokens: number,
  credits: number,
  source: word,
})

const attempt = members({
  account: word,
  at: number,
  sent: number,
  headers: number,
  content: number,
  end: number,
  outcome: word,
  status: number,
  heldBack: flag,
  spared: flag,
  // The model service's own.
  requestId: text,
  remedy: word,
  thrownAway: usage,
})

const line = members({
  // Events, and what looks after secrets.
  address: text,
  id: number,
  hash: word,
  count: number,
  bytes: number,
  problems: list(members({ kind: word, id: number })),
  resealed: number,
  unreadable: number,
  // Requests and calls.
  method: word,
  // Of the route, as it is declared.
  path: word,
  status: number,
  milliseconds: number,
  dialect: word,
  model: text,
  stream: flag,
  remedies: number,
  repairs: list(word),
  losses: number,
  stopReason: word,
  usage,
  placement: word,
  skipped: list(members({ account: word, why: word, until: word })),
  moreConsidered: number,
  attempts: list(attempt),
  // Failures and what was done about them.
  err: error,
  failure: word,
  forOperator: text,
  remedy: word,
  attempt: number,
  accountId: word,
  nextAccountId: word,
  host: text,
  source: text,
  event: text,
  signInId: word,
  // Where the gateway stands, and how it is set up.
  url: text,
  version: word,
  folder: text,
  file: text,
  why: text,
  setting: text,
  shortKeys: number,
  skewSeconds: number,
  end: members({ at: word, method: word, path: text, header: word, value: text, peer: word }),
  // Processes.
  workers: number,
  worker: number,
  processId: number,
  exitCode: orNull(number),
  signal: orNull(word),
  reason: text,
  delayMs: number,
})

/** Never throws, whatever it is given: a line that cannot be told must not end what it tells of. */
export function keepMembers(facts: object): Record<string, unknown> {
  const tally: Tally = { dropped: 0 }
  const kept = line(facts, tally) ?? {}
  if (tally.dropped > 0) kept['dropped'] = tally.dropped
  return kept
}

/** Redacted before it is cut: half a token might no longer look like one. */
export function logText(value: string): string {
  const redacted = redactSecrets(value)
  return redacted.length > MOST_OF_TEXT ? `${redacted.slice(0, MOST_OF_TEXT)}…` : redacted
}
