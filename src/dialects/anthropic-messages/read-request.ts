import {
  createConversation,
  type Conversation,
  type Limits,
  type Tool,
  type Turn,
} from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { parseJson } from '../../conversation/parse-json.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { affinityKeyOf } from '../affinity-key.ts'
import { PLAIN_TOOLS, type ChatRequest, type Dialect, type RequestHeaders } from '../dialect.ts'
import { createImageIntake, type ImageIntake } from '../image-intake.ts'
import { parseBody, presentFields, refuseUnsupported } from '../request-body.ts'
import { createReminderTurn } from '../system-reminder.ts'
import { listIgnored } from './list-ignored.ts'
import { blocksOf, readAssistantBlock, readCacheMark, readUserBlock, textsOf } from './read-blocks.ts'
import { readThinking } from './read-thinking.ts'
import {
  claudeCodeUser,
  messagesBody,
  promptBody,
  type Message,
  type PromptBody,
  type TextBlock,
} from './schema.ts'

/** Claude Code's first system block changes with every turn and tells the model nothing. */
const BILLING_MARK = 'x-anthropic-billing-header:'

export const readRequest: Dialect['readRequest'] = (unread, headers): ChatRequest => {
  const body = parseBody(messagesBody, unread)
  const { conversation, leftOut } = readConversation(body, headers)
  const ignored = [...listIgnored(body), ...leftOut]
  return {
    conversation,
    stream: body.stream ?? false,
    usageInStream: true,
    ignored,
    fieldsOfLoss: {},
    toolForms: PLAIN_TOOLS,
  }
}

/** The body of count_tokens, which is that of a message without `max_tokens`. */
export function readPrompt(unread: unknown, headers: RequestHeaders): Conversation {
  return readConversation(parseBody(promptBody, unread), headers).conversation
}

/** `leftOut`: kinds of blocks of which some were not taken over. */
function readConversation(
  body: PromptBody,
  headers: RequestHeaders,
): { conversation: Conversation; leftOut: string[] } {
  const toolChoice = body.tool_choice?.type ?? 'auto'
  refuseUnsupported({
    tool_choice: toolChoice !== 'auto' && toolChoice !== 'none',
    stop_sequences: (body.stop_sequences ?? []).length > 0,
    mcp_servers: (body.mcp_servers ?? []).length > 0,
    'output_config.format': presentFields(body.output_config ?? {}, ['format']).length > 0,
    output_format: presentFields(body, ['output_format']).length > 0,
  })
  const images = createImageIntake()
  const { preamble, turns } = readMessages(body.messages, images)
  const conversation = createConversation({
    model: body.model,
    system: [...readSystem(body.system ?? ''), ...preamble].join('\n\n'),
    turns,
    tools: (body.tools ?? []).map(readTool),
    toolChoice: { kind: toolChoice === 'none' ? 'none' : 'auto' },
    parallelToolCalls: body.tool_choice?.disable_parallel_tool_use !== true,
    ...readThinking(body),
    limits: readLimits(body),
    ...affinityKeyOf(headers, readSessionId(body)),
  })
  if (conversation.turns.length === 0) {
    throw new GatewayError('invalid-request', 'messages: At least one message with content is required', {
      field: 'messages',
    })
  }
  const fitted = images.fit(conversation.turns)
  const leftOut = fitted.leftOut ? ['image'] : []
  return { conversation: { ...conversation, turns: fitted.turns }, leftOut }
}

/** `preamble`: system messages before anybody has spoken; they belong to the system prompt. */
function readMessages(
  messages: readonly Message[],
  images: ImageIntake,
): { preamble: string[]; turns: Turn[] } {
  const preamble: string[] = []
  const turns: Turn[] = []
  for (const [index, message] of messages.entries()) {
    switch (message.role) {
      case 'user': {
        const parts = blocksOf(message.content).map((block, at) =>
          readUserBlock(block, { field: `messages.${index}.content.${at}`, images }),
        )
        turns.push({ role: 'user', parts })
        break
      }
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

function readSystem(system: string | readonly TextBlock[]): string[] {
  if (typeof system === 'string') return textsOf(system)
  return textsOf(system[0]?.text.startsWith(BILLING_MARK) ? system.slice(1) : system)
}

function readTool(tool: NonNullable<PromptBody['tools']>[number]): Tool {
  return {
    name: tool.name,
    description: tool.description ?? '',
    inputSchema: tool.input_schema,
    ...readCacheMark(tool),
  }
}

function readLimits({ max_tokens: maxOutputTokens }: PromptBody): Limits {
  return { stopSequences: [], ...(typeof maxOutputTokens === 'number' && { maxOutputTokens }) }
}

/** Claude Code packs its session into `metadata.user_id`; any other user id is taken as it is. */
function readSessionId(body: PromptBody): string | undefined {
  const userId = body.metadata?.user_id ?? undefined
  if (userId === undefined) return undefined
  const packed = claudeCodeUser.safeParse(parseJson(userId))
  return packed.success ? packed.data.session_id : userId
}
