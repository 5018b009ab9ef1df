/** Tells conversations apart for stickiness. What clients send is hashed at once: no word of it is kept. */
import { hash as digest } from 'node:crypto'
import type { Conversation } from '../../conversation/conversation.ts'

/** Enough to tell beginnings apart, and no measurable time to hash. */
const MOST_TEXT = 16_384
const KEY_LENGTH = 32

export interface SessionRef {
  /** Hexadecimal digits. */
  key: string
  /**
   * Nothing but its first words tell the conversation, and these are all there is: many conversations may begin so, and
   * none of them has anything to come back to yet.
   */
  isOpening: boolean
}

interface Scope {
  /** Whose conversations these are: equal ids of different clients are different conversations. */
  owner: string
  /** Without it, short first messages could be guessed from their hashes. */
  secret: Uint8Array
}

/** By the client's own key, else by how the conversation begins. Undefined: nothing tells it from others. */
export function sessionRefOf(
  { affinityKey, system, turns }: Pick<Conversation, 'affinityKey' | 'system' | 'turns'>,
  { owner, secret }: Scope,
): SessionRef | undefined {
  const hash = (...texts: readonly string[]) => {
    // In one call, for it is made with every request; the lengths keep the borders between the texts.
    const told = [owner, ...texts].map((text) => `${text.length}:${text.slice(0, MOST_TEXT)}`).join('')
    return digest('sha256', Buffer.from(secret).toString('base64') + told).slice(0, KEY_LENGTH)
  }
  if (affinityKey !== undefined) return { key: hash('key', affinityKey), isOpening: false }
  const firstParts = turns.find(({ role }) => role === 'user')?.parts ?? []
  const firstText = firstParts.find((part) => part.kind === 'text')?.text ?? ''
  if (firstText === '') return undefined
  return {
    key: hash('beginning', system, firstText),
    isOpening: !turns.some(({ role }) => role === 'assistant'),
  }
}
