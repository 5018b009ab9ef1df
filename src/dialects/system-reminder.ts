import type { UserTurn } from '../conversation/conversation.ts'

/** A system message in the midst of a conversation: said on the user's side, marked as not being the user's words. */
export function createReminderTurn(text: string): UserTurn {
  return {
    role: 'user',
    parts: [{ kind: 'text', text: `<system-reminder>\n${text}\n</system-reminder>` }],
  }
}
