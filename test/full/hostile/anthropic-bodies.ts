/** Bodies of POST /v1/messages, by the types of Anthropic's own library: what its server takes, a real client may send. */
import type Anthropic from '@anthropic-ai/sdk'
import fc from 'fast-check'
import { anthropicTools } from './anthropic-tools.ts'
import {
  ANCHOR,
  MODEL,
  hasFewDocuments,
  image,
  objectSchema,
  pdf,
  toolInput,
  toolName,
  words,
} from './body-values.ts'

type Messages = Anthropic.Beta.Messages.MessageCreateParams
type Message = Anthropic.Beta.Messages.BetaMessageParam
type Block = Anthropic.Beta.Messages.BetaContentBlockParam
type ResultBlock = Exclude<
  NonNullable<Anthropic.Beta.Messages.BetaToolResultBlockParam['content']>,
  string
>[number]

const cacheControl = fc.constantFrom({ type: 'ephemeral' }, { type: 'ephemeral', ttl: '1h' }, null)
const marked = { cache_control: cacheControl }
const citations = fc.constant({ enabled: true })

const text = fc.record(
  { type: fc.constant('text'), text: words, ...marked, citations: fc.constant(null) },
  { requiredKeys: ['type', 'text'] },
)

const imageBlock = fc.record(
  {
    type: fc.constant('image'),
    source: fc.oneof(
      image.map(({ mediaType, data }) => ({ type: 'base64' as const, media_type: mediaType, data })),
      image.map(({ url }) => ({ type: 'url' as const, url })),
    ),
    ...marked,
  },
  { requiredKeys: ['type', 'source'] },
)

const documentBlock = fc.record(
  {
    type: fc.constant('document'),
    source: fc.oneof(
      fc.constant({ type: 'base64', media_type: 'application/pdf', data: pdf.base64 }),
      words.map((data) => ({ type: 'text' as const, media_type: 'text/plain' as const, data })),
      words.map((content) => ({ type: 'content' as const, content })),
      fc.array(text, { maxLength: 2 }).map((content) => ({ type: 'content' as const, content })),
    ),
    title: fc.option(words),
    context: fc.option(words),
    citations,
    ...marked,
  },
  { requiredKeys: ['type', 'source'] },
)

const searchResult = fc.record(
  {
    type: fc.constant('search_result'),
    source: fc.webUrl({ size: 'xsmall' }),
    title: words,
    content: fc.array(text, { minLength: 1, maxLength: 2 }),
    citations,
    ...marked,
  },
  { requiredKeys: ['type', 'source', 'title', 'content'] },
)

const resultBlock: fc.Arbitrary<ResultBlock> = fc.oneof(
  { weight: 5, arbitrary: text },
  imageBlock,
  searchResult,
  documentBlock,
  fc.record({ type: fc.constant('tool_reference'), tool_name: toolName }),
)

const thought: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ type: fc.constant('thinking'), thinking: words, signature: fc.base64String({ maxLength: 8 }) }),
  fc.record({ type: fc.constant('redacted_thinking'), data: fc.constant('AAAA') }),
)

/** What the servers of Anthropic did in a turn, and what came of it. */
const serverTraces: fc.Arbitrary<Block[]> = fc.constantFrom<Block[][]>(
  [
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'tides' } },
    {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: [
        {
          type: 'web_search_result',
          url: 'https://a.example',
          title: 'A',
          encrypted_content: 'AAAA',
          page_age: null,
        },
      ],
    },
  ],
  [
    { type: 'server_tool_use', id: 'srvtoolu_2', name: 'web_search', input: { query: 'tides' } },
    {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_2',
      content: { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' },
    },
  ],
  [
    { type: 'server_tool_use', id: 'srvtoolu_3', name: 'code_execution', input: { code: '1' } },
    {
      type: 'code_execution_tool_result',
      tool_use_id: 'srvtoolu_3',
      content: { type: 'code_execution_result', stdout: '1', stderr: '', return_code: 0, content: [] },
    },
  ],
  [
    { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'find', server_name: 's', input: {} },
    {
      type: 'mcp_tool_result',
      tool_use_id: 'mcptoolu_1',
      content: [{ type: 'text', text: 'found' }],
      is_error: false,
    },
  ],
)

const userBlock: fc.Arbitrary<Block> = fc.oneof(
  { weight: 6, arbitrary: text },
  { weight: 2, arbitrary: imageBlock },
  documentBlock,
  searchResult,
  fc.constant({ type: 'container_upload', file_id: 'file_1' }),
)

const assistantBlocks: fc.Arbitrary<Block[]> = fc
  .tuple(
    fc.array(thought, { maxLength: 1 }),
    fc.oneof(fc.constant([]), serverTraces),
    fc.array(text, { minLength: 1, maxLength: 2 }),
  )
  .map(([thoughts, traces, texts]) => [...thoughts, ...traces, ...texts])

interface Round {
  asked: string | Block[]
  said: string | Block[]
  calls: {
    name: string
    input: Record<string, unknown>
    result: string | ResultBlock[] | undefined
    isError: boolean
  }[]
}

const round: fc.Arbitrary<Round> = fc.record({
  asked: fc.oneof(words, fc.array(userBlock, { minLength: 1, maxLength: 3 })),
  said: fc.oneof(words, assistantBlocks),
  calls: fc.array(
    fc.record({
      name: toolName,
      input: toolInput,
      result: fc.oneof(words, fc.array(resultBlock, { maxLength: 2 }), fc.constant(undefined)),
      isError: fc.boolean(),
    }),
    { maxLength: 2 },
  ),
})

/** What the user asks, what is answered, and the results of the calls in it. */
function messagesOf({ asked, said, calls }: Round, index: number): Message[] {
  const idOf = (call: number) => `toolu_${index}_${call}`
  const spoken = typeof said === 'string' && calls.length > 0 ? [{ type: 'text' as const, text: said }] : said
  const uses = calls.map(({ name, input }, call) => ({
    type: 'tool_use' as const,
    id: idOf(call),
    name,
    input,
  }))
  const results = calls.map(({ result, isError }, call) => ({
    type: 'tool_result' as const,
    tool_use_id: idOf(call),
    ...(result !== undefined && { content: result }),
    ...(isError && { is_error: true }),
  }))
  return [
    { role: 'user', content: asked },
    { role: 'assistant', content: typeof spoken === 'string' ? spoken : [...spoken, ...uses] },
    ...(results.length > 0 ? [{ role: 'user' as const, content: results }] : []),
  ]
}

const systemMessage: fc.Arbitrary<Message> = fc.record(
  {
    role: fc.constant('system'),
    content: fc.oneof(words, fc.array(text, { minLength: 1, maxLength: 2 })),
    clear_at: fc.constantFrom('next_user_message', 'never', null),
    output_config: fc.constant({ effort: 'low' }),
  },
  { requiredKeys: ['role', 'content'] },
)

const lastMessage: fc.Arbitrary<Message> = fc.constantFrom<Message[]>(
  { role: 'user', content: ANCHOR },
  { role: 'user', content: [{ type: 'text', text: ANCHOR }] },
)

const messages = fc
  .tuple(fc.array(round, { maxLength: 3 }), fc.array(systemMessage, { maxLength: 1 }), lastMessage)
  .map(([rounds, systems, last]) => [...rounds.flatMap(messagesOf), ...systems, last])

const settings: fc.Arbitrary<Partial<Messages>> = fc.record(
  {
    system: fc.oneof(words, fc.array(text, { minLength: 1, maxLength: 2 })),
    stop_sequences: fc.array(words, { maxLength: 2 }),
    temperature: fc.constantFrom(0, 0.5, 1),
    top_p: fc.constantFrom(0, 0.5, 1),
    top_k: fc.constantFrom(0, 40),
    metadata: fc.constantFrom({ user_id: 'u' }, { user_id: '{"session_id":"s"}' }, { user_id: null }, {}),
    service_tier: fc.constantFrom('auto', 'standard_only'),
    thinking: fc.constantFrom<NonNullable<Messages['thinking']>[]>(
      { type: 'enabled', budget_tokens: 1024 },
      { type: 'enabled', budget_tokens: 2048, display: 'omitted' },
      { type: 'adaptive', display: null },
      { type: 'disabled' },
      { type: 'between_tools' },
    ),
    output_config: fc.record(
      {
        effort: fc.constantFrom('low', 'medium', 'high', 'xhigh', 'max', null),
        format: fc.option(objectSchema.map((schema) => ({ type: 'json_schema' as const, schema }))),
      },
      { requiredKeys: [] },
    ),
    output_format: fc.option(objectSchema.map((schema) => ({ type: 'json_schema' as const, schema }))),
    context_management: fc.constantFrom(null, { edits: [{ type: 'clear_tool_uses_20250919' }] }),
    container: fc.constantFrom('container_1', null),
    mcp_servers: fc.constant([{ type: 'url', name: 's', url: 'https://mcp.example' }]),
    cache_control: cacheControl,
    inference_geo: fc.constantFrom('us', null),
    speed: fc.constantFrom('standard', 'fast', null),
    betas: fc.constant(['context-1m-2025-08-07']),
    thread: fc.constantFrom({ type: 'create' }, null),
    fallbacks: fc.constant(null),
    user_profile_id: fc.constant('p'),
  },
  { requiredKeys: [] },
)

export const anthropicBodies: fc.Arbitrary<Messages> = fc
  .record({
    settings,
    messages,
    offer: fc.option(anthropicTools, { nil: {} }),
    maxTokens: fc.constantFrom(4096, 64_000),
    stream: fc.option(fc.boolean(), { nil: undefined }),
  })
  .map(({ settings: given, offer, messages: said, maxTokens, stream }) => ({
    model: MODEL,
    max_tokens: maxTokens,
    messages: said,
    ...given,
    ...offer,
    ...(stream === true && { stream: true as const }),
    ...(stream === false && { stream: false as const }),
  }))
  .filter((body) => hasFewDocuments(body, /"type":"document"/g))
