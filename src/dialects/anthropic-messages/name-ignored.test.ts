import { describe, expect, it } from 'vitest'
import { readRequest } from './read-request.ts'

const minimal = { model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'hi' }] }
const read = (change: Record<string, unknown>) => readRequest({ ...minimal, ...change }, {})
const ask = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] })
const cited = { citations: { enabled: true } }

describe('what is accepted but not carried', () => {
  it.each<[Record<string, unknown>, string[]]>([
    [{ temperature: 1, top_p: null, top_k: 0 }, ['temperature', 'top_k']],
    [{ service_tier: 'auto', context_management: { edits: [] } }, ['context_management', 'service_tier']],
    [{ betas: [], stop_sequences: [], mcp_servers: [], output_format: null }, []],
    [{ mcp_servers: [{ type: 'url', url: 'https://example.com', name: 's' }] }, ['mcp_servers']],
    [{ thread: { type: 'create' } }, ['thread']],
    [{ metadata: { user_id: 'u' }, stream: true, tool_choice: { type: 'auto' } }, []],
    [{ tool_choice: { type: 'none', disable_parallel_tool_use: true } }, []],
    [{ tool_choice: { type: 'auto', disable_parallel_tool_use: false } }, []],
    [{ output_config: { effort: 'high', task_budget: { total: 1 } } }, ['output_config.task_budget']],
    [{ output_config: { effort: 'constructor' } }, ['output_config.effort']],
    [{ thinking: { type: 'adaptive', block_binding: 'a' } }, ['thinking.block_binding']],
    [
      { tools: [{ name: 'a', strict: true, defer_loading: false, input_examples: [{}] }] },
      ['tools.strict', 'tools.input_examples'],
    ],
    [
      { system: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] },
      ['system.cache_control'],
    ],
    [
      ask({ type: 'document', source: { type: 'text', data: 'a' }, ...cited }),
      ['messages.content.document.citations'],
    ],
    [ask({ type: 'document', source: { type: 'text', data: 'a' }, citations: { enabled: false } }), []],
    [
      ask({
        type: 'tool_result',
        tool_use_id: 'a',
        content: [{ type: 'search_result', source: '', title: '', content: [], ...cited }],
        toolset_name: 'browser',
      }),
      ['messages.content.toolset_name', 'messages.content.search_result.citations'],
    ],
    [
      {
        messages: [
          ...minimal.messages,
          {
            role: 'assistant',
            content: [
              { type: 'text', text: 'a', citations: [{ type: 'char_location' }] },
              { type: 'tool_use', id: 'a', name: 'b', input: {}, caller: { type: 'direct' } },
            ],
          },
        ],
      },
      ['messages.content.text.citations', 'messages.content.caller'],
    ],
    [{ nobody_knows_this: 1, 'x\r\ny: z': {}, 'nor this': false }, ['nobody_knows_this', 'xyz']],
  ])('is named: %j', (change, ignored) => {
    expect(read(change).ignored.toSorted()).toEqual(ignored.toSorted())
  })

  it('is named twenty times at most where the client chose the names', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`field${index}`, 1]))
    expect(read(many).ignored).toHaveLength(20)
  })
})

describe('what only some models can be told', () => {
  const marked = { cache_control: { type: 'ephemeral' } }
  const source = { type: 'url', url: 'data:image/gif;base64,R0lGODlhAQABAAAAACw=' }
  const tool = { name: 'a', input_schema: {} }

  it.each<[Record<string, unknown>, Record<string, string[]>]>([
    [{}, {}],
    [{ thinking: { type: 'disabled' } }, { thinking: ['thinking'] }],
    [{ output_config: { effort: 'low' } }, { effort: ['output_config.effort'] }],
    [{ cache_control: { type: 'ephemeral' } }, { 'cache-marks': ['cache_control'] }],
    [ask({ type: 'text', text: 'a', ...marked }), { 'cache-marks': ['cache_control'] }],
    [
      { tools: [{ ...tool, ...marked }] },
      { 'cache-marks': ['cache_control'], 'tool-schema': ['tools.input_schema'] },
    ],
    [
      ask({ type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'a', ...marked }] }),
      { 'cache-marks': ['cache_control'] },
    ],
    [{ tools: [tool] }, { 'tool-schema': ['tools.input_schema'] }],
    [
      {
        messages: [
          ...minimal.messages,
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'hm', signature: 's' },
              { type: 'redacted_thinking', data: 'AAAA' },
            ],
          },
        ],
      },
      { 'earlier-thinking': ['messages.content.thinking', 'messages.content.redacted_thinking'] },
    ],
    [
      ask({ type: 'image', source }, { type: 'document', source: { type: 'text', data: 'a' } }),
      { 'earlier-media': ['messages.content.image', 'messages.content.document'] },
    ],
  ])('is noted with the field that asks for it: %j', (change, fields) => {
    const { fieldsOfLoss, ignored } = read(change)
    expect(fieldsOfLoss).toEqual(fields)
    expect(ignored).toEqual([])
  })
})
