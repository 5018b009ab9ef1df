/** Digits and a T alone: what has more letters would be read by rules that differ from runtime to runtime. */
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2})?)(?:\.(\d{1,3})\d*)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i
const EARLIEST_MS = Date.UTC(2015, 0)
const LATEST_MS = Date.UTC(2100, 0)
/** Counts of seconds stay below it until 2286; counts of milliseconds have passed it in 2001. */
const MOST_SECONDS = 10_000_000_000

/**
 * An instant as programs write them: ISO 8601 with any number of digits, without a zone meaning UTC as q2api does, or counted since
 * 1970 in seconds or milliseconds. Undefined for everything else, and for what no account can have seen.
 */
export function readInstant(value: unknown): Date | undefined {
  const milliseconds = value instanceof Date ? value.getTime() : millisecondsOf(value)
  if (milliseconds === undefined || !(milliseconds >= EARLIEST_MS && milliseconds < LATEST_MS))
    return undefined
  return new Date(milliseconds)
}

function millisecondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value < MOST_SECONDS ? value * 1000 : value
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  if (/^\d{10,13}(?:\.\d*)?$/.test(text)) return millisecondsOf(Number(text))
  const [, date, time = '00:00', fraction = '0', zone = 'Z'] = INSTANT.exec(text) ?? []
  return date === undefined
    ? undefined
    : Date.parse(`${date}T${withSeconds(time)}.${fraction}${zoneOf(zone)}`)
}

function withSeconds(time: string): string {
  return time.length === 5 ? `${time}:00` : time
}

function zoneOf(zone: string): string {
  if (/^(Z|UTC)$/i.test(zone)) return 'Z'
  return zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
}
