/** A search that the gateway has run. */
import type { JsonObject } from '../../conversation/conversation.ts'
import type { SearchOutcome, WebSearchPart } from '../../conversation/web-search.ts'
import {
  itemIdOf,
  writeAdded,
  writeDone,
  type ItemPlace,
  type ItemStream,
  type ItemWriter,
} from './output-item.ts'

const NOT_SEARCHED: SearchOutcome = { kind: 'failed', failure: 'unavailable' }

/** The sources are told unasked: they are all that a client gets to know of what was found. */
export function writeWebSearch(
  place: ItemPlace,
  { query, outcome }: Pick<WebSearchPart, 'query' | 'outcome'>,
): JsonObject {
  if (outcome.kind === 'failed') return writeItem(place, 'failed', { query })
  const sources = outcome.results.map(({ url }) => ({ type: 'url', url }))
  return writeItem(place, 'completed', { query, sources })
}

export function createWebSearchWriter(
  stream: ItemStream,
  { query }: Pick<WebSearchPart, 'query'>,
): ItemWriter {
  const { place, events } = stream
  const tell = (state: string) =>
    events.write(`response.web_search_call.${state}`, {
      output_index: place.outputIndex,
      item_id: itemIdOf('ws', place),
    })
  return {
    open: () =>
      writeAdded(stream, writeItem(place, 'in_progress', { query })) +
      tell('in_progress') +
      tell('searching'),
    add: () => '',
    close({ outcome = NOT_SEARCHED }) {
      const item = writeWebSearch(place, { query, outcome })
      // There is no event for one that failed.
      const told = outcome.kind === 'results' ? tell('completed') : ''
      return { written: told + writeDone(stream, item), item }
    },
  }
}

function writeItem(
  place: ItemPlace,
  status: string,
  { query, ...rest }: { query: string; sources?: JsonObject[] },
): JsonObject {
  const action = { type: 'search', query, queries: [query], ...rest }
  return { id: itemIdOf('ws', place), type: 'web_search_call', status, action }
}
