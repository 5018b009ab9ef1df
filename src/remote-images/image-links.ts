import type { Conversation, ImageLinkPart, ImagePart, Turn } from '../conversation/conversation.ts'
import { mediaOf, replaceMedia } from '../conversation/media.ts'

export function hasImageLinks({ turns }: Conversation): boolean {
  return turns.some((turn) => mediaOf(turn).some(({ kind }) => kind === 'image-link'))
}

/** In the order in which they were said, those in tool results too. */
export function listImageLinks(turns: readonly Turn[]): ImageLinkPart[] {
  return turns.flatMap(mediaOf).filter((medium) => medium.kind === 'image-link')
}

/** `imageOf`: what stands behind an address; links without an image stay. */
export function replaceImageLinks(
  conversation: Conversation,
  imageOf: (url: string) => ImagePart | undefined,
): Conversation {
  const turns = conversation.turns.map((turn) =>
    replaceMedia(turn, (medium) => {
      const image = medium.kind === 'image-link' ? imageOf(medium.url) : undefined
      if (image === undefined) return medium
      const { cacheMark } = medium
      return { ...image, ...(cacheMark !== undefined && { cacheMark }) }
    }),
  )
  return { ...conversation, turns }
}
