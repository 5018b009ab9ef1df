/** What a request spent its time with, one part after the other, as far as that was noted. Pure. */
import type { CallDetail } from '../../../api/types.ts'

export interface Part {
  kind:
    | 'lead' // until it was known what is asked and the gateway began
    | 'choose' // for an account to be chosen, in the queue where none was free, and for pauses between attempts
    | 'token'
    | 'headers' // until the service began to answer
    | 'content' // until the first thing came that clients are shown
    | 'answer'
    | 'close'
  /** Counted from 0; undefined: it belongs to none. */
  attempt: number | undefined
  /** Milliseconds since the receipt. */
  at: number
  end: number
}

/** What is shorter at the end is only how long it takes to tell. */
const LEAST_CLOSING_MS = 2

export function toTimeline({
  lead = 0,
  attempts,
  totalMs,
}: Pick<CallDetail, 'lead' | 'attempts' | 'totalMs'>): Part[] {
  const parts: Part[] = []
  let reached = 0

  function add(kind: Part['kind'], end: number | undefined, attempt?: number): void {
    if (end === undefined) return
    // Clocks of two sources may be a millisecond apart.
    const bounded = Math.max(reached, end)
    parts.push({ kind, attempt, at: reached, end: bounded })
    reached = bounded
  }
  const since = (milliseconds: number | undefined) =>
    milliseconds === undefined ? undefined : lead + milliseconds

  add('lead', attempts.length === 0 ? totalMs : lead)
  for (const [index, { at, sent, headers, content, end }] of attempts.entries()) {
    add('choose', lead + at, index)
    const hasSent = sent !== undefined || headers === undefined
    if (hasSent) add('token', since(sent ?? end), index)
    add('headers', since(sent === undefined ? headers : (headers ?? end)), index)
    if (headers !== undefined) add('content', since(content ?? end), index)
    if (content !== undefined) add('answer', since(end), index)
  }
  if (attempts.length > 0 && totalMs - reached >= LEAST_CLOSING_MS) add('close', totalMs)
  return parts
}
