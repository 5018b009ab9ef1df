/** The request body of POST /v1/messages, as far as the gateway reads it. Unknown fields pass unread. */
import { z } from 'zod'
import { jsonObject } from '../request-body.ts'

/** A mark that is not understood is still one; how long the cache should last is only a wish. */
const marked = {
  cache_control: z
    .looseObject({ ttl: z.enum(['5m', '1h']).nullish().catch(null) })
    .nullish()
    .catch({}),
}

const textBlock = z.looseObject({ type: z.literal('text'), text: z.string(), ...marked })

const textBlocks = z.array(z.discriminatedUnion('type', [textBlock]))

const imageSource = z.discriminatedUnion('type', [
  z.looseObject({
    type: z.literal('base64'),
    media_type: z.enum(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/jpg']),
    data: z.string(),
  }),
  z.looseObject({ type: z.literal('url'), url: z.string() }),
])

const imageBlock = z.looseObject({ type: z.literal('image'), source: imageSource, ...marked })

const toolResultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textBlock, imageBlock]))]).nullish(),
  is_error: z.boolean().nullish(),
  ...marked,
})

const toolUseBlock = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: jsonObject,
  ...marked,
})

const thinkingBlock = z.looseObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().nullish(),
})

const redactedThinkingBlock = z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() })

const userBlock = z.discriminatedUnion('type', [textBlock, imageBlock, toolResultBlock])

const assistantBlock = z.discriminatedUnion('type', [
  textBlock,
  toolUseBlock,
  thinkingBlock,
  redactedThinkingBlock,
])

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('user'), content: z.union([z.string(), z.array(userBlock)]) }),
  z.looseObject({ role: z.literal('assistant'), content: z.union([z.string(), z.array(assistantBlock)]) }),
  // Claude Code sends system messages in the midst of a conversation (mid-conversation-system-2026-04-07).
  z.looseObject({ role: z.literal('system'), content: z.union([z.string(), textBlocks]) }),
])

const tool = z.looseObject({
  // Other types are server tools, which nobody here can run.
  type: z.literal('custom').nullish(),
  name: z.string().min(1),
  description: z.string().nullish(),
  input_schema: jsonObject,
  ...marked,
})

/** What can be counted: a request that may do without the limit of its answer. */
export const promptBody = z.looseObject({
  model: z.string().min(1).max(256),
  max_tokens: z.int().min(1).nullish(),
  messages: z.array(message).min(1, 'At least one message is required'),
  system: z.union([z.string(), textBlocks]).nullish(),
  stream: z.boolean().nullish(),
  tools: z.array(tool).nullish(),
  tool_choice: z
    .looseObject({ type: z.string(), disable_parallel_tool_use: z.boolean().nullish() })
    .nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  thinking: z
    .looseObject({
      type: z.string(),
      budget_tokens: z.int().min(1).nullish(),
      display: z.string().nullish(),
    })
    .nullish(),
  output_config: z.looseObject({ effort: z.string().nullish() }).nullish(),
  stop_sequences: z.array(z.string()).nullish(),
  mcp_servers: z.array(z.unknown()).nullish(),
})

export const messagesBody = promptBody.extend({ max_tokens: z.int().min(1) })

/** What Claude Code packs into `metadata.user_id` as JSON text. */
export const claudeCodeUser = z.looseObject({ session_id: z.string() })

/** Top-level fields that are accepted but cannot be carried. */
export const IGNORED_FIELDS = [
  'max_tokens',
  'thinking',
  'context_management',
  'metadata',
  'temperature',
  'top_p',
  'top_k',
  'service_tier',
  'inference_geo',
  'speed',
  'container',
  'diagnostics',
] as const

/** The same for blocks, tools and the body itself, wherever they stand. */
export const IGNORED_ANYWHERE = [
  'cache_control',
  'eager_input_streaming',
  'defer_loading',
  'strict',
  'input_examples',
  'allowed_callers',
] as const

export type MessagesBody = z.output<typeof messagesBody>
export type PromptBody = z.output<typeof promptBody>
export type Message = PromptBody['messages'][number]
export type TextBlock = z.output<typeof textBlock>
export type ImageBlock = z.output<typeof imageBlock>
export type UserBlock = z.output<typeof userBlock>
export type AssistantBlock = z.output<typeof assistantBlock>
export type ToolResultBlock = z.output<typeof toolResultBlock>
