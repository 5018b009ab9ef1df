/** What becomes of the requests of clients: counted and kept in batches, so that no request waits for the database. */
import type { EndedCall } from './ended-call.ts'
import type { RequestCounts } from './request-counts.ts'

/** With how long first tokens took; null: no answer began. */
export interface TrafficCounts extends RequestCounts {
  firstTokenP50Ms: number | null
  firstTokenP95Ms: number | null
}

export interface TrafficPoint extends TrafficCounts {
  /** Milliseconds since the epoch. */
  at: number
}

export interface TrafficReading {
  from: number
  to: number
  stepSeconds: number
  /** One for each step, in order; those without a request are left out. */
  points: TrafficPoint[]
  /** The last hour of each account that had requests in it, one character a minute, the last one now. */
  beats: { accountId: string; minutes: string }[]
}

export interface TrafficSummary {
  lastMinute: TrafficCounts
  lastHour: TrafficCounts
}

export type TrafficRange = '15m' | '1h' | '24h' | '7d' | '30d'

/** The numbers are those of all processes that share the database, and a second or two old. */
export interface Traffic {
  /** To be called once for each request that has ended. Takes no time and never throws. */
  note(ended: EndedCall): void
  read(range: TrafficRange): Promise<TrafficReading>
  /** Cheap enough to be asked for once a second. */
  summarize(): Promise<TrafficSummary>
  /** Stores what was noted so far. */
  close(): Promise<void>
}
