import type { DocumentPart, ImageLinkPart, ImagePart, Turn } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import {
  findAttachingTurn,
  mediaOf,
  noteInstead,
  replaceMedia,
  textInstead,
  type Medium,
} from '../conversation/media.ts'
import { readDocument, readDocumentName, type UnreadDocument } from './read-document.ts'
import { readBase64Image, readImageUrl } from './read-image.ts'

type Image = ImagePart | ImageLinkPart

/** Of the last turn. With more in one request the model service takes smaller images only (protocol 8.1). */
const MAX_IMAGES_OF_TURN = 20
/** Of a whole request: the service checks those of earlier turns again each time (protocol S20). */
const MAX_IMAGES = 10
/** Earlier images are left out so many at a time: were it one by one, each new image would change the prompt's beginning. */
const STEP = 5
const REPLACED_TEXT = '[An earlier image stood here. It is no longer sent, as newer ones took its place.]'

/** `element`: how the header `x-aqueduct-ignored` names such a thing, as in `messages.content.image`. */
interface MediumPlace {
  field: string
  element: string
}

/**
 * Reads the images and documents of one request, and knows where each stood. Of what cannot be read a stand-in is given
 * first, as only the whole conversation tells whether that is a reason to refuse it.
 */
export interface MediaIntake {
  /** `mediaType`: its label, where a client of this API is told of a wrong one. */
  readBase64(data: string, place: MediumPlace, mediaType?: string): ImagePart
  /** Addresses become links, which count as images here. */
  readUrl(url: string, place: MediumPlace): Image
  readDocument(document: UnreadDocument, element: string): DocumentPart
  /**
   * Puts notes in place of what cannot be read, and holds the request to its number of images. Only what a person has
   * just attached is refused, by its path: what cannot be read, and images above twenty. Of other turns the latest twenty
   * stay at most. When all turns together have more than ten images, the oldest of the earlier turns become a note, five
   * at a time. How many is a function of how many images there are in all, so what was left out once stays so, and a long
   * session does not end for good with one image more. `leftOut`: by the names of their elements.
   */
  fit(turns: Turn[]): { turns: Turn[]; leftOut: string[] }
}

export function createMediaIntake(): MediaIntake {
  const places = new Map<Medium, MediumPlace>()
  const faults = new Map<Medium, GatewayError>()

  function take<T extends Medium>(place: MediumPlace, read: () => T, standIn: T): T {
    const medium = readOrNote(read, (fault) => {
      faults.set(standIn, fault)
      return standIn
    })
    places.set(medium, place)
    return medium
  }
  const imagesOf = (turn: Turn): Medium[] =>
    mediaOf(turn).filter((medium) => medium.kind !== 'document' && !faults.has(medium))

  /** What a person has attached that cannot be sent. */
  function refuseAttached(turn: Turn): void {
    const fault = mediaOf(turn)
      .map((medium) => faults.get(medium))
      .find((each) => each !== undefined)
    if (fault !== undefined) throw fault
    const tooMany = imagesOf(turn)[MAX_IMAGES_OF_TURN]
    if (tooMany !== undefined) throw refuseTooMany(places.get(tooMany)?.field)
  }
  return {
    readBase64: (data, place, mediaType) =>
      take(place, () => readBase64Image(data, place.field, mediaType), createEmptyImage()),
    readUrl: (url, place) => take<Image>(place, () => readImageUrl(url, place.field), createEmptyImage()),
    readDocument(unread, element) {
      const { field, name } = unread
      const empty: DocumentPart = {
        kind: 'document',
        name: readDocumentName(name),
        format: 'txt',
        base64: '',
        field,
      }
      return take({ field, element }, () => readDocument(unread), empty)
    },
    fit(turns) {
      if (places.size === 0) return { turns, leftOut: [] }
      const attaching = findAttachingTurn(turns)
      if (attaching !== undefined) refuseAttached(attaching)
      const replaced = chooseReplaced(turns.map(imagesOf))
      if (faults.size === 0 && replaced.size === 0) return { turns, leftOut: [] }
      const leftOut = new Set<string>()
      const fitted = turns.map((turn) =>
        replaceMedia(turn, (medium) => {
          const isReplaced = replaced.has(medium)
          if (!isReplaced && !faults.has(medium)) return medium
          leftOut.add(places.get(medium)?.element ?? medium.kind)
          return isReplaced ? textInstead(medium, REPLACED_TEXT) : noteInstead(medium)
        }),
      )
      return { turns: fitted, leftOut: [...leftOut] }
    },
  }
}

function readOrNote<T>(read: () => T, note: (fault: GatewayError) => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof GatewayError) return note(error)
    throw error
  }
}

function createEmptyImage(): ImagePart {
  return { kind: 'image', format: 'png', base64: '' }
}

/** The images that later ones take the place of. `byTurn`: those of each turn. */
function chooseReplaced(byTurn: readonly Medium[][]): Set<Medium> {
  const ofLastTurn = byTurn.at(-1) ?? []
  const earlier = byTurn.slice(0, -1).flat()
  return new Set([
    ...earlier.slice(0, countToReplace(earlier.length + ofLastTurn.length)),
    ...ofLastTurn.slice(0, Math.max(ofLastTurn.length - MAX_IMAGES_OF_TURN, 0)),
  ])
}

/** Of so many images in all; those of the last turn stay even so. */
function countToReplace(total: number): number {
  return Math.ceil(Math.max(total - MAX_IMAGES, 0) / STEP) * STEP
}

function refuseTooMany(field: string | undefined): GatewayError {
  const text = `A message takes at most ${MAX_IMAGES_OF_TURN} images; leave out this one and those after it`
  return new GatewayError('invalid-request', `${field}: ${text}`, {
    ...(field !== undefined && { field }),
    code: 'invalid_value',
  })
}
