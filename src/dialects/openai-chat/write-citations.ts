import type { Citation } from '../../conversation/citation.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import { clampSpan, linkOf } from '../cited-link.ts'
import { writeSources } from '../write-sources.ts'

/** What was cited, and how long the message's text was by then. */
interface Cited {
  citation: Citation
  textLength: number
}

export interface CitationList {
  add(citations: readonly Citation[] | undefined, textLength: number): void
  /** For the end of the message. `note`: what goes behind its text, empty when nothing does. */
  write(textLength: number): { annotations: JsonObject[]; note: string }
}

/** The API knows one form, that of a url; sources without one are told in words. */
export function createCitationList(): CitationList {
  const list: Cited[] = []
  return {
    add(citations = [], textLength) {
      for (const citation of citations) list.push({ citation, textLength })
    },
    write(textLength) {
      const annotations = list
        .map((cited) => writeAnnotation(cited, textLength))
        .filter((annotation) => annotation !== undefined)
      const others = list.flatMap(({ citation }) => (linkOf(citation) === undefined ? citation : []))
      const sources = writeSources(others)
      return { annotations, note: sources === '' || textLength === 0 ? sources : `\n\n${sources}` }
    },
  }
}

function writeAnnotation({ citation, textLength: at }: Cited, textLength: number): JsonObject | undefined {
  const link = linkOf(citation)
  if (link === undefined) return undefined
  const { url, title, span = { start: at, end: at } } = link
  const { start, end } = clampSpan(span, textLength)
  return { type: 'url_citation', url_citation: { url, title, start_index: start, end_index: end } }
}
