/** Numbers, times and spans in the present language. To be called while a component renders. */
import { language } from '../state/settings.ts'
import { isSmallWhole } from './messages.ts'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>()

/** Making a format costs a thousand times what using it does. */
function kept<F extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  name: string,
  isOne: (format: unknown) => format is F,
  make: (spoken: string) => F,
): F {
  const key = `${name} ${language.value}`
  const known = formats.get(key)
  if (isOne(known)) return known
  const made = make(language.value)
  formats.set(key, made)
  return made
}

const isNumberFormat = (format: unknown) => format instanceof Intl.NumberFormat
const isDateFormat = (format: unknown) => format instanceof Intl.DateTimeFormat
const isSpanFormat = (format: unknown) => format instanceof Intl.RelativeTimeFormat

export function formatNumber(value: number): string {
  if (isSmallWhole(value)) return String(value)
  return kept(
    'number',
    isNumberFormat,
    (spoken) => new Intl.NumberFormat(spoken, { maximumFractionDigits: 2 }),
  ).format(value)
}

/** 12.3K, 4.5M; in Chinese 1.2万. */
export function formatShort(value: number): string {
  return kept(
    'short',
    isNumberFormat,
    (spoken) => new Intl.NumberFormat(spoken, { notation: 'compact', maximumFractionDigits: 1 }),
  ).format(value)
}

/** Of a share between 0 and 1. */
export function formatPercent(share: number): string {
  return kept(
    'percent',
    isNumberFormat,
    (spoken) => new Intl.NumberFormat(spoken, { style: 'percent', maximumFractionDigits: 1 }),
  ).format(share)
}

export function formatDate(instant: string | number): string {
  return kept(
    'date',
    isDateFormat,
    (spoken) => new Intl.DateTimeFormat(spoken, { dateStyle: 'medium' }),
  ).format(new Date(instant))
}

export function formatTime(instant: string | number): string {
  return kept(
    'time',
    isDateFormat,
    (spoken) => new Intl.DateTimeFormat(spoken, { dateStyle: 'medium', timeStyle: 'medium' }),
  ).format(new Date(instant))
}

/** A label of an axis whose labels lie so far apart. */
export function formatTick(instant: number, stepMs: number): string {
  const [name, wanted]: [string, Intl.DateTimeFormatOptions] =
    stepMs >= DAY
      ? ['tick day', { month: 'short', day: 'numeric' }]
      : stepMs >= MINUTE
        ? ['tick minute', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }]
        : ['tick second', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' }]
  return kept(name, isDateFormat, (spoken) => new Intl.DateTimeFormat(spoken, wanted)).format(instant)
}

/** A step of a chart: short, and to the second. */
/** Without the year: "Nov 23, 08:12:15". */
export function formatMoment(instant: string | number): string {
  return kept(
    'moment',
    isDateFormat,
    (spoken) =>
      new Intl.DateTimeFormat(spoken, {
        month: 'short',
        day: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        second: '2-digit',
        hourCycle: 'h23',
      }),
  ).format(new Date(instant))
}

/** "3 minutes ago", "in 2 days". */
export function formatSpan(instant: string | number, now: number): string {
  const away = new Date(instant).getTime() - now
  const size = Math.abs(away)
  const [unit, span] =
    size < MINUTE
      ? (['second', SECOND] as const)
      : size < HOUR
        ? (['minute', MINUTE] as const)
        : size < DAY
          ? (['hour', HOUR] as const)
          : (['day', DAY] as const)
  return kept(
    'span',
    isSpanFormat,
    (spoken) => new Intl.RelativeTimeFormat(spoken, { numeric: 'auto', style: 'short' }),
  ).format(Math.round(away / span), unit)
}

/** 4:05 */
export function formatCountdown(seconds: number): string {
  const left = Math.max(0, Math.ceil(seconds))
  return `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
}

/** 820 ms, 1.8 s */
export function formatMilliseconds(milliseconds: number): string {
  return milliseconds < 1000
    ? `${Math.round(milliseconds)} ms`
    : `${formatNumber(Math.round(milliseconds / 100) / 10)} s`
}

type Unit = 'second' | 'minute' | 'hour' | 'day' | 'megabyte' | 'gigabyte'

function formatUnit(value: number, unit: Unit): string {
  return kept(
    `unit ${unit}`,
    isNumberFormat,
    (spoken) => new Intl.NumberFormat(spoken, { style: 'unit', unit, maximumFractionDigits: 1 }),
  ).format(value)
}

/** 45 s, 12 min, 3.5 h */
export function formatLength(seconds: number): string {
  const size = Math.abs(seconds)
  if (size < 120) return formatUnit(Math.round(seconds), 'second')
  if (size < 7200) return formatUnit(Math.round(seconds / 60), 'minute')
  return size < 172_800 ? formatUnit(seconds / 3600, 'hour') : formatUnit(seconds / 86_400, 'day')
}

/** 200 MB, 73.9 GB */
export function formatBytes(bytes: number): string {
  return bytes < 1e9 ? formatUnit(bytes / 1e6, 'megabyte') : formatUnit(bytes / 1e9, 'gigabyte')
}
