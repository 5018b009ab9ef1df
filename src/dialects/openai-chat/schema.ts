/** The request body of POST /v1/chat/completions, as far as the gateway reads it. Unknown fields pass unread. */
import { z } from 'zod'
import { jsonObject } from '../request-body.ts'

const textPart = z.looseObject({ type: z.literal('text'), text: z.string() })

const imageUrlPart = z.looseObject({
  type: z.literal('image_url'),
  // An object by the API; some clients send the bare string.
  image_url: z.union([z.string(), z.looseObject({ url: z.string() })]),
})

/** Anthropic's shape, which some clients send to this API for models that are called Claude. */
const imagePart = z.looseObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('base64'), data: z.string() }),
    z.looseObject({ type: z.literal('url'), url: z.string() }),
  ]),
})

const refusalPart = z.looseObject({ type: z.literal('refusal'), refusal: z.string() })

const text = z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart]))])

const shown = z.union([
  z.string(),
  z.array(z.discriminatedUnion('type', [textPart, imageUrlPart, imagePart])),
])

const said = z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart]))])

const toolCall = z.looseObject({
  id: z.string(),
  type: z.literal('function').nullish(),
  function: z.looseObject({
    name: z.string(),
    // JSON text by the API; some clients send the object itself.
    arguments: z.union([z.string(), jsonObject]).nullish(),
  }),
})

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('system'), content: text }),
  z.looseObject({ role: z.literal('developer'), content: text }),
  z.looseObject({ role: z.literal('user'), content: shown }),
  z.looseObject({
    role: z.literal('assistant'),
    content: said.nullish(),
    refusal: z.string().nullish(),
    tool_calls: z.array(toolCall).nullish(),
  }),
  z.looseObject({ role: z.literal('tool'), tool_call_id: z.string(), content: shown.nullish() }),
])

const tool = z.looseObject({
  type: z.literal('function').nullish(),
  function: z.looseObject({
    name: z.string().min(1),
    description: z.string().nullish(),
    parameters: jsonObject.nullish(),
  }),
})

export const chatBody = z.looseObject({
  model: z.string().min(1).max(256),
  messages: z.array(message).min(1, 'At least one message is required'),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  max_tokens: z.int().nullish(),
  max_completion_tokens: z.int().nullish(),
  n: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  functions: z.array(z.unknown()).nullish(),
  modalities: z.array(z.string()).nullish(),
  prompt_cache_key: z.string().nullish(),
})

/** The ways in which clients of this API ask for thinking. What is not understood asks for nothing. */
export const thinkingWishes = z.looseObject({
  reasoning_effort: z.string().nullish().catch(null),
  reasoning: z
    .looseObject({
      effort: z.string().nullish().catch(null),
      max_tokens: z.int().min(1).nullish().catch(null),
      exclude: z.boolean().nullish().catch(null),
      enabled: z.boolean().nullish().catch(null),
    })
    .nullish()
    .catch(null),
  thinking: z
    .looseObject({
      type: z.string().nullish().catch(null),
      budget_tokens: z.int().min(1).nullish().catch(null),
    })
    .nullish()
    .catch(null),
  enable_thinking: z.boolean().nullish().catch(null),
  thinking_budget: z.int().min(1).nullish().catch(null),
})

/** Top-level fields that are accepted but cannot be carried. */
export const IGNORED_FIELDS = [
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'top_p',
  'top_k',
  'min_p',
  'presence_penalty',
  'frequency_penalty',
  'repetition_penalty',
  'seed',
  'user',
  'store',
  'metadata',
  'service_tier',
  'reasoning_effort',
  'reasoning',
  'thinking',
  'enable_thinking',
  'thinking_budget',
  'verbosity',
  'logit_bias',
  'logprobs',
  'top_logprobs',
  'prediction',
  'safety_identifier',
  'prompt_cache_retention',
  'web_search_options',
  'function_call',
] as const

/** The same for messages, their parts and calls, and tools, wherever they stand. */
export const IGNORED_ANYWHERE = ['cache_control', 'strict'] as const

export type ChatBody = z.output<typeof chatBody>
export type Message = ChatBody['messages'][number]
export type AssistantMessage = Extract<Message, { role: 'assistant' }>
export type ToolCall = z.output<typeof toolCall>
export type TextOrRefusal = z.output<typeof textPart> | z.output<typeof refusalPart>
export type TextOrImage =
  | z.output<typeof textPart>
  | z.output<typeof imageUrlPart>
  | z.output<typeof imagePart>
