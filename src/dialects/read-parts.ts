/** Parts of messages become parts of turns. */
import type {
  AssistantPart,
  JsonObject,
  RedactedThinkingPart,
  TextPart,
  ThinkingPart,
  ToolResultPart,
  ToolResultPiece,
  ToolUsePart,
  UserPart,
} from '../conversation/conversation.ts'
import { parseJsonObject } from '../conversation/parse-json.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { readCacheMark } from './cache-mark.ts'
import type { PiecePart, SpokenPart, ThinkingBody, ToolInput, ToolResultBody } from './content-schema.ts'
import { readMedia, type Place } from './read-media.ts'

export type AnyPart = UserPart | AssistantPart
export type SpokenRole = 'user' | 'assistant'

type Content<P> = string | readonly P[] | null | undefined

/** The parts of a message, in order. `place`: here and below, of the content itself. */
export function readSpokenParts(content: Content<SpokenPart>, role: SpokenRole, place: Place): AnyPart[] {
  return readContent(content, place, (part) => (suits(part, role) ? part : undefined))
}

/** The result of a tool. */
export function readPieces(content: Content<PiecePart>, place: Place): ToolResultPiece[] {
  const pieces = readContent(content, place, (part) => (isPiece(part) ? part : undefined))
  return pieces.filter((piece) => piece.kind !== 'text' || piece.text !== '')
}

/** What can be said in text alone. */
export function readTexts(content: Content<SpokenPart>, place: Place): TextPart[] {
  const texts = readContent(content, place, (part) => (part.kind === 'text' ? part : undefined))
  return texts.filter(({ text }) => text !== '')
}

/** What is not known, or not picked as it has no place here, is left out, and noted by its type. */
function readContent<R extends AnyPart>(
  content: Content<SpokenPart>,
  place: Place,
  pick: (part: AnyPart) => R | undefined,
): (R | TextPart)[] {
  if (typeof content === 'string') return [createText(content)]
  return (content ?? []).flatMap((part, index) => {
    const read = readPart(part, { ...place, field: `${place.field}.${index}` })
    const picked = read && pick(read)
    if (picked !== undefined) return [picked]
    const { element, notes } = place
    if (part.type === 'unknown') notes.ignored.addForeign(`${element}.`, part.unknownType)
    else notes.ignored.add(`${element}.${part.type}`)
    return []
  })
}

export function createText(text: string): TextPart {
  return { kind: 'text', text }
}

export function createToolUse(id: string, name: string, input: ToolInput): ToolUsePart {
  return { kind: 'tool-use', id, name, input: readToolInput(input) }
}

/** Calls and results have a side of their own; pictures and thinking are not taken from the other side. */
function suits(part: AnyPart, role: SpokenRole): boolean {
  switch (part.kind) {
    case 'text':
    case 'tool-use':
    case 'tool-result':
      return true
    case 'image':
    case 'image-link':
    case 'document':
      return role === 'user'
    case 'thinking':
    case 'redacted-thinking':
      return role === 'assistant'
    default:
      return unreachable(part)
  }
}

function isPiece(part: AnyPart): part is ToolResultPiece {
  return suits(part, 'user') && part.kind !== 'tool-use' && part.kind !== 'tool-result'
}

/** Undefined for what the gateway does not know. */
function readPart(part: SpokenPart, place: Place): AnyPart | undefined {
  const { element, notes } = place
  notes.noteIgnored(part, element)
  switch (part.type) {
    case 'text':
    case 'input_text':
    case 'output_text':
      return { ...createText(part.text), ...readCacheMark(part, notes) }
    case 'refusal':
      return createText(part.refusal)
    case 'unknown': {
      const text = part.text ?? undefined
      return text === undefined ? undefined : { ...createText(text), ...readCacheMark(part, notes) }
    }
    case 'tool_use':
      return { ...createToolUse(part.id, part.name, part.input), ...readCacheMark(part, notes) }
    case 'tool_result':
      return readToolResult(part, place)
    case 'thinking':
    case 'redacted_thinking':
    case 'reasoning':
      notes.mayLose('earlier-thinking', `${element}.${part.type}`)
      return readThinkingPart(part)
    case 'image_url':
    case 'input_image':
    case 'image':
    case 'file':
    case 'input_file':
    case 'document':
    case 'input_audio':
    case 'output_audio':
    case 'audio':
      return readMedia(part, place)
    default:
      return unreachable(part)
  }
}

function readThinkingPart(part: ThinkingBody): ThinkingPart | RedactedThinkingPart {
  switch (part.type) {
    case 'thinking': {
      const signature = part.signature ?? ''
      return { kind: 'thinking', text: part.thinking, ...(signature !== '' && { signature }) }
    }
    case 'redacted_thinking':
      return { kind: 'redacted-thinking', data: part.data }
    case 'reasoning':
      return { kind: 'thinking', text: part.text ?? '' }
    default:
      return unreachable(part)
  }
}

function readToolResult(part: ToolResultBody, place: Place): ToolResultPart {
  return {
    kind: 'tool-result',
    toolUseId: part.tool_use_id,
    content: readPieces(part.content, { ...place, field: `${place.field}.content` }),
    failed: part.is_error ?? false,
    ...readCacheMark(part, place.notes),
  }
}

/** One call that the model wrote badly must not end a whole session: what is no JSON object, or one too deep to be walked, is kept as `raw`. */
function readToolInput(input: ToolInput): JsonObject {
  if (typeof input === 'object') return input ?? {}
  const text = input ?? ''
  if (text.trim() === '') return {}
  return parseJsonObject(text) ?? { raw: text }
}
