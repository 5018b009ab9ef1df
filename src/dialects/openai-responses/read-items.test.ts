import { describe, expect, it } from 'vitest'
import { images } from '../../../test/sample-images.ts'
import type { Turn } from '../../conversation/conversation.ts'
import { readResponses, type ReadResponses } from './read-request.ts'
import { sealReasoning } from './sealed-reasoning.ts'

const hi = { role: 'user', content: 'hi' }
const text = (value: string) => ({ kind: 'text', text: value })
const image = { kind: 'image', format: 'png', base64: images.png }
const pngUrl = `data:image/png;base64,${images.png}`

function read(...input: unknown[]): ReadResponses {
  const tools = [
    { type: 'function', name: 'ls' },
    { type: 'namespace', name: 'agents', tools: [{ type: 'custom', name: 'run' }] },
    { type: 'local_shell' },
    { type: 'function', name: 'shell' },
    { type: 'shell' },
    { type: 'apply_patch' },
  ]
  return readResponses({ model: 'claude-sonnet-4.5', input, tools }, {})
}

const turnsOf = (...input: unknown[]): Turn[] => read(...input).conversation.turns

describe('messages', () => {
  it.each([
    [{ type: 'input_text', text: 'a' }, text('a')],
    [{ type: 'input_image', image_url: pngUrl, detail: 'auto' }, image],
    [{ type: 'input_image', image_url: { url: pngUrl } }, image],
    [
      { type: 'input_image', image_url: 'https://example.com/a.png' },
      { kind: 'image-link', url: 'https://example.com/a.png', field: 'input.0.content.0.image_url' },
    ],
    [
      { type: 'input_file', filename: 'b.csv', file_data: 'YSxi' },
      {
        kind: 'document',
        name: 'b.csv',
        format: 'csv',
        base64: 'YSxi',
        field: 'input.0.content.0.file_data',
      },
    ],
    [{ type: 'text', text: 'a' }, text('a')],
    [{ type: 'note', text: 'a' }, text('a')],
  ])('of the user are read: %j', (part, expected) => {
    const { conversation, ignored } = read({ role: 'user', content: [part] })
    expect(conversation.turns).toEqual([{ role: 'user', parts: [expected] }])
    expect(ignored).toEqual([])
  })

  it.each([
    [{ type: 'output_text', text: 'a', annotations: [], logprobs: [] }, text('a')],
    [{ type: 'refusal', refusal: 'no' }, text('no')],
  ])('of the assistant are read: %j', (part, expected) => {
    const message = { type: 'message', role: 'assistant', id: 'msg_1', status: 'completed', content: [part] }
    expect(turnsOf(hi, message)).toEqual([
      { role: 'user', parts: [text('hi')] },
      { role: 'assistant', parts: [expected] },
    ])
  })

  it.each([
    [{ type: 'input_image', image_url: pngUrl, detail: 'low' }, 'input.content.input_image.detail'],
    [
      { type: 'input_file', file_data: 'YQ==', filename: 'a.txt', detail: 'low' },
      'input.content.input_file.detail',
    ],
    [{ type: 'output_text', text: 'a', annotations: [{}] }, 'input.content.annotations'],
    [{ type: 'hologram' }, 'input.content.hologram'],
  ])('name what of them is not carried: %j', (part, name) => {
    expect(
      read({ role: 'user', content: [text('a'), part].map((each) => ({ type: 'text', ...each })) }).ignored,
    ).toEqual([name])
  })

  it('keep the marks of caches', () => {
    const part = { type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } }
    const { conversation, fieldsOfLoss } = read({ role: 'user', content: [part] })
    expect(conversation.turns).toEqual([{ role: 'user', parts: [{ ...text('a'), cacheMark: {} }] }])
    expect(fieldsOfLoss['cache-marks']).toEqual(['prompt_cache_breakpoint'])
  })

  it('name marks in the system prompt', () => {
    const part = { type: 'input_text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } }
    expect(read({ role: 'developer', content: [part] }, hi).ignored).toEqual([
      'input.content.prompt_cache_breakpoint',
    ])
  })
})

describe('calls of tools', () => {
  it.each([
    [
      { type: 'function_call', call_id: 'a', name: 'ls', arguments: '{"path":"."}' },
      { name: 'ls', input: { path: '.' } },
    ],
    [
      { type: 'function_call', call_id: 'a', name: 'ls', arguments: { path: '.' } },
      { name: 'ls', input: { path: '.' } },
    ],
    [
      { type: 'function_call', call_id: 'a', name: 'ls', arguments: '{"path' },
      { name: 'ls', input: { raw: '{"path' } },
    ],
    [
      { type: 'function_call', call_id: 'a', name: 'wait', namespace: 'gone', arguments: '' },
      { name: 'gone__wait', input: {} },
    ],
    [
      { type: 'custom_tool_call', call_id: 'a', name: 'run', namespace: 'agents', input: 'x' },
      { name: 'agents__run', input: { input: 'x' } },
    ],
    [
      { type: 'local_shell_call', call_id: 'a', action: { type: 'exec', command: ['ls'], env: {} } },
      { name: 'local_shell', input: { command: ['ls'] } },
    ],
    [
      { type: 'local_shell_call', id: 'a', call_id: null, action: { type: 'exec', command: ['ls'] } },
      { name: 'local_shell', input: { command: ['ls'] } },
    ],
    [
      {
        type: 'shell_call',
        call_id: 'a',
        action: { commands: ['ls'], timeout_ms: 5, max_output_length: null },
      },
      { name: 'shell_2', input: { commands: ['ls'], timeout_ms: 5 } },
    ],
    [
      { type: 'apply_patch_call', call_id: 'a', operation: { type: 'delete_file', path: 'b' } },
      { name: 'apply_patch', input: { type: 'delete_file', path: 'b' } },
    ],
  ])('are what the model wrote: %j', (item, expected) => {
    const { conversation, ignored } = read(hi, { ...item, status: 'completed' })
    expect(conversation.turns.at(-1)).toEqual({
      role: 'assistant',
      parts: [{ kind: 'tool-use', id: 'a', ...expected }],
    })
    expect(ignored).toEqual([])
  })

  it('and what was said and thought before them are one turn', () => {
    const call = { type: 'function_call', name: 'ls', arguments: '{}' }
    const turns = turnsOf(
      hi,
      { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
      { role: 'assistant', content: 'Let me see.' },
      { ...call, call_id: 'a' },
      { ...call, call_id: 'b' },
      { type: 'function_call_output', call_id: 'b', output: '2' },
      { type: 'function_call_output', call_id: 'a', output: '1' },
      { role: 'user', content: 'Go on.' },
    )
    expect(turns.map(({ parts }) => parts.map(({ kind }) => kind))).toEqual([
      ['text'],
      ['thinking', 'text', 'tool-use', 'tool-use'],
      ['tool-result', 'tool-result', 'text'],
    ])
  })
})

describe('what came of calls', () => {
  it.each([
    [{ type: 'function_call_output', output: 'a' }, [text('a')]],
    [{ type: 'function_call_output', output: '' }, []],
    [{ type: 'function_call_output', output: null }, []],
    [
      {
        type: 'function_call_output',
        output: [
          { type: 'input_text', text: 'a' },
          { type: 'input_image', image_url: pngUrl },
        ],
      },
      [text('a'), image],
    ],
    [
      {
        type: 'custom_tool_call_output',
        output: [{ type: 'input_file', filename: 'a.txt', file_data: 'YQ==' }],
      },
      [
        {
          kind: 'document',
          name: 'a.txt',
          format: 'txt',
          base64: 'YQ==',
          field: 'input.1.output.0.file_data',
        },
      ],
    ],
    [{ type: 'custom_tool_call_output', output: 'a' }, [text('a')]],
    [{ type: 'local_shell_call_output', output: 'a' }, [text('a')]],
    [{ type: 'shell_call_output', output: 'a' }, [text('a')]],
    [
      {
        type: 'shell_call_output',
        output: [
          { stdout: 'a', stderr: '', outcome: { type: 'exit', exit_code: 0 } },
          { stdout: '', stderr: 'b', outcome: { type: 'exit', exit_code: 2 } },
          { stdout: 'c', outcome: { type: 'timeout' } },
        ],
      },
      [text('a\n\nb\n[exit code 2]\n\nc\n[The command was given up, as it took too long.]')],
    ],
    [{ type: 'apply_patch_call_output', status: 'completed' }, [text('completed')]],
  ])('is read: %j', (item, content) => {
    const { conversation, ignored } = read(hi, { ...item, call_id: 'a' })
    expect(conversation.turns).toEqual([
      { role: 'user', parts: [text('hi'), { kind: 'tool-result', toolUseId: 'a', content, failed: false }] },
    ])
    expect(ignored).toEqual([])
  })

  it('may be a failure', () => {
    const output = {
      type: 'apply_patch_call_output',
      call_id: 'a',
      status: 'failed',
      output: 'No such file.',
    }
    expect(turnsOf(output)).toEqual([
      {
        role: 'user',
        parts: [{ kind: 'tool-result', toolUseId: 'a', content: [text('No such file.')], failed: true }],
      },
    ])
  })

  it('is found by the id of the item where it has no other', () => {
    expect(turnsOf({ type: 'local_shell_call_output', id: 'a', output: 'b' })).toMatchObject([
      { parts: [{ toolUseId: 'a' }] },
    ])
  })
})

describe('reasoning', () => {
  const summary = [{ type: 'summary_text', text: 'hm' }]

  it.each([
    [{ kind: 'thinking', text: 'hm', signature: 's' } as const],
    [{ kind: 'thinking', text: '', signature: 's' } as const],
    [{ kind: 'redacted-thinking', data: 'AAAA' } as const],
  ])('that we sealed comes back whole: %j', (reasoning) => {
    const item = { type: 'reasoning', id: 'rs_1', summary, encrypted_content: sealReasoning(reasoning) }
    const { conversation, ignored, fieldsOfLoss } = read(hi, item)
    expect(conversation.turns.at(-1)).toEqual({ role: 'assistant', parts: [reasoning] })
    expect(ignored).toEqual([])
    expect(fieldsOfLoss['earlier-thinking']).toEqual(['input.reasoning'])
  })

  it.each([
    [{ summary, encrypted_content: 'gAAAA' }, 'hm'],
    [{ summary, encrypted_content: null }, 'hm'],
    [{ summary: [], content: [{ type: 'reasoning_text', text: 'so' }] }, 'so'],
    [{ summary, content: [{ type: 'reasoning_text', text: 'so' }] }, 'hm\n\nso'],
  ])('of another service is kept as far as it is in words: %j', (item, thought) => {
    const { conversation, ignored } = read(hi, { type: 'reasoning', ...item })
    expect(conversation.turns.at(-1)).toEqual({
      role: 'assistant',
      parts: [{ kind: 'thinking', text: thought }],
    })
    expect(ignored).toEqual([])
  })

  it('of another service that has no words is left out and named', () => {
    const { conversation, ignored } = read(hi, { type: 'reasoning', summary: [], encrypted_content: 'gAAAA' })
    expect(conversation.turns).toHaveLength(1)
    expect(ignored).toEqual(['input.reasoning'])
  })

  it('that says nothing is nothing', () => {
    const { conversation, ignored } = read(hi, { type: 'reasoning', summary: [] })
    expect(conversation.turns).toHaveLength(1)
    expect(ignored).toEqual([])
  })
})

describe('items that nobody here knows', () => {
  it.each([
    [
      { type: 'web_search_call', id: 'ws_1', action: { type: 'search', query: 'a' } },
      'input.web_search_call',
    ],
    [{ type: 'mcp_call', id: 'mcp_1', name: 'a', arguments: '{}' }, 'input.mcp_call'],
    [{ type: 'tool_search_call', arguments: {} }, 'input.tool_search_call'],
    [{ type: 'xyz' }, 'input.xyz'],
    [{ type: 'unknown' }, 'input.unknown'],
  ])('are left out and named: %j', (item, name) => {
    const { conversation, ignored } = read(hi, item)
    expect(conversation.turns).toEqual([{ role: 'user', parts: [text('hi')] }])
    expect(ignored).toEqual([name])
  })

  it('may have members that nobody knows', () => {
    const message = {
      ...hi,
      id: 'msg_1',
      internal_chat_message_metadata_passthrough: { a: 1 },
      phase: 'commentary',
    }
    expect(read(message).ignored).toEqual([])
  })
})
