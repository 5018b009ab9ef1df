import type { Citation, DocumentLocation } from '../conversation/citation.ts'
import { unreachable } from '../conversation/unreachable.ts'

/** Of a source that is known by nothing but what it says. */
const MAX_QUOTE_CHARACTERS = 200

/**
 * Sources in words, a line each, for those that a client's API has no form for: what is said there is for the user, and a
 * licence must not get lost. Empty when there are none.
 */
export function writeSources(citations: readonly Citation[]): string {
  return [...new Set(citations.map((citation) => `Source: ${nameSource(citation)}`))].join('\n')
}

/** The end of a text with such sources behind it. */
export function writeSourcesAfterText(citations: readonly Citation[]): string {
  return citations.length === 0 ? '' : `\n\n${writeSources(citations)}`
}

/** What a source is called, without its address. Undefined when nothing of that is known. */
export function titleOf(citation: Citation): string | undefined {
  switch (citation.kind) {
    case 'web-link':
      return citation.title
    case 'document':
      return citation.title ?? citation.source
    case 'code-reference':
      return titleOfCode(citation)
    default:
      return unreachable(citation)
  }
}

function titleOfCode({ repository, licence }: { repository?: string; licence?: string }): string | undefined {
  if (licence === undefined) return repository
  return `${repository ?? 'code'} (licence: ${licence})`
}

function nameSource(citation: Citation): string {
  const title = titleOf(citation)
  if (citation.kind !== 'document') {
    return [title, citation.url].filter((words) => words !== undefined).join(', ')
  }
  const { location, quotedText } = citation
  if (title === undefined && location === undefined) return `“${toLine(quotedText ?? '')}”`
  const place = location === undefined ? [] : [nameLocation(location)]
  return [title ?? `document ${(location?.documentIndex ?? 0) + 1}`, ...place].join(', ')
}

function nameLocation({ unit, start, end }: DocumentLocation): string {
  return end - start > 1 ? `${unit}s ${start} to ${end - 1}` : `${unit} ${start}`
}

function toLine(text: string): string {
  return text.slice(0, MAX_QUOTE_CHARACTERS).toWellFormed().replaceAll(/\s+/g, ' ').trim()
}
