import type { ChainProblem, ChainSection } from './check-chain.ts'
import type { EventEntry, EventKind, Happening } from './event.ts'

/** Of an entry in the order by time. */
export type Position = [at: string, id: number]

/** What is absent limits nothing. */
export interface EventFilter {
  kind?: EventKind
  /** In the id or the name of what it happened to, in whatever case. */
  subject?: string
  /** In what is known of who did it, in whatever case. */
  actor?: string
  /** Inclusive. */
  since?: Date
  /** Exclusive. */
  until?: Date
}

export interface Slice {
  limit: number
  /** Only older ones than the entry there. */
  before?: Position
}

export interface FoundEvents {
  entries: EventEntry[]
  /** Where to go on; absent: all was looked at. There may be one although no entry was found: each look has its bound. */
  next?: Position
}

/** Where events are kept. A promise that resolves means that the change survives a crash. */
export interface EventStore {
  /** Throws `overloaded-here` when it cannot be recorded. */
  append(happening: Happening): Promise<void>
  /** Newest first. */
  find(filter: EventFilter, slice: Slice): Promise<FoundEvents>
  /** `most` entries from the first one behind `after` on, read while nobody appends. */
  readSection(after: number, most: number): Promise<ChainSection>
  /** The last entries, likewise. */
  readEnd(most: number): Promise<ChainSection>
  /** Takes away what is older, so many at most, and records that. Answers how many, and what was wrong with them. */
  prune(olderThan: Date, most: number): Promise<{ count: number; problems: ChainProblem[] }>
}
