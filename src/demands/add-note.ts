import type { Conversation, Turn, UserTurn } from '../conversation/conversation.ts'

/**
 * Says something to the model at the very end of the conversation, marked as not being the user's words. There it is
 * heeded most, and everything before it stays as it was: prompts are cached by how they begin.
 */
export function addNote(conversation: Conversation, text: string): Conversation {
  const note: UserTurn['parts'][number] = {
    kind: 'text',
    text: `<system-reminder>\n${text}\n</system-reminder>`,
  }
  const last = conversation.turns.at(-1)
  const turns: Turn[] =
    last?.role === 'user'
      ? [...conversation.turns.slice(0, -1), { role: 'user', parts: [...last.parts, note] }]
      : [...conversation.turns, { role: 'user', parts: [note] }]
  return { ...conversation, turns }
}
