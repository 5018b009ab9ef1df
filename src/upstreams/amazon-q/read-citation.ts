/** The events that tell what an answer is taken from (protocol 4.3). Nothing of them is trusted or fetched. */

import type { Citation, DocumentLocation, TextSpan } from '../../conversation/citation.ts'
import { readPayload } from './event-payload.ts'
import {
  citationEvent,
  codeReferenceEvent,
  documentCitationEvent,
  supplementaryWebLinksEvent,
} from './schema.ts'
import type { CitationEvent, DocumentCitationEvent } from './schema.ts'

/** Far more than any answer has. */
const MAX_CITATIONS = 100
const MAX_URL_CHARACTERS = 2048
const MAX_NOTE_CHARACTERS = 300
const MAX_QUOTE_CHARACTERS = 4000

interface CitationReader {
  /** Whether the event is one that cites. */
  read(name: string, payload: Buffer): boolean
}

/** The same citation is told once, however often it comes. */
export function createCitationReader(cite: (citation: Citation) => void): CitationReader {
  const told = new Set<string>()
  function tell(citation: Citation): void {
    const key = JSON.stringify(citation)
    const says = Object.keys(citation).length > 1
    if (!says || told.has(key) || told.size >= MAX_CITATIONS) return
    told.add(key)
    cite(citation)
  }
  return {
    read(name, payload) {
      switch (name) {
        case 'codeReferenceEvent':
          readPayload(payload, codeReferenceEvent, ({ references }) => {
            for (const reference of references ?? []) if (reference !== null) tell(toCodeReference(reference))
          })
          return true
        case 'supplementaryWebLinksEvent':
          readPayload(payload, supplementaryWebLinksEvent, ({ supplementaryWebLinks: links }) => {
            for (const link of links ?? []) if (link !== null) tell(toWebLink(link))
          })
          return true
        case 'citationEvent':
          readPayload(payload, citationEvent, (event) => tell(toLinkOfText(event)))
          return true
        case 'documentCitationEvent':
          readPayload(payload, documentCitationEvent, (event) => tell(toDocument(event)))
          return true
        default:
          return false
      }
    },
  }
}

type Note = string | null | undefined

function toCodeReference(told: { licenseName?: Note; repository?: Note; url?: Note }): Citation {
  return {
    kind: 'code-reference',
    ...noteAs('licence', told.licenseName),
    ...addressAs('repository', told.repository, told.url),
  }
}

function toWebLink(told: { url?: Note; title?: Note; snippet?: Note }): Citation {
  return {
    kind: 'web-link',
    ...addressAs('title', told.title, told.url),
    ...noteAs('snippet', told.snippet, MAX_QUOTE_CHARACTERS),
  }
}

function toLinkOfText({ target, citationText, citationLink }: CitationEvent): Citation {
  const mark = citationText ? `[${citationText}]` : undefined
  const span = target == null ? undefined : spanOf(target)
  return { kind: 'web-link', ...addressAs('title', mark, citationLink), ...(span !== undefined && { span }) }
}

function spanOf({ location, range }: NonNullable<CitationEvent['target']>): TextSpan | undefined {
  if (range != null) return { start: range.start, end: range.end }
  return location == null ? undefined : { start: location, end: location }
}

function toDocument({ source, title, location, sourceContent }: DocumentCitationEvent): Citation {
  const quote = (sourceContent ?? []).map((piece) => piece?.text ?? '').join('')
  const quoted = quote === '' ? undefined : toQuotation(quote)
  const web = location?.web
  if (web != null) {
    const link = toWebLink({ url: web.url, title: title ?? web.domain })
    return quoted === undefined ? link : { ...link, ...noteAs('snippet', quoted, MAX_QUOTE_CHARACTERS) }
  }
  const place = location == null ? undefined : placeOf(location)
  return {
    kind: 'document',
    ...noteAs('title', title),
    ...noteAs('source', source),
    ...(place !== undefined && { location: place }),
    ...(quoted !== undefined && { quotedText: quoted }),
  }
}

function placeOf(told: NonNullable<DocumentCitationEvent['location']>): DocumentLocation | undefined {
  const places = [
    ['page', told.documentPage],
    ['character', told.documentChar],
    ['chunk', told.documentChunk],
  ] as const
  for (const [unit, place] of places) {
    if (place != null) return { unit, documentIndex: place.documentIndex, start: place.start, end: place.end }
  }
  return undefined
}

/** One line of text without control characters, which may end up on a terminal; absent when nothing is left. */
function noteAs<Name extends string>(
  name: Name,
  told: Note,
  maxCharacters = MAX_NOTE_CHARACTERS,
): { [Key in Name]?: string } {
  const line = toLine(told, maxCharacters)
  return line === '' ? {} : named(name, line)
}

/** A url that clients may make a link of; any other stays as words of the note. */
function addressAs<Name extends string>(
  name: Name,
  note: Note,
  url: Note,
): { [Key in Name]?: string } & { url?: string } {
  if (url == null || url === '' || isWebAddress(url)) {
    return { ...noteAs(name, note), ...(url && { url }) }
  }
  const words = toLine(url, MAX_NOTE_CHARACTERS)
  return noteAs(name, note ? `${note} (${words})` : words)
}

function named<Name extends string>(name: Name, line: string): { [Key in Name]?: string } {
  const members: { [Key in Name]?: string } = {}
  members[name] = line
  return members
}

function toLine(told: Note, maxCharacters: number): string {
  return (told ?? '')
    .slice(0, maxCharacters)
    .toWellFormed()
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim()
}

/** As it stands, but for what no document means. */
function toQuotation(quote: string): string {
  return quote
    .slice(0, MAX_QUOTE_CHARACTERS)
    .toWellFormed()
    .replaceAll(/[^\P{Cc}\n\r\t]/gu, '')
}

function isWebAddress(url: string): boolean {
  return url.length <= MAX_URL_CHARACTERS && /^https?:\/\/[^\s\p{Cc}<>"]+$/iu.test(url) && URL.canParse(url)
}
