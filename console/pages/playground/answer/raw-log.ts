/** What went over the line for one answer, within bounds. Pure. */
import type { WrittenRequest } from '../request/write-request.ts'

export interface RawEvent {
  /** Since the request was sent. */
  atMs: number
  name: string
  data: string
}

export interface RawLog {
  path: string
  request: WrittenRequest
  events: readonly RawEvent[]
  /** How many earlier ones are not here any more. */
  leftOut: number
}

const MOST_EVENTS = 500
const MOST_CHARACTERS = 4000

export function beginLog(path: string, request: WrittenRequest): RawLog {
  return { path, request, events: [], leftOut: 0 }
}

/** The latest stay. */
export function addToLog(log: RawLog, added: readonly RawEvent[]): RawLog {
  const all = [...log.events, ...added.map(shorten)]
  const leftOut = Math.max(0, all.length - MOST_EVENTS)
  return { ...log, events: all.slice(leftOut), leftOut: log.leftOut + leftOut }
}

function shorten(event: RawEvent): RawEvent {
  const { data } = event
  return data.length <= MOST_CHARACTERS ? event : { ...event, data: `${data.slice(0, MOST_CHARACTERS)}…` }
}
