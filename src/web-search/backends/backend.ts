import type { JsonValue } from '../../conversation/conversation.ts'
import type { SearchRules } from '../../conversation/web-search.ts'
import type { FoundPage } from '../../upstreams/upstream.ts'

/** What a backend is sent. */
export interface BackendRequest {
  method: 'GET' | 'POST'
  url: URL
  headers: Record<string, string>
  body?: string
}

/** A search service that an operator may have, as data: how it is asked and how it answers. */
export interface Backend {
  /** `address`: where it is, without a slash at its end. `key`: empty where it wants none. */
  ask(query: string, place: { address: string; key: string; rules: SearchRules }): BackendRequest
  /** Undefined when it is no answer of this backend. */
  read(answer: JsonValue): FoundPage[] | undefined
}

/** For backends that know no other way to keep to some domains; each has its own limit of words. */
const MOST_SITES = 5

/** The query with the domains that are allowed, in the way of all search engines. Others are left out of the results later. */
export function withSites(query: string, { allowedDomains = [] }: SearchRules): string {
  if (allowedDomains.length === 0 || allowedDomains.length > MOST_SITES) return query
  return `${query} ${allowedDomains.map((domain) => `site:${domain.replaceAll(/\s+/g, '')}`).join(' OR ')}`
}
