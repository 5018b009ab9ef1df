/** The images and documents of a turn, wherever in it they stand. */

import type {
  DocumentPart,
  ImageLinkPart,
  ImagePart,
  ToolResultPiece,
  Turn,
  UserPart,
} from '../../conversation/conversation.ts'

export type Medium = ImagePart | ImageLinkPart | DocumentPart

/** In the order in which they stand. */
export function mediaOf(turn: Turn): Medium[] {
  if (turn.role === 'assistant') return []
  return turn.parts.flatMap((part) => (part.kind === 'tool-result' ? part.content : [part]).filter(isMedium))
}

/** The same turn with something else in place of its media; `replace` sees them in the order of `mediaOf`. */
export function replaceMedia(turn: Turn, replace: (medium: Medium) => ToolResultPiece): Turn {
  if (turn.role === 'assistant') return turn
  const replaceIn = (part: UserPart): UserPart => {
    if (part.kind !== 'tool-result') return isMedium(part) ? replace(part) : part
    return { ...part, content: part.content.map((piece) => (isMedium(piece) ? replace(piece) : piece)) }
  }
  return { role: 'user', parts: turn.parts.map(replaceIn) }
}

function isMedium(part: UserPart): part is Medium {
  return part.kind === 'image' || part.kind === 'image-link' || part.kind === 'document'
}
