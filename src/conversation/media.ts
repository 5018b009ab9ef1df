/** The images and documents of a conversation, wherever in it they stand, and the words for those that are left out. */

import type {
  DocumentPart,
  ImageLinkPart,
  ImagePart,
  TextPart,
  ToolResultPiece,
  Turn,
  UserPart,
  UserTurn,
} from './conversation.ts'

export type Medium = ImagePart | ImageLinkPart | DocumentPart

/** In the order in which they stand. */
export function mediaOf(turn: Turn): Medium[] {
  const media: Medium[] = []
  if (turn.role === 'assistant') return media
  for (const part of turn.parts) {
    for (const piece of part.kind === 'tool-result' ? part.content : [part]) {
      if (isMedium(piece)) media.push(piece)
    }
  }
  return media
}

/** Whether somebody sends an image, in a tool's result too; ones that were only named count. */
export function hasImages(turns: readonly Turn[]): boolean {
  return turns.some(
    ({ role, parts }) =>
      role === 'user' &&
      parts.some((part) => (part.kind === 'tool-result' ? part.content.some(isImage) : isImage(part))),
  )
}

function isImage({ kind }: UserPart): boolean {
  return kind === 'image' || kind === 'image-link'
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

/**
 * The turn whose media a person has attached and asks about: what cannot be read of them is refused. Undefined when the
 * last turn is the model's, or brings results of tools: until the model has answered, these come again with every request,
 * and a refusal would end the session for good.
 */
export function findAttachingTurn(turns: readonly Turn[]): UserTurn | undefined {
  const last = turns.at(-1)
  if (last?.role !== 'user') return undefined
  return last.parts.some(({ kind }) => kind === 'tool-result') ? undefined : last
}

/** What stands where a medium stood that the model is not given. */
export function noteInstead(medium: Medium): TextPart {
  return textInstead(
    medium,
    medium.kind === 'document'
      ? `[The document ${quoteName(medium)} is left out here.]`
      : '[An image is left out here, as it cannot be seen.]',
  )
}

export function textInstead({ cacheMark }: Medium, text: string): TextPart {
  return { kind: 'text', text, ...(cacheMark !== undefined && { cacheMark }) }
}

/** In quotes, and without what would end them. */
export function quoteName({ name }: DocumentPart): string {
  return `"${name.replaceAll(/[\s\p{Cc}"<>]+/gu, ' ').trim()}"`
}

function isMedium(part: UserPart): part is Medium {
  return part.kind === 'image' || part.kind === 'image-link' || part.kind === 'document'
}
