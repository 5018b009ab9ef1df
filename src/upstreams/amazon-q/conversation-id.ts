import { hash } from 'node:crypto'
import type { Conversation } from '../../conversation/conversation.ts'

/** Namespace of our name-based ids; any constant would do. */
const NAMESPACE = Buffer.from('9d0c7a52f1e84c0b8a5e3b61c2f04d17', 'hex')

/**
 * A UUID (version 5) that stays the same for as long as a conversation grows, made of how it begins and of the client's own key.
 * The service keeps no history, but some models' prompt caches go by this id (protocol S28).
 */
export function conversationIdOf(conversation: Conversation): string {
  const { affinityKey = '', system } = conversation
  const name = Buffer.from(`${affinityKey}\0${system}\0${firstUserText(conversation)}\0`)
  const bytes = hash('sha1', Buffer.concat([NAMESPACE, name]), 'buffer').subarray(0, 16)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x50, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

function firstUserText(conversation: Conversation): string {
  const turn = conversation.turns.find(({ role }) => role === 'user')
  return turn?.parts.find((part) => part.kind === 'text')?.text ?? ''
}
