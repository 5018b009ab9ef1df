/** Images and documents in the form in which the model in use can be given them. */

import type { DocumentPart, TextPart, Turn } from '../../conversation/conversation.ts'
import { mediaOf, noteInstead, quoteName, replaceMedia, textInstead } from '../../conversation/media.ts'
import type { Medium } from '../../conversation/media.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ModelInfo } from '../upstream.ts'
import { createDocumentNames } from './document-names.ts'
import { placeDocuments } from './document-places.ts'
import type { DocumentPlace } from './document-places.ts'

interface FittedMedia {
  turns: Turn[]
  /** Whether anything is left out. */
  isLossy: boolean
}

/**
 * Documents that remain are attached to the request, under names of their own; others are text, or a note where they stood.
 * Images remain for a model that sees them. What of that a person has just attached is refused before; see refuse-unreadable.ts.
 */
export function fitMedia(turns: readonly Turn[], model: ModelInfo): FittedMedia {
  const media = turns.flatMap(mediaOf)
  if (media.length === 0) return { turns: [...turns], isLossy: false }
  const places = placeDocuments(
    media.filter((medium) => medium.kind === 'document'),
    model,
  )
  const nextPlace = places.values()
  const nameOf = createDocumentNames()
  let isLossy = false
  const fit = (medium: Medium): Medium | TextPart => {
    if (medium.kind === 'document') {
      const place: DocumentPlace = nextPlace.next().value ?? { kind: 'attached' }
      isLossy ||= place.kind === 'left-out'
      return fitDocument(medium, place, nameOf)
    }
    if (medium.kind === 'image' && model.takesImages) return medium
    isLossy = true
    return noteInstead(medium)
  }
  return { turns: turns.map((turn) => replaceMedia(turn, fit)), isLossy }
}

function fitDocument(
  document: DocumentPart,
  place: DocumentPlace,
  nameOf: (name: string) => string,
): DocumentPart | TextPart {
  switch (place.kind) {
    case 'attached':
      return { ...document, name: nameOf(document.name) }
    case 'text':
      return textInstead(document, writeDocument(document, place.text))
    case 'left-out':
      return noteInstead(document)
    default:
      return unreachable(place)
  }
}

function writeDocument(document: DocumentPart, text: string): string {
  const body = text.trim() === '' ? '(The document is empty.)' : text
  return `<document name=${quoteName(document)}>\n${body}\n</document>`
}
