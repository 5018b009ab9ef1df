import type {
  Conversation,
  ImageLinkPart,
  ImagePart,
  ToolResultPiece,
  UserPart,
} from '../conversation/conversation.ts'

export function hasImageLinks({ turns }: Conversation): boolean {
  return turns.some(({ parts }) =>
    parts.some(
      (part) => part.kind === 'image-link' || (part.kind === 'tool-result' && part.content.some(isLink)),
    ),
  )
}

/** In the order in which they were said, those in tool results too. */
export function listImageLinks({ turns }: Conversation): ImageLinkPart[] {
  return turns.flatMap((turn) => (turn.role === 'user' ? turn.parts.flatMap(linksOf) : []))
}

/** `images`: by the address of each link. */
export function replaceImageLinks(
  conversation: Conversation,
  images: ReadonlyMap<string, ImagePart>,
): Conversation {
  function replaceLink({ url, cacheMark }: ImageLinkPart): ImagePart {
    const image = images.get(url)
    if (image === undefined) throw new TypeError('An image was not fetched.')
    return { ...image, ...(cacheMark !== undefined && { cacheMark }) }
  }
  function replacePiece(piece: ToolResultPiece): ToolResultPiece {
    return isLink(piece) ? replaceLink(piece) : piece
  }
  function replacePart(part: UserPart): UserPart {
    if (part.kind === 'tool-result') return { ...part, content: part.content.map(replacePiece) }
    return part.kind === 'image-link' ? replaceLink(part) : part
  }
  const turns = conversation.turns.map((turn) =>
    turn.role === 'user' ? { ...turn, parts: turn.parts.map(replacePart) } : turn,
  )
  return { ...conversation, turns }
}

function linksOf(part: UserPart): ImageLinkPart[] {
  if (part.kind === 'tool-result') return part.content.filter(isLink)
  return part.kind === 'image-link' ? [part] : []
}

function isLink(piece: ToolResultPiece): piece is ImageLinkPart {
  return piece.kind === 'image-link'
}
