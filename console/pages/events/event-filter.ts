/** Which events are shown: in the address of the page, and as the gateway is asked for them. Pure. */

export const ranges = ['1h', '24h', '7d', '30d'] as const

export interface EventFilter {
  kind: string
  subject: string
  actor: string
  /** One of `ranges`, `custom`, or empty for all. */
  range: string
  /** Of a custom range: local times as the browser's control has them. */
  since: string
  until: string
}

const HOUR_MS = 3_600_000
const rangeMs: Record<(typeof ranges)[number], number> = {
  '1h': HOUR_MS,
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
}
/** The gateway takes no longer ones. */
const MOST_CHARACTERS = 64

export function readFilter(query: URLSearchParams): EventFilter {
  const read = (name: string) => (query.get(name) ?? '').trim()
  return {
    kind: read('kind'),
    subject: read('subject').slice(0, MOST_CHARACTERS),
    actor: read('actor').slice(0, MOST_CHARACTERS),
    range: read('range'),
    since: read('since'),
    until: read('until'),
  }
}

export function isFiltered({ kind, subject, actor, range }: EventFilter): boolean {
  return [kind, subject, actor, range].some((each) => each !== '')
}

/** As the gateway's query has it. `now`: what a range like "the last hour" ends with. */
export function toQuery(filter: EventFilter, now: number): Record<string, string> {
  const { kind, subject, actor } = filter
  return withoutEmpty({ kind, subject, actor, ...spanOf(filter, now) })
}

function spanOf({ range, since, until }: EventFilter, now: number): { since?: string; until?: string } {
  const known = ranges.find((each) => each === range)
  if (known !== undefined) return { since: new Date(now - rangeMs[known]).toISOString() }
  if (range !== 'custom') return {}
  const span = { since: toInstant(since), until: toInstant(until) }
  // The gateway would refuse it; the page says so beside the fields.
  return isBackwards(since, until) ? { since: span.since } : span
}

/** Whether a custom range ends before it begins. */
export function isBackwards(since: string, until: string): boolean {
  return since !== '' && until !== '' && !(Date.parse(since) < Date.parse(until))
}

function toInstant(local: string): string {
  const instant = Date.parse(local)
  return Number.isNaN(instant) ? '' : new Date(instant).toISOString()
}

function withoutEmpty(members: Record<string, string | undefined>): Record<string, string> {
  const present: Record<string, string> = {}
  for (const [name, value] of Object.entries(members)) {
    if (value !== undefined && value !== '') present[name] = value
  }
  return present
}
