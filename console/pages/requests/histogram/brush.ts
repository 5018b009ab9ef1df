/** What is chosen in the histogram: whole steps of it, from one edge to another. Pure. */
import type { Span } from '../request-filter.ts'

/** Edges are counted from 0, which is where the first bar begins; `end` is behind the last one that is chosen. */
export interface Brush {
  begin: number
  end: number
}

interface Scale {
  count: number
  /** When the first bar begins, in milliseconds since the epoch. */
  from: number
  stepMs: number
}

/** From the bar where a hand began to the one where it is now, whichever is first. */
export function brushOver(anchor: number, present: number, { count }: Scale): Brush {
  const [first, last] = anchor < present ? [anchor, present] : [present, anchor]
  return { begin: clamp(first, 0, count - 1), end: clamp(last, 0, count - 1) + 1 }
}

export type Edge = keyof Brush

const FAR = 10

/** What a key does to an edge; undefined: nothing. One bar stays chosen at least. */
export function moveEdge(
  brush: Brush,
  edge: Edge,
  { key, shiftKey, scale: { count } }: { key: string; shiftKey: boolean; scale: Scale },
): Brush | undefined {
  const by = shiftKey ? FAR : 1
  const wanted = {
    ArrowLeft: brush[edge] - by,
    ArrowDown: brush[edge] - by,
    ArrowRight: brush[edge] + by,
    ArrowUp: brush[edge] + by,
    PageDown: brush[edge] - FAR,
    PageUp: brush[edge] + FAR,
    Home: 0,
    End: count,
  }[key]
  if (wanted === undefined) return undefined
  return edge === 'begin'
    ? { ...brush, begin: clamp(wanted, 0, brush.end - 1) }
    : { ...brush, end: clamp(wanted, brush.begin + 1, count) }
}

export function toSpan({ begin, end }: Brush, { from, stepMs }: Scale): Span {
  return {
    since: new Date(from + begin * stepMs).toISOString(),
    until: new Date(from + end * stepMs).toISOString(),
  }
}

/** Undefined: nothing of it is in the histogram, or nothing is chosen. */
export function fromSpan(span: Span | undefined, { count, from, stepMs }: Scale): Brush | undefined {
  if (span === undefined) return undefined
  const begin = Math.floor((Date.parse(span.since) - from) / stepMs)
  const end = Math.ceil((Date.parse(span.until) - from) / stepMs)
  return end <= 0 || begin >= count ? undefined : { begin: Math.max(0, begin), end: Math.min(count, end) }
}

export function isWhole({ begin, end }: Brush, { count }: Scale): boolean {
  return begin === 0 && end === count
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, value))
}
