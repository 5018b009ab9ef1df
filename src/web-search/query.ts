import { parseJsonObject } from '../conversation/parse-json.ts'
import type { SearchFailure } from '../conversation/web-search.ts'
import { tidyText } from './tidy-text.ts'

/** Longer ones are refused by some sources, and none finds more with them. */
const MAX_QUERY_CHARACTERS = 400

interface Query {
  query: string
  failure?: SearchFailure
}

/** `input`: of the model's call, as it wrote it. */
export function readQuery(input: string): Query {
  const asked = parseJsonObject(input)?.['query']
  const query = tidyText(typeof asked === 'string' ? asked : '', MAX_QUERY_CHARACTERS + 1)
  if (query === '') return { query, failure: 'invalid-query' }
  return query.length > MAX_QUERY_CHARACTERS ? { query, failure: 'query-too-long' } : { query }
}
