import { createConversation, type Limits, type Tool } from '../../conversation/conversation.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { affinityKeyOf } from '../affinity-key.ts'
import { PLAIN_TOOLS, type ChatRequest, type Dialect } from '../dialect.ts'
import { createImageIntake } from '../image-intake.ts'
import { jsonObject, parseBody, refuseUnsupported } from '../request-body.ts'
import { listIgnored } from './list-ignored.ts'
import { readMessages } from './read-messages.ts'
import { readThinking } from './read-thinking.ts'
import { chatBody, type ChatBody } from './schema.ts'

export const readRequest: Dialect['readRequest'] = (unread, headers): ChatRequest => {
  refuseOtherApi(unread)
  const body = parseBody(chatBody, unread)
  const toolChoice = body.tool_choice ?? 'auto'
  refuseUnsupported({
    n: (body.n ?? 1) > 1,
    tool_choice: toolChoice !== 'auto' && toolChoice !== 'none',
    stop: (body.stop ?? '').length > 0,
    response_format: (body.response_format?.type ?? 'text') !== 'text',
    functions: (body.functions ?? []).length > 0,
    function_call: typeof (body['function_call'] ?? 'auto') !== 'string',
    modalities: (body.modalities ?? []).some((modality) => modality !== 'text'),
  })
  const images = createImageIntake()
  const conversation = createConversation({
    model: body.model,
    ...readMessages(body.messages, images),
    tools: (body.tools ?? []).map(readTool),
    toolChoice: { kind: toolChoice === 'none' ? 'none' : 'auto' },
    parallelToolCalls: body.parallel_tool_calls !== false,
    ...readThinking(body),
    limits: readLimits(body),
    ...affinityKeyOf(headers, body.prompt_cache_key ?? undefined),
  })
  if (conversation.turns.length === 0) {
    throw new GatewayError('invalid-request', 'messages: At least one message with content is required', {
      field: 'messages',
    })
  }
  const { turns, leftOut } = images.fit(conversation.turns)
  const stream = body.stream ?? false
  return {
    conversation: { ...conversation, turns },
    stream,
    usageInStream: stream && (body.stream_options?.include_usage ?? false),
    fieldsOfLoss: {},
    toolForms: PLAIN_TOOLS,
    ignored: [...listIgnored(body), ...(leftOut ? ['image_url'] : [])],
  }
}

/** Some clients send bodies of the Responses API here, for models that they take for its own. */
function refuseOtherApi(unread: unknown): void {
  const body = jsonObject.safeParse(unread).data
  if (body?.['input'] === undefined || body['messages'] !== undefined) return
  const text = 'messages: Field required. `input` belongs to the Responses API; this route takes `messages`'
  throw new GatewayError('invalid-request', text, { field: 'messages', code: 'missing_required_parameter' })
}

function readTool({ function: tool }: NonNullable<ChatBody['tools']>[number]): Tool {
  return {
    name: tool.name,
    description: tool.description ?? '',
    inputSchema: tool.parameters ?? { type: 'object', properties: {} },
  }
}

/** The smaller of the two; clients send zero or less when they mean no limit. */
function readLimits(body: ChatBody): Limits {
  const { max_tokens: older, max_completion_tokens: newer } = body
  const limits = [older ?? 0, newer ?? 0].filter((limit) => limit > 0)
  return { stopSequences: [], ...(limits.length > 0 && { maxOutputTokens: Math.min(...limits) }) }
}
