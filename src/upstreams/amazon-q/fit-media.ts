/** Images and documents in the form in which the model in use can be given them. */

import type { DocumentPart, TextPart, Turn } from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ModelInfo } from '../upstream.ts'
import { createDocumentNames } from './document-names.ts'
import { placeDocuments } from './document-places.ts'
import type { DocumentPlace } from './document-places.ts'
import { mediaOf, replaceMedia } from './media.ts'
import type { Medium } from './media.ts'

interface FittedMedia {
  turns: Turn[]
  /** Whether anything is left out. */
  isLossy: boolean
}

const IMAGE_NOTE = '[An image is left out here, as it cannot be seen.]'

/**
 * Documents that remain are attached to the request, under names of their own; others are text, or a note where they stood.
 * Images remain for a model that sees them. What of that is news to the model is refused before; see refuse-unreadable.ts.
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
    return textInstead(medium, IMAGE_NOTE)
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
      return textInstead(document, `[The document ${nameInText(document)} is left out here.]`)
    default:
      return unreachable(place)
  }
}

function writeDocument(document: DocumentPart, text: string): string {
  const body = text.trim() === '' ? '(The document is empty.)' : text
  return `<document name=${nameInText(document)}>\n${body}\n</document>`
}

/** In quotes, and without what would end them. */
function nameInText({ name }: DocumentPart): string {
  return `"${name.replaceAll(/[\s\p{Cc}"<>]+/gu, ' ').trim()}"`
}

function textInstead({ cacheMark }: Medium, text: string): TextPart {
  return { kind: 'text', text, ...(cacheMark !== undefined && { cacheMark }) }
}
