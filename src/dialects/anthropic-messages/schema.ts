/**
 * The request body of POST /v1/messages, as far as the gateway reads it. Unknown fields pass unread. Blocks and tools
 * are known by their type only once they are read, as clients may send types that nobody here knows.
 */
import * as z from 'zod'
import { jsonObject, listOf } from '../request-body.ts'

/** A mark that is not understood is still one; how long the cache should last is only a wish. */
const marked = {
  cache_control: z
    .looseObject({ ttl: z.enum(['5m', '1h']).nullish().catch(null) })
    .nullish()
    .catch({}),
}

/** A block of any type. */
const anyBlock = z.looseObject({ type: z.string(), ...marked })

export const anyBlocks = listOf(anyBlock)

const content = z.union([z.string(), anyBlocks])

export const textBlock = z.looseObject({ type: z.literal('text'), text: z.string(), ...marked })

export const imageBlock = z.looseObject({
  type: z.literal('image'),
  source: z.discriminatedUnion('type', [
    z.looseObject({
      type: z.literal('base64'),
      media_type: z.string(),
      data: z.string(),
    }),
    z.looseObject({ type: z.literal('url'), url: z.string() }),
  ]),
  ...marked,
})

export const documentBlock = z.looseObject({
  type: z.literal('document'),
  source: z.discriminatedUnion('type', [
    z.looseObject({ type: z.literal('base64'), media_type: z.string().nullish(), data: z.string() }),
    z.looseObject({ type: z.literal('text'), media_type: z.string().nullish(), data: z.string() }),
    z.looseObject({ type: z.literal('content'), content }),
  ]),
  title: z.string().nullish(),
  context: z.string().nullish(),
  ...marked,
})

export const searchResultBlock = z.looseObject({
  type: z.literal('search_result'),
  source: z.string().nullish(),
  title: z.string().nullish(),
  content,
  ...marked,
})

export const toolResultBlock = z.looseObject({
  type: z.literal('tool_result'),
  tool_use_id: z.string(),
  content: content.nullish(),
  is_error: z.boolean().nullish(),
  ...marked,
})

export const toolReferenceBlock = z.looseObject({
  type: z.literal('tool_reference'),
  tool_name: z.string(),
  ...marked,
})

export const toolUseBlock = z.looseObject({
  type: z.literal('tool_use'),
  id: z.string(),
  name: z.string(),
  input: jsonObject,
  ...marked,
})

export const thinkingBlock = z.looseObject({
  type: z.literal('thinking'),
  thinking: z.string(),
  signature: z.string().nullish(),
})

export const redactedThinkingBlock = z.looseObject({ type: z.literal('redacted_thinking'), data: z.string() })

/** A tool of any type; server tools need no name. */
const anyTool = z.looseObject({ type: z.string().nullish(), name: z.string().nullish(), ...marked })

/** `tool_addition` and `tool_removal`; a definition only in the first (mid-conversation-tool-changes-2026-07-01). */
export const toolChangeBlock = z.looseObject({
  type: z.string(),
  tool: z.looseObject({ type: z.string(), name: z.string().nullish(), definition: anyTool.nullish() }),
})

/** A tool that the client runs. An input schema that is none is not worth a refusal. */
export const customTool = anyTool.extend({
  name: z.string().min(1),
  description: z.string().nullish(),
  input_schema: z.unknown().optional(),
})

const domains = listOf(z.string().min(1).max(255), z.array(z.unknown()).max(100)).nullish()

/** A tool by which Anthropic's servers search the web. */
export const searchTool = anyTool.extend({
  max_uses: z.int().min(0).nullish(),
  allowed_domains: domains,
  blocked_domains: domains,
})

/** Its traces in the history. */
export const searchCallBlock = z.looseObject({
  type: z.literal('server_tool_use'),
  id: z.string(),
  name: z.literal('web_search'),
  input: jsonObject,
  ...marked,
})

export const searchResultsBlock = z.looseObject({
  type: z.literal('web_search_tool_result'),
  tool_use_id: z.string(),
  content: z.union([
    z.array(
      z.looseObject({
        url: z.string(),
        title: z.string(),
        page_age: z.string().nullish(),
        encrypted_content: z.unknown().optional(),
      }),
    ),
    z.looseObject({ error_code: z.string() }),
  ]),
  ...marked,
})

const outputFormat = z.looseObject({ type: z.literal('json_schema'), schema: jsonObject }).nullish()

const outputConfig = z.looseObject({ effort: z.string().nullish(), format: outputFormat }).nullish()

const message = z.discriminatedUnion('role', [
  z.looseObject({ role: z.literal('user'), content: content.nullable() }),
  z.looseObject({ role: z.literal('assistant'), content: content.nullable() }),
  // Claude Code sends system messages in the midst of a conversation (mid-conversation-system-2026-04-07).
  z.looseObject({
    role: z.literal('system'),
    content: content.nullish(),
    clear_at: z.string().nullish(),
    output_config: outputConfig,
  }),
])

/** What can be counted: a request that may do without the limit of its answer. */
export const promptBody = z.looseObject({
  model: z.string().min(1).max(256),
  max_tokens: z.int().min(1).nullish(),
  messages: listOf(message, z.array(z.unknown()).min(1, 'At least one message is required')),
  system: content.nullish(),
  stream: z.boolean().nullish(),
  tools: listOf(anyTool).nullish(),
  tool_choice: z
    .looseObject({
      type: z.string(),
      name: z.string().nullish(),
      disable_parallel_tool_use: z.boolean().nullish(),
    })
    .nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  thinking: z
    .looseObject({
      type: z.string(),
      budget_tokens: z.int().min(1).nullish(),
      display: z.string().nullish(),
    })
    .nullish(),
  output_config: outputConfig,
  output_format: outputFormat,
  stop_sequences: listOf(z.string()).nullish(),
  thread: z.looseObject({ type: z.string().nullish() }).nullish(),
  compaction: z.unknown().optional(),
  ...marked,
})

export const messagesBody = promptBody.extend({ max_tokens: z.int().min(1) })

/** What Claude Code packs into `metadata.user_id` as JSON text. */
export const claudeCodeUser = z.looseObject({ session_id: z.string() })

export type MessagesBody = z.output<typeof messagesBody>
export type PromptBody = z.output<typeof promptBody>
export type Message = PromptBody['messages'][number]
export type Block = z.output<typeof anyBlock>
export type DocumentBlock = z.output<typeof documentBlock>
export type Content = z.output<typeof content>
export type AnyTool = z.output<typeof anyTool>
export type Marked = Pick<z.output<typeof textBlock>, 'cache_control'>
