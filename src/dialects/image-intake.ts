import type { ImagePart, TextPart, ToolResultPart, Turn, UserPart } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { readBase64Image, readImageUrl } from './read-image.ts'

/** The model service refuses more in one request, and it counts those of earlier turns each time. */
const MAX_IMAGES = 20
const LEFT_OUT_TEXT = '[An earlier image stood here. It is no longer sent, as newer ones took its place.]'

/** Reads the images of one request, and knows where each stood. */
export interface ImageIntake {
  readBase64(data: string, field: string): ImagePart
  readUrl(url: string, field: string): ImagePart
  /**
   * Holds the request to its number of images. Too many in the last turn are refused by the path of the first one too
   * many; of the earlier turns the newest stay, so that a long session does not end for good with one image more.
   */
  fit(turns: Turn[]): { turns: Turn[]; leftOut: boolean }
}

export function createImageIntake(): ImageIntake {
  const fields = new Map<ImagePart, string>()
  function note(image: ImagePart, field: string): ImagePart {
    fields.set(image, field)
    return image
  }
  return {
    readBase64: (data, field) => note(readBase64Image(data, field), field),
    readUrl: (url, field) => note(readImageUrl(url, field), field),
    fit(turns) {
      if (fields.size <= MAX_IMAGES) return { turns, leftOut: false }
      const last = turns.at(-1)
      const tooMany = last === undefined ? undefined : imagesOf(last)[MAX_IMAGES]
      if (tooMany !== undefined) throw refuseTooMany(fields.get(tooMany))
      const kept = new Set(turns.flatMap(imagesOf).slice(-MAX_IMAGES))
      return { turns: turns.map((turn) => keepImages(turn, kept)), leftOut: true }
    },
  }
}

function imagesOf(turn: Turn): ImagePart[] {
  return turn.parts.flatMap((part) => {
    if (part.kind === 'tool-result') return part.content.filter((piece) => piece.kind === 'image')
    return part.kind === 'image' ? [part] : []
  })
}

function keepImages(turn: Turn, kept: ReadonlySet<ImagePart>): Turn {
  if (turn.role === 'assistant') return turn
  return { role: 'user', parts: turn.parts.map((part) => keepImagesOfPart(part, kept)) }
}

function keepImagesOfPart(part: UserPart, kept: ReadonlySet<ImagePart>): UserPart {
  if (part.kind === 'image') return keepImage(part, kept)
  if (part.kind !== 'tool-result') return part
  const content = part.content.map((piece): ToolResultPart['content'][number] =>
    piece.kind === 'image' ? keepImage(piece, kept) : piece,
  )
  return { ...part, content }
}

function keepImage(image: ImagePart, kept: ReadonlySet<ImagePart>): ImagePart | TextPart {
  return kept.has(image) ? image : { kind: 'text', text: LEFT_OUT_TEXT }
}

function refuseTooMany(field: string | undefined): GatewayError {
  const text = `A message takes at most ${MAX_IMAGES} images; leave out this one and those after it`
  return new GatewayError('invalid-request', `${field}: ${text}`, {
    ...(field !== undefined && { field }),
    code: 'invalid_value',
  })
}
