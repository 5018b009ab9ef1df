/** Messages become the system prompt and turns. */
import type {
  AssistantPart,
  ImageLinkPart,
  ImagePart,
  JsonObject,
  TextPart,
  ToolResultPart,
  Turn,
} from '../../conversation/conversation.ts'
import { parseJsonObject } from '../../conversation/parse-json.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ImageIntake } from '../image-intake.ts'
import { presentFields, refuseUnsupported } from '../request-body.ts'
import { createReminderTurn } from '../system-reminder.ts'
import type { AssistantMessage, Message, TextOrImage, TextOrRefusal, ToolCall } from './schema.ts'

/** Where a message or a part stands in the body, and who takes its images in. */
interface Place {
  field: string
  images: ImageIntake
}

/** The API takes a system prompt alone; the model must be asked something, so then it is the question. */
export function readMessages(
  messages: readonly Message[],
  images: ImageIntake,
): { system: string; turns: Turn[] } {
  const preamble: string[] = []
  const turns: Turn[] = []
  for (const [index, message] of messages.entries()) {
    if (message.role === 'system' || message.role === 'developer') {
      const text = textsOf(message.content).join('\n\n')
      if (text === '') continue
      // Before anybody has spoken, it is the system prompt.
      if (turns.length === 0) preamble.push(text)
      else turns.push(createReminderTurn(text))
    } else {
      turns.push(readTurn(message, { field: `messages.${index}`, images }))
    }
  }
  const system = preamble.join('\n\n')
  if (turns.length > 0) return { system, turns }
  return { system: '', turns: [{ role: 'user', parts: [{ kind: 'text', text: system }] }] }
}

type SpokenMessage = Extract<Message, { role: 'user' | 'assistant' | 'tool' }>

function readTurn(message: SpokenMessage, place: Place): Turn {
  switch (message.role) {
    case 'user':
      return { role: 'user', parts: readParts(message.content, place) }
    case 'assistant':
      return { role: 'assistant', parts: readAssistantMessage(message, place.field) }
    case 'tool': {
      const content = readParts(message.content, place)
      const result: ToolResultPart = {
        kind: 'tool-result',
        toolUseId: message.tool_call_id,
        content,
        failed: false,
      }
      return { role: 'user', parts: [result] }
    }
    default:
      return unreachable(message)
  }
}

function readAssistantMessage(message: AssistantMessage, field: string): AssistantPart[] {
  refuseUnsupported({
    [`${field}.function_call`]: presentFields(message, ['function_call']).length > 0,
  })
  const texts = [...textsOf(message.content), ...textsOf(message.refusal)]
  const calls = (message.tool_calls ?? []).map((call): AssistantPart => {
    const { name, arguments: input } = call.function
    return { kind: 'tool-use', id: call.id, name, input: readArguments(input) }
  })
  return [...texts.map((text): TextPart => ({ kind: 'text', text })), ...calls]
}

/** One call that the model wrote badly must not end a whole session: what is no JSON object, or one too deep to be walked, is kept as `raw`. */
function readArguments(input: ToolCall['function']['arguments']): JsonObject {
  if (typeof input === 'object') return input ?? {}
  const text = input ?? ''
  if (text.trim() === '') return {}
  return parseJsonObject(text) ?? { raw: text }
}

function readParts(
  content: string | readonly TextOrImage[] | null | undefined,
  { field, images }: Place,
): (TextPart | ImagePart | ImageLinkPart)[] {
  const parts = typeof content === 'string' ? [{ type: 'text' as const, text: content }] : (content ?? [])
  return parts
    .map((part, index) => readPart(part, { field: `${field}.content.${index}`, images }))
    .filter((part) => part.kind !== 'text' || part.text !== '')
}

function readPart(part: TextOrImage, { field, images }: Place): TextPart | ImagePart | ImageLinkPart {
  switch (part.type) {
    case 'text':
      return { kind: 'text', text: part.text }
    case 'image_url': {
      const { image_url: image } = part
      if (typeof image === 'string') return images.readUrl(image, `${field}.image_url`)
      return images.readUrl(image.url, `${field}.image_url.url`)
    }
    case 'image': {
      const { source } = part
      if (source.type === 'url') return images.readUrl(source.url, `${field}.source.url`)
      return images.readBase64(source.data, `${field}.source.data`)
    }
    default:
      return unreachable(part)
  }
}

function textsOf(content: string | readonly TextOrRefusal[] | null | undefined): string[] {
  const texts = typeof content === 'string' ? [content] : (content ?? []).map(textOf)
  return texts.filter((text) => text !== '')
}

function textOf(part: TextOrRefusal): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'refusal':
      return part.refusal
    default:
      return unreachable(part)
  }
}
