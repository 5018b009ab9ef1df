/** Messages become the system prompt and turns. */
import type {
  RedactedThinkingPart,
  ThinkingPart,
  ToolResultPart,
  ToolResultPiece,
  Turn,
} from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { toTurn } from '../to-turn.ts'
import { createReminderTurn } from '../system-reminder.ts'
import { cacheFieldOf, readCacheMark } from '../cache-mark.ts'
import { createLegacyCalls, type LegacyCalls } from './legacy-calls.ts'
import type { Message } from './message-schema.ts'
import { readAssistantParts } from './read-assistant.ts'
import type { Place } from '../read-media.ts'
import { createText, readPieces, readSpokenParts, readTexts, type AnyPart } from '../read-parts.ts'

type SystemMessage = Extract<Message, { role: 'system' | 'developer' }>
type SpokenMessage = Exclude<Message, SystemMessage>
type MarkablePart = Exclude<AnyPart, ThinkingPart | RedactedThinkingPart>

/** The API takes a system prompt alone; the model must be asked something, so then it is the question. */
export function readMessages(
  messages: readonly Message[],
  intake: Pick<Place, 'media' | 'notes'>,
): { system: string; turns: Turn[] } {
  const preamble: string[] = []
  const turns: Turn[] = []
  const legacy = createLegacyCalls()
  for (const [index, message] of messages.entries()) {
    const place = { ...intake, field: `messages.${index}.content`, element: 'messages.content' }
    if (message.role === 'system' || message.role === 'developer') {
      const text = readSystemText(message, place)
      if (text === '') continue
      // Before anybody has spoken, it is the system prompt.
      if (turns.length === 0) preamble.push(text)
      else turns.push(createReminderTurn(text))
    } else {
      turns.push(...readTurns(message, legacy, place))
    }
  }
  const system = preamble.join('\n\n')
  if (turns.length > 0) return { system, turns }
  return { system: '', turns: [{ role: 'user', parts: [createText(system)] }] }
}

/** The system prompt is one text, in which marks have no place. */
function readSystemText(message: SystemMessage, place: Place): string {
  place.notes.noteIgnored(message, 'messages')
  const parts = readTexts(message.content, place)
  const elements = [message, ...(typeof message.content === 'string' ? [] : message.content)]
  for (const field of elements.map(cacheFieldOf)) if (field !== undefined) place.notes.ignored.add(field)
  return parts.map((part) => part.text).join('\n\n')
}

/** One turn for each part, as a message may hold parts of either side; neighbours are merged later. */
function readTurns(message: SpokenMessage, legacy: LegacyCalls, place: Place): Turn[] {
  const parts = readParts(message, legacy, place)
  const last = parts.at(-1)
  const { cacheMark } = readCacheMark(message, place.notes)
  if (cacheMark !== undefined && last !== undefined && canBeMarked(last)) last.cacheMark = cacheMark
  const role = message.role === 'assistant' ? 'assistant' : 'user'
  return parts.map((part) => toTurn(part, role))
}

function readParts(message: SpokenMessage, legacy: LegacyCalls, place: Place): AnyPart[] {
  switch (message.role) {
    case 'user':
      place.notes.noteIgnored(message, 'messages')
      return readSpokenParts(message.content, 'user', place)
    case 'assistant':
      place.notes.noteIgnored(message, 'messages')
      return readAssistantParts(message, legacy, place)
    case 'tool':
      return [createResult(message.tool_call_id, readPieces(message.content, place))]
    case 'function': {
      const id = legacy.answer(message.name ?? undefined)
      return [createResult(id, readPieces(message.content, place))]
    }
    default:
      return unreachable(message)
  }
}

function createResult(toolUseId: string, content: ToolResultPiece[]): ToolResultPart {
  return { kind: 'tool-result', toolUseId, content, failed: false }
}

function canBeMarked(part: AnyPart): part is MarkablePart {
  return part.kind !== 'thinking' && part.kind !== 'redacted-thinking'
}
