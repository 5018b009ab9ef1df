import { hash } from 'node:crypto'
import type { Conversation } from '../../conversation/conversation.ts'

/** Sixteen bytes, as the namespace of name-based ids; any constant would do. */
const NAMESPACE = 'aqueduct/session'
/** The four bits of a version 5, and the two of the variant of RFC 9562. */
const VERSION = '5'
const VARIANTS = '89ab'

/**
 * A UUID (version 5) that stays the same for as long as a conversation grows, made of how it begins and of the client's own key.
 * The service keeps no history, but some models' prompt caches go by this id (protocol S28).
 */
export function conversationIdOf(conversation: Conversation): string {
  const { affinityKey = '', system } = conversation
  const digits = hash('sha1', `${NAMESPACE}${affinityKey}\0${system}\0${firstUserText(conversation)}\0`)
  const variant = VARIANTS.charAt(Number.parseInt(digits.charAt(16), 16) & 3)
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    VERSION + digits.slice(13, 16),
    variant + digits.slice(17, 20),
    digits.slice(20, 32),
  ].join('-')
}

function firstUserText(conversation: Conversation): string {
  const turn = conversation.turns.find(({ role }) => role === 'user')
  return turn?.parts.find((part) => part.kind === 'text')?.text ?? ''
}
