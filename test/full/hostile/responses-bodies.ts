/** Bodies of POST /v1/responses, by the types of OpenAI's own library. */
import fc from 'fast-check'
import type OpenAI from 'openai'
import { ANCHOR, MODEL, hasFewDocuments, image, objectSchema, pdf, textFile, words } from './body-values.ts'
import { responsesCalls } from './responses-calls.ts'
import { responsesTools } from './responses-tools.ts'

type Body = OpenAI.Responses.ResponseCreateParams
type Item = OpenAI.Responses.ResponseInputItem
type Part = OpenAI.Responses.ResponseInputContent

const breakpoint = { prompt_cache_breakpoint: fc.constant({ mode: 'explicit' }) }

const text = fc.record(
  { type: fc.constant('input_text'), text: words, ...breakpoint },
  { requiredKeys: ['type', 'text'] },
)

const part: fc.Arbitrary<Part> = fc.oneof(
  { weight: 6, arbitrary: text },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant('input_image'),
      detail: fc.constantFrom('auto', 'low', 'high', 'original'),
      image_url: image.map(({ url }) => url),
    }),
  },
  fc.constantFrom<Part[]>(
    { type: 'input_file', filename: 'a.pdf', file_data: pdf.url },
    { type: 'input_file', filename: 'a.txt', file_data: textFile, detail: 'low' },
  ),
)

const easyMessage: fc.Arbitrary<Item> = fc.record(
  {
    type: fc.constant('message'),
    role: fc.constantFrom('user', 'system', 'developer'),
    content: fc.oneof(words, fc.array(text, { minLength: 1, maxLength: 2 })),
  },
  { requiredKeys: ['role', 'content'] },
)

const userMessage: fc.Arbitrary<Item> = fc.record(
  {
    type: fc.constant('message'),
    role: fc.constant('user'),
    content: fc.array(part, { minLength: 1, maxLength: 3 }),
    status: fc.constantFrom('completed', 'incomplete'),
  },
  { requiredKeys: ['role', 'content'] },
)

const answer: fc.Arbitrary<Item> = fc.oneof(
  fc.record(
    {
      role: fc.constant('assistant'),
      content: words,
      phase: fc.constantFrom('commentary', 'final_answer', null),
    },
    { requiredKeys: ['role', 'content'] },
  ),
  fc.record({
    type: fc.constant('message'),
    id: fc.constant('msg_1'),
    role: fc.constant('assistant'),
    status: fc.constantFrom('completed', 'incomplete'),
    content: fc.array(
      fc.oneof(
        words.map((said) => ({ type: 'output_text' as const, text: said, annotations: [] })),
        words.map((refusal) => ({ type: 'refusal' as const, refusal })),
      ),
      { minLength: 1, maxLength: 2 },
    ),
  }),
)

const thought: fc.Arbitrary<Item> = fc.record(
  {
    type: fc.constant('reasoning'),
    id: fc.constant('rs_1'),
    summary: fc.array(
      words.map((said) => ({ type: 'summary_text' as const, text: said })),
      { maxLength: 2 },
    ),
    content: fc.array(
      words.map((said) => ({ type: 'reasoning_text' as const, text: said })),
      { maxLength: 1 },
    ),
    encrypted_content: fc.constantFrom('gAAAA', null),
    status: fc.constant('completed'),
  },
  { requiredKeys: ['type', 'id', 'summary'] },
)

/** What the servers of OpenAI did, and what clients put between. */
const otherItem = fc.constantFrom<Item[]>(
  { type: 'web_search_call', id: 'ws_1', status: 'completed', action: { type: 'search', query: 'tides' } },
  {
    type: 'web_search_call',
    id: 'ws_2',
    status: 'completed',
    action: { type: 'search', query: 'tides', sources: [{ type: 'url', url: 'https://a.example' }] },
  },
  { type: 'web_search_call', id: 'ws_3', status: 'completed', action: { type: 'open_page', url: null } },
  { type: 'file_search_call', id: 'fs_1', queries: ['a'], status: 'completed', results: null },
  {
    type: 'code_interpreter_call',
    id: 'ci_1',
    code: '1',
    container_id: 'c',
    outputs: null,
    status: 'completed',
  },
  { type: 'image_generation_call', id: 'ig_1', result: null, status: 'completed' },
  { type: 'mcp_list_tools', id: 'mcpl_1', server_label: 's', tools: [] },
  { type: 'mcp_call', id: 'mcp_1', name: 'find', arguments: '{}', server_label: 's', output: 'found' },
  { type: 'compaction', encrypted_content: 'gAAAA' },
  { type: 'additional_tools', role: 'developer', tools: [{ type: 'local_shell' }] },
  { type: 'tool_search_call', arguments: {}, execution: 'server', status: 'completed' },
  { type: 'tool_search_output', tools: [{ type: 'custom', name: 'later' }] },
)

const items: fc.Arbitrary<Item[]> = fc
  .tuple(
    fc.array(easyMessage, { maxLength: 2 }),
    fc.array(
      fc.oneof(
        userMessage.map((item) => [item]),
        answer.map((item) => [item]),
        thought.map((item) => [item]),
        otherItem.map((item) => [item]),
        responsesCalls,
      ),
      { maxLength: 6 },
    ),
  )
  .map(([first, rest]) => [...first, ...rest.flat(), { role: 'user', content: ANCHOR }])

const settings: fc.Arbitrary<Partial<Body>> = fc.record(
  {
    instructions: fc.option(words),
    max_output_tokens: fc.constantFrom(64_000, null),
    max_tool_calls: fc.constantFrom(3, null),
    metadata: fc.constantFrom({ a: 'b' }, {}, null),
    store: fc.option(fc.boolean()),
    background: fc.constantFrom(false, null),
    temperature: fc.constantFrom(0, 0.7, 2, null),
    top_p: fc.constantFrom(0, 1, null),
    top_logprobs: fc.constantFrom(0, 5, null),
    truncation: fc.constantFrom('auto', 'disabled', null),
    user: fc.constant('u'),
    service_tier: fc.constantFrom('auto', 'default', 'flex', 'priority', null),
    safety_identifier: fc.constantFrom('s', null),
    prompt_cache_key: fc.constantFrom('k', null),
    prompt_cache_retention: fc.constantFrom('in_memory', '24h', null),
    prompt: fc.constant(null),
    conversation: fc.constant(null),
    previous_response_id: fc.constant(null),
    include: fc.subarray<OpenAI.Responses.ResponseIncludable>([
      'reasoning.encrypted_content',
      'web_search_call.action.sources',
      'file_search_call.results',
      'message.output_text.logprobs',
    ]),
    reasoning: fc.oneof(
      fc.constant(null),
      fc.record(
        {
          effort: fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh', null),
          summary: fc.constantFrom('auto', 'concise', 'detailed', null),
          context: fc.constantFrom('auto', null),
        },
        { requiredKeys: [] },
      ),
    ),
    text: fc.record(
      {
        format: fc.oneof(
          fc.constantFrom({ type: 'text' }, { type: 'json_object' }),
          objectSchema.map((schema) => ({
            type: 'json_schema' as const,
            name: 'answer',
            schema,
            strict: null,
          })),
        ),
        verbosity: fc.constantFrom('low', 'high', null),
      },
      { requiredKeys: [] },
    ),
    stream_options: fc.constantFrom({ include_obfuscation: false }, {}, null),
    context_management: fc.constantFrom([{ type: 'compaction', compact_threshold: 1000 }], null),
  },
  { requiredKeys: [] },
)

export const responsesBodies: fc.Arbitrary<Body> = fc
  .record({
    settings,
    input: fc.oneof({ weight: 9, arbitrary: items }, words),
    offer: fc.option(responsesTools, { nil: {} }),
    stream: fc.constantFrom(true, false, null, undefined),
  })
  .map(({ settings: given, input, offer, stream }) => ({
    model: MODEL,
    input,
    ...given,
    ...offer,
    ...(stream === true && { stream: true as const }),
    ...(stream === false && { stream: false as const }),
    ...(stream === null && { stream }),
  }))
  .filter((body) => hasFewDocuments(body, /"type":"input_file"/g))
