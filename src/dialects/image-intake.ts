import type {
  ImageLinkPart,
  ImagePart,
  TextPart,
  ToolResultPart,
  Turn,
  UserPart,
} from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { readBase64Image, readImageUrl } from './read-image.ts'

type Image = ImagePart | ImageLinkPart

/** Of the last turn. With more in one request the model service takes smaller images only (protocol 8.1). */
const MAX_IMAGES_OF_TURN = 20
/** Of a whole request: the service checks those of earlier turns again each time (protocol S20). */
const MAX_IMAGES = 10
/** Earlier images are left out so many at a time: were it one by one, each new image would change the prompt's beginning. */
const STEP = 5
const LEFT_OUT_TEXT = '[An earlier image stood here. It is no longer sent, as newer ones took its place.]'

/** Reads the images of one request, and knows where each stood. */
export interface ImageIntake {
  readBase64(data: string, field: string): ImagePart
  /** Addresses become links, which count as images here. */
  readUrl(url: string, field: string): Image
  /**
   * Holds the request to its number of images. Up to twenty of the last turn are all kept, more are refused by the path
   * of the first one too many. When all turns together have more than ten, the oldest of the earlier turns become a
   * note, five at a time. How many is a function of how many images there are in all, so what was left out once stays
   * so, and a long session does not end for good with one image more.
   */
  fit(turns: Turn[]): { turns: Turn[]; leftOut: boolean }
}

export function createImageIntake(): ImageIntake {
  const fields = new Map<Image, string>()
  function note<T extends Image>(image: T, field: string): T {
    fields.set(image, field)
    return image
  }
  return {
    readBase64: (data, field) => note(readBase64Image(data, field), field),
    readUrl: (url, field) => note(readImageUrl(url, field), field),
    fit(turns) {
      const ofLastTurn = turns.slice(-1).flatMap(imagesOf)
      const tooMany = ofLastTurn[MAX_IMAGES_OF_TURN]
      if (tooMany !== undefined) throw refuseTooMany(fields.get(tooMany))
      const earlier = turns.slice(0, -1).flatMap(imagesOf)
      const dropped = new Set(earlier.slice(0, countToLeaveOut(earlier.length + ofLastTurn.length)))
      if (dropped.size === 0) return { turns, leftOut: false }
      return { turns: turns.map((turn) => leaveOut(turn, dropped)), leftOut: true }
    },
  }
}

/** Of so many images in all; those of the last turn stay even so. */
function countToLeaveOut(total: number): number {
  return Math.ceil(Math.max(total - MAX_IMAGES, 0) / STEP) * STEP
}

function imagesOf(turn: Turn): Image[] {
  return turn.parts.flatMap((part) => {
    if (part.kind === 'tool-result') return part.content.filter(isImage)
    return isImage(part) ? [part] : []
  })
}

function isImage<T extends { kind: string }>(part: T): part is T & Image {
  return part.kind === 'image' || part.kind === 'image-link'
}

function leaveOut(turn: Turn, dropped: ReadonlySet<Image>): Turn {
  if (turn.role === 'assistant') return turn
  return { role: 'user', parts: turn.parts.map((part) => leaveOutOfPart(part, dropped)) }
}

function leaveOutOfPart(part: UserPart, dropped: ReadonlySet<Image>): UserPart {
  if (isImage(part)) return noteInstead(part, dropped)
  if (part.kind !== 'tool-result') return part
  const content = part.content.map((piece): ToolResultPart['content'][number] =>
    isImage(piece) ? noteInstead(piece, dropped) : piece,
  )
  return { ...part, content }
}

function noteInstead(image: Image, dropped: ReadonlySet<Image>): Image | TextPart {
  if (!dropped.has(image)) return image
  const { cacheMark } = image
  return { kind: 'text', text: LEFT_OUT_TEXT, ...(cacheMark !== undefined && { cacheMark }) }
}

function refuseTooMany(field: string | undefined): GatewayError {
  const text = `A message takes at most ${MAX_IMAGES_OF_TURN} images; leave out this one and those after it`
  return new GatewayError('invalid-request', `${field}: ${text}`, {
    ...(field !== undefined && { field }),
    code: 'invalid_value',
  })
}
