import {
  createConversation,
  type AssistantPart,
  type JsonObject,
  type TextPart,
  type Tool,
  type Turn,
} from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { affinityKeyOf } from '../affinity-key.ts'
import type { ChatRequest, Dialect } from '../dialect.ts'
import { jsonObject, parseBody, parseJson, presentFields, refuseUnsupported } from '../request-body.ts'
import { createReminderTurn } from '../system-reminder.ts'
import {
  chatBody,
  IGNORED_ANYWHERE,
  IGNORED_FIELDS,
  type AssistantMessage,
  type ChatBody,
  type Message,
  type Part,
  type ToolCall,
} from './schema.ts'

export const readRequest: Dialect['readRequest'] = (unread, headers): ChatRequest => {
  const body = parseBody(chatBody, unread)
  refuseUnsupported({
    n: (body.n ?? 1) > 1,
    tool_choice: (body.tool_choice ?? 'auto') !== 'auto',
    stop: (body.stop ?? '').length > 0,
    response_format: (body.response_format?.type ?? 'text') !== 'text',
    functions: (body.functions ?? []).length > 0,
    modalities: (body.modalities ?? []).some((modality) => modality !== 'text'),
  })
  const { preamble, turns } = readMessages(body.messages)
  const conversation = createConversation({
    model: body.model,
    ...readPrompt(preamble, turns),
    tools: (body.tools ?? []).map(readTool),
    ...affinityKeyOf(headers, body.prompt_cache_key ?? undefined),
  })
  if (conversation.turns.length === 0) {
    throw new GatewayError('invalid-request', 'messages: At least one message with content is required', {
      field: 'messages',
    })
  }
  const stream = body.stream ?? false
  const usageInStream = stream && (body.stream_options?.include_usage ?? false)
  return { conversation, stream, usageInStream, ignored: listIgnored(body) }
}

/** The API takes a system prompt alone; the model must be asked something, so then it is the question. */
function readPrompt(preamble: readonly string[], turns: Turn[]): { system: string; turns: Turn[] } {
  const system = preamble.join('\n\n')
  if (turns.length > 0) return { system, turns }
  return { system: '', turns: [{ role: 'user', parts: [{ kind: 'text', text: system }] }] }
}

/** `preamble`: system messages before anybody has spoken; they are the system prompt. */
function readMessages(messages: readonly Message[]): { preamble: string[]; turns: Turn[] } {
  const preamble: string[] = []
  const turns: Turn[] = []
  for (const message of messages) {
    switch (message.role) {
      case 'system':
      case 'developer': {
        const text = textsOf(message.content).join('\n\n')
        if (text === '') break
        if (turns.length === 0) preamble.push(text)
        else turns.push(createReminderTurn(text))
        break
      }
      case 'user':
        turns.push({ role: 'user', parts: readTexts(message.content) })
        break
      case 'assistant':
        turns.push({ role: 'assistant', parts: readAssistantMessage(message) })
        break
      case 'tool': {
        const content = readTexts(message.content)
        const part = { kind: 'tool-result', toolUseId: message.tool_call_id, content, failed: false } as const
        turns.push({ role: 'user', parts: [part] })
        break
      }
      default:
        unreachable(message)
    }
  }
  return { preamble, turns }
}

function readAssistantMessage(message: AssistantMessage): AssistantPart[] {
  const calls = (message.tool_calls ?? []).map((call): AssistantPart => {
    const { name, arguments: input } = call.function
    return { kind: 'tool-use', id: call.id, name, input: readArguments(input) }
  })
  return [...readTexts(message.content), ...calls]
}

/** One call that the model wrote badly must not end a whole session: what is no JSON object is kept as `raw`. */
function readArguments(input: ToolCall['function']['arguments']): JsonObject {
  if (typeof input === 'object') return input ?? {}
  const text = input ?? ''
  if (text.trim() === '') return {}
  const parsed = jsonObject.safeParse(parseJson(text))
  return parsed.success ? parsed.data : { raw: text }
}

function readTool({ function: tool }: NonNullable<ChatBody['tools']>[number]): Tool {
  return {
    name: tool.name,
    description: tool.description ?? '',
    inputSchema: tool.parameters ?? { type: 'object', properties: {} },
  }
}

function listIgnored(body: ChatBody): string[] {
  const ignored = new Set(presentFields(body, IGNORED_FIELDS))
  for (const element of elementsOf(body)) {
    for (const name of presentFields(element, IGNORED_ANYWHERE)) ignored.add(name)
  }
  return [...ignored]
}

/** The body and everything in it that may carry fields of its own. */
function* elementsOf(body: ChatBody): Generator<Record<string, unknown>> {
  yield body
  for (const tool of body.tools ?? []) {
    yield tool
    yield tool.function
  }
  for (const message of body.messages) {
    yield message
    if (Array.isArray(message.content)) yield* message.content
    if (message.role === 'assistant') yield* message.tool_calls ?? []
  }
}

function readTexts(content: string | readonly Part[] | null | undefined): TextPart[] {
  return textsOf(content).map((text) => ({ kind: 'text', text }))
}

function textsOf(content: string | readonly Part[] | null | undefined): string[] {
  const texts = typeof content === 'string' ? [content] : (content ?? []).map(textOf)
  return texts.filter((text) => text !== '')
}

function textOf(part: Part): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'refusal':
      return part.refusal
    default:
      return unreachable(part)
  }
}
