/** Which requests are shown: in the address of the page, and as the gateway is asked for them. Pure. */
import { failureKinds } from './failure-words.ts'

export const ranges = ['15m', '1h', '24h', '7d', '30d'] as const
export type Range = (typeof ranges)[number]

const MINUTE_MS = 60_000
const rangeMs: Record<Range, number> = {
  '15m': 15 * MINUTE_MS,
  '1h': 60 * MINUTE_MS,
  '24h': 24 * 60 * MINUTE_MS,
  '7d': 7 * 24 * 60 * MINUTE_MS,
  '30d': 30 * 24 * 60 * MINUTE_MS,
}
const USUAL_RANGE: Range = '24h'
/** The gateway takes no longer ones. */
const MOST_CHARACTERS = 200
/** Nor looks for an id by fewer characters. */
const LEAST_OF_ID = 12

/** In the order in which they are offered. */
export const filterNames = [
  'status',
  'outcome',
  'failure',
  'model',
  'key',
  'account',
  'dialect',
  'client',
  'min',
  'stream',
  'tools',
  'images',
  'search',
] as const
export type FilterName = (typeof filterNames)[number]
export type Filters = Readonly<Partial<Record<FilterName, string>>>

/** A part of the time, as instants. */
export interface Span {
  since: string
  until: string
}

export interface RequestView {
  /** One of `ranges`, or `custom`. */
  range: Range | 'custom'
  /** Of a custom range: local times as the browser's control has them. */
  since: string
  until: string
  /** What is chosen in the histogram. */
  brush: Span | undefined
  filters: Filters
  /** What is looked for, as it stands in the address: also what is too short, which is no filter. */
  search: string
  /** What operators have tried out is shown too. */
  showsTrials: boolean
  isLive: boolean
  /** Of the request whose drawer is open. */
  open: string | undefined
}

export function readView(query: URLSearchParams): RequestView {
  const read = (name: string) => (query.get(name) ?? '').trim().slice(0, MOST_CHARACTERS)
  const range = read('range')
  const open = read('request')
  return {
    range: range === 'custom' ? 'custom' : (ranges.find((each) => each === range) ?? USUAL_RANGE),
    since: read('since'),
    until: read('until'),
    brush: readBrush(read('from'), read('to')),
    filters: Object.fromEntries(
      filterNames.flatMap((name) => (isMeant(name, read(name)) ? [[name, read(name)]] : [])),
    ),
    search: read('search'),
    showsTrials: read('trials') === '1',
    isLive: read('live') === '1',
    open: open === '' ? undefined : open,
  }
}

/** Whether a value of the address may be asked for at all: what is misspelt there filters nothing. */
function isMeant(name: FilterName, value: string): boolean {
  if (value === '') return false
  if (name === 'stream' || name === 'tools' || name === 'images') return value === 'true' || value === 'false'
  if (name === 'min') return /^\d{1,8}$/.test(value)
  return name !== 'search' || isSearchable(value)
}

/** Whether the gateway can look for it: by a part of a failure's name, or by the beginning of an id. */
export function isSearchable(text: string): boolean {
  return text.length >= LEAST_OF_ID || failureKinds.some((kind) => kind.includes(text.toLowerCase()))
}

function readBrush(since: string, until: string): Span | undefined {
  return Date.parse(since) < Date.parse(until) ? { since, until } : undefined
}

export function isFiltered({ filters, brush }: RequestView): boolean {
  return brush !== undefined || Object.keys(filters).length > 0
}

/** Parameters of the address that take every filter away; the time stays. */
export function withoutFilters(): Record<string, undefined> {
  return Object.fromEntries([...filterNames, 'from', 'to'].map((name) => [name, undefined]))
}

/** The filters as the gateway's query has them, without the time. */
export function toQuery({ filters, showsTrials }: RequestView): Record<string, string> {
  const { min, ...same } = filters
  return {
    ...same,
    ...(min !== undefined && { minimum_ms: min }),
    ...(!showsTrials && { trials: 'exclude' }),
  }
}

/** The time over which the histogram goes. `now`: what a range like "the last hour" ends with. */
export function spanOf({ range, since, until }: RequestView, now: number): Span {
  if (range !== 'custom') return span(now - rangeMs[range], now)
  const end = parse(until) ?? now
  const begin = parse(since) ?? end - rangeMs[USUAL_RANGE]
  return begin < end ? span(begin, end) : span(end - MINUTE_MS, end)
}

/** Whether a custom range ends before it begins. */
export function isBackwards({ range, since, until }: RequestView): boolean {
  return range === 'custom' && since !== '' && until !== '' && !(Date.parse(since) < Date.parse(until))
}

/** A local time as the browser's control takes it. */
export function toLocal(instant: string): string {
  const at = new Date(instant)
  const local = new Date(at.getTime() - at.getTimezoneOffset() * MINUTE_MS)
  return local.toISOString().slice(0, 19)
}

function span(begin: number, end: number): Span {
  return { since: new Date(begin).toISOString(), until: new Date(end).toISOString() }
}

function parse(local: string): number | undefined {
  const instant = Date.parse(local)
  return Number.isNaN(instant) ? undefined : instant
}
