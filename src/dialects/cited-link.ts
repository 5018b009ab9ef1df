/** Citations in the one form that OpenAI's APIs know, that of an address. */
import type { Citation, TextSpan } from '../conversation/citation.ts'
import { titleOf } from './write-sources.ts'

export interface CitedLink {
  url: string
  title: string
  /** Where the words are that it is cited for, if the service says so. */
  span?: TextSpan
}

/** Undefined for a source without an address. */
export function linkOf(citation: Citation): CitedLink | undefined {
  if (citation.kind === 'document' || citation.url === undefined) return undefined
  const { url } = citation
  const span = citation.kind === 'web-link' ? citation.span : undefined
  return { url, title: titleOf(citation) ?? url, ...(span !== undefined && { span }) }
}

/** The text that the service counted in may have been cut since. */
export function clampSpan({ start, end }: TextSpan, textLength: number): TextSpan {
  const first = Math.max(0, Math.min(start, textLength))
  return { start: first, end: Math.max(first, Math.min(end, textLength)) }
}
