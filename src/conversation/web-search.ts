/** A search of the web that the gateway runs for the model, in neutral terms. */

/** What the client allows of a tool that searches the web. */
export interface SearchRules {
  kind: 'web-search'
  /** Searches of one answer. */
  maxUses?: number
  /** Hosts, their subdomains included, with or without the beginning of a path. Absent: all. */
  allowedDomains?: readonly string[]
  blockedDomains?: readonly string[]
}

export interface SearchResult {
  /** A http or https one; nobody has looked whether anything is there. */
  url: string
  title: string
  /** What the page says of the matter, as far as the source tells; may be empty. */
  excerpt: string
  /** When the page was written, in whatever words; absent: nobody knows. */
  age?: string
}

export type SearchFailure =
  /** There is nobody to ask, or none of them answered. */
  | 'unavailable'
  | 'max-uses-exceeded'
  /** The model has asked for nothing that can be searched. */
  | 'invalid-query'
  | 'query-too-long'

export type SearchOutcome =
  | { kind: 'results'; results: readonly SearchResult[] }
  | { kind: 'failed'; failure: SearchFailure }

/** In answers alone: what the gateway searched, and what it found. `id` is unique in the conversation; letters, digits, `_` and `-`. */
export interface WebSearchPart {
  kind: 'web-search'
  id: string
  query: string
  outcome: SearchOutcome
}
