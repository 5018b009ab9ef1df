import type { Turn } from '../conversation/conversation.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { AnyPart, SpokenRole } from './read-parts.ts'

/** Calls are the assistant's and results the user's, whoever's message holds them. */
export function toTurn(part: AnyPart, role: SpokenRole): Turn {
  switch (part.kind) {
    case 'text':
      return role === 'user' ? { role, parts: [part] } : { role, parts: [part] }
    case 'image':
    case 'image-link':
    case 'document':
    case 'tool-result':
      return { role: 'user', parts: [part] }
    case 'thinking':
    case 'redacted-thinking':
    case 'tool-use':
      return { role: 'assistant', parts: [part] }
    default:
      return unreachable(part)
  }
}
