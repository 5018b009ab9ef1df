/** A search that the gateway has run, as the blocks of the server tool of Anthropic's. */
import type { JsonObject } from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { SearchFailure, SearchOutcome, SearchResult } from '../../conversation/web-search.ts'
import { SEARCH_TOOL } from '../web-search-tool.ts'
import { sealExcerpt } from './search-excerpt.ts'

/** The input is to be added: in a stream it comes in a delta. */
export function writeSearchCall(id: string): JsonObject {
  return { type: 'server_tool_use', id: callIdOf(id), name: SEARCH_TOOL, input: {} }
}

export function writeSearchResult(id: string, outcome: SearchOutcome): JsonObject {
  return { type: 'web_search_tool_result', tool_use_id: callIdOf(id), content: writeOutcome(outcome) }
}

function callIdOf(id: string): string {
  return `srvtoolu_${id}`
}

function writeOutcome(outcome: SearchOutcome): JsonObject | JsonObject[] {
  if (outcome.kind === 'results') return outcome.results.map(writeResult)
  return { type: 'web_search_tool_result_error', error_code: writeFailure(outcome.failure) }
}

function writeResult({ url, title, excerpt, age }: SearchResult): JsonObject {
  return {
    type: 'web_search_result',
    url,
    title,
    encrypted_content: sealExcerpt(excerpt),
    page_age: age ?? null,
  }
}

function writeFailure(failure: SearchFailure): string {
  switch (failure) {
    case 'unavailable':
      return 'unavailable'
    case 'max-uses-exceeded':
      return 'max_uses_exceeded'
    case 'invalid-query':
      return 'invalid_tool_input'
    case 'query-too-long':
      return 'query_too_long'
    default:
      return unreachable(failure)
  }
}

interface SearchCount {
  note(outcome: SearchOutcome): void
  /** A member of the usage; empty where nothing was searched. */
  usage(): JsonObject
}

/** Counts what was found: a search that failed is none, as at Anthropic. */
export function createSearchCount(): SearchCount {
  let searched = false
  let count = 0
  return {
    note(outcome) {
      searched = true
      if (outcome.kind === 'results') count += 1
    },
    usage: () => (searched ? { server_tool_use: { web_search_requests: count } } : {}),
  }
}
