import type { Citation } from '../../conversation/citation.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'

interface WrittenCitations {
  /** In the API's own form. */
  native: JsonObject[]
  /** Those that have none. */
  others: Citation[]
}

/**
 * The API has forms for what is quoted from pages and characters of documents. Its form for the web has a member that only
 * Anthropic's own search could fill, and those for blocks of documents and for search results count what the model service
 * never gets to see. Nothing is made up for them.
 */
export function writeCitations(citations: readonly Citation[] = []): WrittenCitations {
  const native: JsonObject[] = []
  const others: Citation[] = []
  for (const citation of citations) {
    const written = writeCitation(citation)
    if (written === undefined) others.push(citation)
    else native.push(written)
  }
  return { native, others }
}

function writeCitation(citation: Citation): JsonObject | undefined {
  if (citation.kind !== 'document') return undefined
  const { title, location, quotedText } = citation
  if (location === undefined || quotedText === undefined) return undefined
  const { documentIndex, start, end } = location
  const cited = {
    cited_text: quotedText,
    document_index: documentIndex,
    document_title: title ?? null,
    file_id: null,
  }
  switch (location.unit) {
    case 'page':
      return { type: 'page_location', ...cited, start_page_number: start, end_page_number: end }
    case 'character':
      return { type: 'char_location', ...cited, start_char_index: start, end_char_index: end }
    case 'chunk':
      return undefined
    default:
      return unreachable(location.unit)
  }
}
