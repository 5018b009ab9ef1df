import type { Conversation } from '../conversation/conversation.ts'
import type { Models } from './models.ts'

/** The conversation with what the model's name asks for. What the client says in a field counts more. */
export function heedName(conversation: Conversation, models: Pick<Models, 'asksToThink'>): Conversation {
  if (conversation.thinking.kind !== 'default' || !models.asksToThink(conversation.model)) return conversation
  return { ...conversation, thinking: { kind: 'adaptive', shown: true } }
}
