import {
  createConversation,
  type AssistantPart,
  type TextPart,
  type Tool,
  type ToolResultPart,
  type Turn,
  type UserPart,
} from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { affinityKeyOf } from '../affinity-key.ts'
import type { ChatRequest, Dialect } from '../dialect.ts'
import { parseBody, parseJson, presentFields, refuseUnsupported } from '../request-body.ts'
import { createReminderTurn } from '../system-reminder.ts'
import {
  claudeCodeUser,
  IGNORED_ANYWHERE,
  IGNORED_FIELDS,
  messagesBody,
  type AssistantBlock,
  type Message,
  type MessagesBody,
  type TextBlock,
  type ToolResultBlock,
  type UserBlock,
} from './schema.ts'

/** Claude Code's first system block changes with every turn and tells the model nothing. */
const BILLING_MARK = 'x-anthropic-billing-header:'

export const readRequest: Dialect['readRequest'] = (unread, headers): ChatRequest => {
  const body = parseBody(messagesBody, unread)
  refuseUnsupported({
    tool_choice: (body.tool_choice?.type ?? 'auto') !== 'auto',
    stop_sequences: (body.stop_sequences ?? []).length > 0,
    mcp_servers: (body.mcp_servers ?? []).length > 0,
    'output_config.format': presentFields(body.output_config ?? {}, ['format']).length > 0,
    output_format: presentFields(body, ['output_format']).length > 0,
  })
  const { preamble, turns } = readMessages(body.messages)
  const conversation = createConversation({
    model: body.model,
    system: [...readSystem(body.system ?? ''), ...preamble].join('\n\n'),
    turns,
    tools: (body.tools ?? []).map(readTool),
    ...affinityKeyOf(headers, readSessionId(body)),
  })
  if (conversation.turns.length === 0) {
    throw new GatewayError('invalid-request', 'messages: At least one message with content is required', {
      field: 'messages',
    })
  }
  return { conversation, stream: body.stream ?? false, usageInStream: true, ignored: listIgnored(body) }
}

/** `preamble`: system messages before anybody has spoken; they belong to the system prompt. */
function readMessages(messages: readonly Message[]): { preamble: string[]; turns: Turn[] } {
  const preamble: string[] = []
  const turns: Turn[] = []
  for (const message of messages) {
    switch (message.role) {
      case 'user':
        turns.push({ role: 'user', parts: blocksOf(message.content).map(readUserBlock) })
        break
      case 'assistant':
        turns.push({ role: 'assistant', parts: blocksOf(message.content).map(readAssistantBlock) })
        break
      case 'system': {
        const text = textsOf(message.content).join('\n\n')
        if (text === '') break
        if (turns.length === 0) preamble.push(text)
        else turns.push(createReminderTurn(text))
        break
      }
      default:
        unreachable(message)
    }
  }
  return { preamble, turns }
}

function readUserBlock(block: UserBlock): UserPart {
  switch (block.type) {
    case 'text':
      return { kind: 'text', text: block.text }
    case 'tool_result':
      return readToolResult(block)
    default:
      return unreachable(block)
  }
}

function readToolResult(block: ToolResultBlock): ToolResultPart {
  const content = textsOf(block.content ?? '').map((text): TextPart => ({ kind: 'text', text }))
  return { kind: 'tool-result', toolUseId: block.tool_use_id, content, failed: block.is_error ?? false }
}

function readAssistantBlock(block: AssistantBlock): AssistantPart {
  switch (block.type) {
    case 'text':
      return { kind: 'text', text: block.text }
    case 'tool_use':
      return { kind: 'tool-use', id: block.id, name: block.name, input: block.input }
    case 'thinking': {
      const signature = block.signature ?? ''
      return { kind: 'thinking', text: block.thinking, ...(signature === '' ? {} : { signature }) }
    }
    case 'redacted_thinking':
      return { kind: 'redacted-thinking', data: block.data }
    default:
      return unreachable(block)
  }
}

function readSystem(system: string | readonly TextBlock[]): string[] {
  if (typeof system === 'string') return textsOf(system)
  return textsOf(system[0]?.text.startsWith(BILLING_MARK) ? system.slice(1) : system)
}

function readTool(tool: NonNullable<MessagesBody['tools']>[number]): Tool {
  return { name: tool.name, description: tool.description ?? '', inputSchema: tool.input_schema }
}

/** Claude Code packs its session into `metadata.user_id`; any other user id is taken as it is. */
function readSessionId(body: MessagesBody): string | undefined {
  const userId = body.metadata?.user_id ?? undefined
  if (userId === undefined) return undefined
  const packed = claudeCodeUser.safeParse(parseJson(userId))
  return packed.success ? packed.data.session_id : userId
}

function listIgnored(body: MessagesBody): string[] {
  const ignored = new Set(presentFields(body, IGNORED_FIELDS))
  if (body.tool_choice?.disable_parallel_tool_use) ignored.add('tool_choice.disable_parallel_tool_use')
  if (presentFields(body.output_config ?? {}, ['effort']).length > 0) ignored.add('output_config.effort')
  for (const element of elementsOf(body)) {
    for (const name of presentFields(element, IGNORED_ANYWHERE)) ignored.add(name)
  }
  return [...ignored]
}

/** The body and everything in it that may carry fields of its own. */
function* elementsOf(body: MessagesBody): Generator<Record<string, unknown>> {
  yield body
  yield* body.tools ?? []
  if (typeof body.system === 'object') yield* body.system ?? []
  for (const message of body.messages) {
    yield message
    for (const block of blocksOf<TextBlock | UserBlock | AssistantBlock>(message.content)) {
      yield block
      if (block.type === 'tool_result' && Array.isArray(block.content)) yield* block.content
    }
  }
}

function blocksOf<B>(content: string | readonly B[]): readonly (B | TextBlock)[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : content
}

function textsOf(content: string | readonly TextBlock[]): string[] {
  return blocksOf(content)
    .map((block) => block.text)
    .filter((text) => text !== '')
}
