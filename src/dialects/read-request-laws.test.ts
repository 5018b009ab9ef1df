import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { images } from '../../test/sample-images.ts'
import type { JsonValue } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { dialects } from './index.ts'

const image = { type: 'base64', media_type: 'image/png', data: images.png }
const inputSchema = { type: 'object', properties: {} }

const grammar = { syntax: 'lark', definition: 'start: "a"' }

/** One request of each API that uses nearly everything that can be read. */
const bodies: Record<string, JsonValue> = {
  'anthropic-messages': {
    model: 'claude-sonnet-4.5',
    max_tokens: 100,
    stream: true,
    system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral', ttl: '1h' } }],
    thinking: { type: 'enabled', budget_tokens: 1024, display: 'omitted' },
    output_config: { effort: 'high' },
    metadata: { user_id: '{"session_id":"s"}' },
    tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    tools: [
      { type: 'custom', name: 'ls', description: 'lists', input_schema: inputSchema },
      { type: 'bash_20250124', name: 'bash' },
      { type: 'web_search_20250305', name: 'web_search' },
    ],
    messages: [
      { role: 'user', content: [{ type: 'image', source: image }] },
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 's' },
          { type: 'redacted_thinking', data: 'AAAA' },
          { type: 'server_tool_use', id: 's', name: 'web_search', input: {} },
          { type: 'web_search_tool_result', tool_use_id: 's', content: [{ title: 'a', url: 'b' }] },
          { type: 'tool_use', id: 'a', name: 'ls', input: {} },
        ],
      },
      {
        role: 'system',
        content: [
          { type: 'text', text: 'b' },
          { type: 'tool_addition', tool: { type: 'tool_definition', definition: { name: 'rm' } } },
        ],
        output_config: { effort: 'low' },
      },
      {
        role: 'user',
        content: [
          {
            type: 'tool_result',
            tool_use_id: 'a',
            content: [
              { type: 'image', source: image },
              { type: 'tool_reference', tool_name: 'ls' },
            ],
            is_error: true,
          },
          { type: 'image', source: { type: 'url', url: `data:image/png;base64,${images.png}` } },
          { type: 'document', title: 'd', context: 'c', source: { type: 'text', data: 'a' } },
          {
            type: 'document',
            source: { type: 'content', content: [{ type: 'text', text: 'a' }] },
            citations: { enabled: true },
          },
          { type: 'search_result', source: 's', title: 't', content: [{ type: 'text', text: 'a' }] },
          { type: 'compaction', content: 'a', tool_changes: [] },
        ],
      },
    ],
  },
  'openai-chat': {
    model: 'claude-sonnet-4.5',
    max_tokens: 100,
    stream: true,
    stream_options: { include_usage: true },
    reasoning: { effort: 'low', exclude: true },
    tools: [
      { type: 'function', function: { name: 'ls', description: 'lists', parameters: inputSchema } },
      { name: 'cat', input_schema: inputSchema, cache_control: { type: 'ephemeral' } },
      { type: 'custom', custom: { name: 'run', format: { type: 'grammar', grammar } } },
      { type: 'web_search' },
    ],
    functions: [{ name: 'now', parameters: inputSchema }],
    tool_choice: {
      type: 'allowed_tools',
      allowed_tools: { mode: 'auto', tools: [{ type: 'function', name: 'ls' }] },
    },
    messages: [
      { role: 'developer', content: [{ type: 'text', text: 'a', cache_control: { ttl: '1h' } }] },
      { role: 'user', content: [{ type: 'image_url', image_url: `data:;base64,${images.gif}` }] },
      {
        role: 'assistant',
        content: [{ type: 'refusal', refusal: 'no' }],
        tool_calls: [{ id: 'a', type: 'function', function: { name: 'ls', arguments: '{}' } }],
      },
      {
        role: 'tool',
        tool_call_id: 'a',
        content: [
          { type: 'image_url', image_url: { url: `data:;base64,${images.png}` } },
          { type: 'image', source: image },
        ],
      },
      {
        role: 'assistant',
        reasoning_content: 'hm',
        reasoning_details: [{ type: 'reasoning.text', text: 'hm' }],
        content: [
          { type: 'thinking', thinking: 'hm', signature: 's' },
          { type: 'tool_use', id: 'b', name: 'ls', input: {} },
        ],
        function_call: { name: 'now', arguments: '{}' },
        tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'run', input: 'x' } }],
      },
      { role: 'function', name: 'now', content: 'noon' },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'b', content: [{ type: 'text', text: 'a' }], is_error: true },
          { type: 'input_image', image_url: `data:;base64,${images.png}`, detail: 'low' },
          { type: 'file', file: { filename: 'a.txt', file_data: 'data:text/plain;base64,YQ==' } },
          { type: 'document', title: 'b', source: { type: 'text', media_type: 'text/plain', data: 'a' } },
          { type: 'note', text: 'a' },
        ],
      },
    ],
  },
}

const input: JsonValue = [
  {
    type: 'additional_tools',
    role: 'developer',
    tools: [{ type: 'namespace', name: 'n', tools: [{ type: 'custom', name: 'run' }] }],
  },
  { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'a' }] },
  {
    role: 'user',
    content: [
      { type: 'input_image', image_url: `data:image/png;base64,${images.png}`, detail: 'low' },
      { type: 'input_file', filename: 'a.txt', file_data: 'data:text/plain;base64,YQ==' },
      { type: 'note', text: 'a' },
    ],
  },
  {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: 'hm' }],
    content: [{ type: 'reasoning_text', text: 'hm' }],
    encrypted_content: 'aq1.e30',
  },
  { type: 'function_call', call_id: 'a', name: 'ls', namespace: 'n', arguments: '{}' },
  {
    type: 'function_call_output',
    call_id: 'a',
    output: [{ type: 'input_image', image_url: `data:image/png;base64,${images.png}` }],
  },
  { type: 'custom_tool_call', call_id: 'b', name: 'run', input: 'x' },
  { type: 'custom_tool_call_output', call_id: 'b', output: 'y' },
  { type: 'local_shell_call', call_id: 'c', action: { type: 'exec', command: ['ls'] } },
  { type: 'local_shell_call_output', id: 'c', output: 'y' },
  { type: 'shell_call', call_id: 'd', action: { commands: ['ls'] } },
  {
    type: 'shell_call_output',
    call_id: 'd',
    output: [{ stdout: 'a', stderr: 'b', outcome: { type: 'exit', exit_code: 1 } }],
  },
  { type: 'apply_patch_call', call_id: 'e', operation: { type: 'delete_file', path: 'a' } },
  { type: 'apply_patch_call_output', call_id: 'e', status: 'failed', output: 'no' },
  { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'a' } },
  { type: 'tool_search_output', tools: [{ type: 'function', name: 'cat' }] },
  { type: 'compaction', encrypted_content: 'aq1.e30' },
  {
    type: 'message',
    role: 'assistant',
    content: [
      { type: 'output_text', text: 'a', annotations: [] },
      { type: 'refusal', refusal: 'no' },
    ],
  },
  { role: 'system', content: 'b' },
  { type: 'compaction_trigger' },
]

const responses: JsonValue = {
  model: 'claude-sonnet-4.5',
  max_output_tokens: 100,
  stream: true,
  stream_options: { include_obfuscation: true },
  instructions: 'a',
  reasoning: { effort: 'low', summary: 'auto' },
  text: { format: { type: 'json_schema', name: 'a', schema: inputSchema }, verbosity: 'low' },
  include: ['reasoning.encrypted_content', 'file_search_call.results'],
  metadata: { a: 'b' },
  prompt_cache_key: 'k',
  previous_response_id: { resolved: 'resp_1' },
  tools: [
    { type: 'function', name: 'ls', description: 'lists', parameters: inputSchema, strict: true },
    { type: 'custom', name: 'run', format: { type: 'grammar', ...grammar } },
    {
      type: 'namespace',
      name: 'n',
      description: 'd',
      tools: [{ type: 'function', name: 'ls', parameters: inputSchema }],
    },
    { type: 'local_shell' },
    { type: 'shell', environment: { type: 'local' } },
    { type: 'apply_patch' },
    { type: 'web_search' },
  ],
  tool_choice: {
    type: 'allowed_tools',
    mode: 'required',
    tools: [{ type: 'function', name: 'ls' }, { type: 'shell' }],
  },
  input,
}
bodies['openai-responses'] = responses
bodies['openai-compact'] = responses

/** Every place of a body, as paths. */
function* placesOf(value: JsonValue, path: string[] = []): Generator<string[]> {
  yield path
  if (typeof value !== 'object' || value === null) return
  for (const [name, inner] of Object.entries(value)) yield* placesOf(inner, [...path, name])
}

/** The body with something else at one place; undefined takes the place away. */
function replaceAt(value: JsonValue, [name, ...rest]: string[], other: JsonValue | undefined): unknown {
  if (name === undefined) return other
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return value.map((inner, index) => (String(index) === name ? replaceAt(inner, rest, other) : inner))
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, key === name ? replaceAt(inner, rest, other) : inner]),
  )
}

/** `read`, or how the body was refused; anything else is a fault of ours and gets through. */
function outcomeOf(read: () => unknown): { kind: string; field: string | undefined } {
  try {
    read()
    return { kind: 'read', field: 'any' }
  } catch (error) {
    if (error instanceof GatewayError) return { kind: error.failure.kind, field: error.failure.field }
    throw error
  }
}

const anything = fc.oneof(
  fc.constantFrom<(JsonValue | undefined)[]>(
    undefined,
    null,
    '',
    [],
    {},
    0,
    -1,
    true,
    '__proto__',
    [[]],
    [null],
    [{}],
  ),
  fc.jsonValue({ maxDepth: 2 }).map((value): JsonValue => JSON.parse(JSON.stringify(value))),
)

describe.each(dialects.map((dialect) => [dialect.name, dialect] as const))('%s', (name, dialect) => {
  const body = bodies[name] ?? {}

  it('reads the sample', () => {
    expect(dialect.readRequest(body, {}).conversation.turns.length).toBeGreaterThan(0)
  })

  it('reads a body with anything at any place, or refuses it by the name of a field', () => {
    const places = [...placesOf(body)].slice(1)
    fc.assert(
      fc.property(fc.constantFrom(...places), anything, (place, other) => {
        const changed = replaceAt(body, place, other)
        const { kind, field } = outcomeOf(() => dialect.readRequest(changed, {}))
        expect(['read', 'invalid-request']).toContain(kind)
        expect(field).toEqual(expect.stringMatching(/./))
      }),
      { numRuns: 500 },
    )
  })

  it('takes nothing from the body that it could change there', () => {
    const before = JSON.stringify(body)
    dialect.readRequest(body, {})
    expect(JSON.stringify(body)).toBe(before)
  })
})
