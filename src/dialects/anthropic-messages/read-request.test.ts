import { describe, expect, it } from 'vitest'
import { readClientRequest } from '../../../test/client-request.ts'
import type { ChatRequest } from '../dialect.ts'
import { readRequest } from './read-request.ts'

const minimal = { model: 'claude-sonnet-4.5', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] }

function read(change: Record<string, unknown>, headers: Record<string, string> = {}): ChatRequest {
  return readRequest({ ...minimal, ...change }, headers)
}

function say(...messages: unknown[]): ChatRequest['conversation'] {
  return read({ messages }).conversation
}

const ask = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] })

const text = (value: string) => ({ kind: 'text', text: value })
const hi = { role: 'user', content: 'hi' }

describe('reading a request', () => {
  it('takes the least that the API asks for', () => {
    expect(readRequest(minimal, {})).toEqual({
      conversation: {
        model: 'claude-sonnet-4.5',
        system: '',
        turns: [{ role: 'user', parts: [text('hi')] }],
        tools: [],
        toolChoice: { kind: 'auto' },
        parallelToolCalls: true,
        thinking: { kind: 'off' },
        responseFormat: { kind: 'text' },
        limits: { stopSequences: [] },
      },
      stream: false,
      usageInStream: true,
      ignored: ['max_tokens'],
    })
  })

  it.each([
    ['absent', undefined, ''],
    ['null', null, ''],
    ['a string', 'Be brief.', 'Be brief.'],
    ['no blocks', [], ''],
    [
      'blocks, joined by a blank line, empty ones left out',
      [
        { type: 'text', text: 'A', cache_control: { type: 'ephemeral' } },
        { type: 'text', text: '' },
        { type: 'text', text: 'B' },
      ],
      'A\n\nB',
    ],
    [
      'the billing block of Claude Code before the prompt',
      [
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.197;' },
        { type: 'text', text: 'B' },
      ],
      'B',
    ],
  ])('reads a system prompt that is %s', (_, system, expected) => {
    expect(read({ system }).conversation.system).toBe(expected)
  })

  it('reads tool uses, their results and thinking of the past', () => {
    const { turns } = say(
      hi,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
          { type: 'thinking', thinking: 'foreign', signature: '' },
          { type: 'redacted_thinking', data: 'b3BhcXVl' },
          { type: 'text', text: 'Running.' },
          { type: 'tool_use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } },
          { type: 'tool_use', id: 'toolu_2', name: 'Now', input: {} },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'toolu_2', content: 'no such tool', is_error: true },
          {
            type: 'tool_result',
            tool_use_id: 'toolu_1',
            content: [{ type: 'text', text: 'a.txt' }],
            is_error: false,
          },
          { type: 'tool_result', tool_use_id: 'toolu_3' },
          { type: 'tool_result', tool_use_id: 'toolu_4', content: [] },
          { type: 'text', text: 'go on' },
        ],
      },
    )
    expect(turns.slice(1)).toEqual([
      {
        role: 'assistant',
        parts: [
          { kind: 'thinking', text: 'hm', signature: 'c2ln' },
          { kind: 'thinking', text: 'foreign' },
          { kind: 'redacted-thinking', data: 'b3BhcXVl' },
          text('Running.'),
          { kind: 'tool-use', id: 'toolu_1', name: 'Bash', input: { command: 'ls' } },
          { kind: 'tool-use', id: 'toolu_2', name: 'Now', input: {} },
        ],
      },
      {
        role: 'user',
        parts: [
          { kind: 'tool-result', toolUseId: 'toolu_2', content: [text('no such tool')], failed: true },
          { kind: 'tool-result', toolUseId: 'toolu_1', content: [text('a.txt')], failed: false },
          { kind: 'tool-result', toolUseId: 'toolu_3', content: [], failed: false },
          { kind: 'tool-result', toolUseId: 'toolu_4', content: [], failed: false },
          text('go on'),
        ],
      },
    ])
  })

  it('reads tools', () => {
    const input_schema = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: {},
    }
    const { tools } = read({
      tools: [
        { name: 'Bash', description: 'Runs', input_schema },
        { type: 'custom', name: 'Now', input_schema, eager_input_streaming: true },
      ],
    }).conversation
    expect(tools).toEqual([
      { name: 'Bash', description: 'Runs', inputSchema: input_schema },
      { name: 'Now', description: '', inputSchema: input_schema },
    ])
  })

  it('keeps the order of messages of one role that follow each other', () => {
    const { turns } = say(
      hi,
      { role: 'user', content: [{ type: 'text', text: 'and' }] },
      { role: 'user', content: '' },
    )
    expect(turns).toEqual([{ role: 'user', parts: [text('hi'), text('and')] }])
  })
})

describe('a system message inside messages', () => {
  const reminder = text('<system-reminder>\nBe brief.\n</system-reminder>')

  it('joins the user turn before it', () => {
    const { turns, system } = say(
      hi,
      { role: 'system', content: 'Be brief.' },
      { role: 'assistant', content: 'ok' },
    )
    expect(system).toBe('')
    expect(turns[0]).toEqual({ role: 'user', parts: [text('hi'), reminder] })
  })

  it('may be blocks, and stand after the assistant', () => {
    const brief = {
      role: 'system',
      content: [{ type: 'text', text: 'Be brief.' }],
      output_config: { effort: 'low' },
    }
    const { turns } = say(hi, { role: 'assistant', content: 'ok' }, brief, { role: 'user', content: 'more' })
    expect(turns[2]).toEqual({ role: 'user', parts: [reminder, text('more')] })
  })

  it('belongs to the system prompt when nobody has spoken yet', () => {
    const messages = [{ role: 'system', content: 'B' }, { role: 'system', content: '' }, hi]
    const { turns, system } = read({ system: 'A', messages }).conversation
    expect(system).toBe('A\n\nB')
    expect(turns).toEqual([{ role: 'user', parts: [text('hi')] }])
  })
})

describe('the affinity key', () => {
  const packed = JSON.stringify({ device_id: 'd', account_uuid: '', session_id: 'sess-1' })
  it.each([
    ['the session in user_id', packed, {}, 'sess-1'],
    ['a plain user_id', 'user-7', {}, 'user-7'],
    ['a header before the body', packed, { 'x-claude-code-session-id': 'sess-2' }, 'sess-2'],
    ['x-session-id', undefined, { 'x-session-id': 'sess-3' }, 'sess-3'],
    [
      'x-session-affinity before x-session-id',
      undefined,
      { 'x-session-affinity': 'a', 'x-session-id': 'b' },
      'a',
    ],
    ['nothing', undefined, {}, undefined],
    ['no id of absurd length', 'x'.repeat(513), {}, undefined],
  ])('is %s', (_, user_id, headers, expected) => {
    expect(read({ metadata: { user_id } }, headers).conversation.affinityKey).toBe(expected)
  })
})

describe('what cannot be carried', () => {
  it.each([
    [{ thinking: { type: 'adaptive' } }, ['max_tokens', 'thinking']],
    [{ output_config: { effort: 'high' } }, ['max_tokens', 'output_config.effort']],
    [{ temperature: 1, top_p: null, top_k: 5 }, ['max_tokens', 'temperature', 'top_k']],
    [{ tool_choice: { type: 'auto' } }, ['max_tokens']],
    [
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      ['max_tokens', 'tool_choice.disable_parallel_tool_use'],
    ],
    [{ nobody_knows_this: 1, betas: ['x'], stop_sequences: [], mcp_servers: [] }, ['max_tokens']],
    [{ cache_control: { type: 'ephemeral' } }, ['max_tokens', 'cache_control']],
  ])('is accepted and named: %j', (change, ignored) => {
    expect(read(change).ignored).toEqual(ignored)
  })

  it.each([
    ['a system block', { system: [{ type: 'text', text: 'A', cache_control: {} }] }],
    ['a tool', { tools: [{ name: 'a', input_schema: {}, cache_control: {} }] }],
    ['a block', { messages: [{ role: 'user', content: [{ type: 'text', text: 'a', cache_control: {} }] }] }],
    [
      'a block in a tool result',
      {
        messages: [
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: 'a',
                content: [{ type: 'text', text: 'a', cache_control: {} }],
              },
            ],
          },
        ],
      },
    ],
  ])('names cache_control once, on %s', (_, change) => {
    expect(read({ ...change, cache_control: {} }).ignored).toEqual(['max_tokens', 'cache_control'])
  })
})

describe('a request that cannot be read', () => {
  const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: '' } }

  it.each([
    [{ messages: [] }, 'messages', 'messages: At least one message is required'],
    [{ messages: undefined }, 'messages', 'messages: Field required'],
    [{ messages: 'hi' }, 'messages', 'messages: Input should be an array'],
    [
      { messages: [{ role: 'system', content: 'A' }] },
      'messages',
      'messages: At least one message with content is required',
    ],
    [{ messages: ['hi'] }, 'messages.0', 'messages.0: Input should be an object'],
    [{ messages: [{ content: 'hi' }] }, 'messages.0.role', 'messages.0.role: Field required'],
    [
      { messages: [hi, { role: 'tool', content: 'hi' }] },
      'messages.1.role',
      'messages.1.role: role "tool" is not supported here; supported: "user", "assistant", "system"',
    ],
    [{ messages: [{ role: 'user' }] }, 'messages.0.content', 'messages.0.content: Field required'],
    [
      { messages: [{ role: 'user', content: 3 }] },
      'messages.0.content',
      'messages.0.content: Input should be a string or an array',
    ],
    [
      ask({ type: 'text', text: 'a' }, { type: 'text', text: 3 }),
      'messages.0.content.1.text',
      'messages.0.content.1.text: Input should be a string',
    ],
    [
      ask({ type: 'tool_result' }),
      'messages.0.content.0.tool_use_id',
      'messages.0.content.0.tool_use_id: Field required',
    ],
    [ask('hi'), 'messages.0.content.0', 'messages.0.content.0: Input should be an object'],
    [
      ask({ type: 'text', text: 'a' }, image),
      'messages.0.content.1',
      'messages.0.content.1: type "image" is not supported here; supported: "text", "tool_result"',
    ],
    [
      ask({ type: 'tool_result', tool_use_id: 'a', content: [image] }),
      'messages.0.content.0.content.0',
      'messages.0.content.0.content.0: type "image" is not supported here; supported: "text"',
    ],
    [
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'b', input: [] }] }] },
      'messages.0.content.0.input',
      'messages.0.content.0.input: Input should be an object',
    ],
    [
      { messages: [{ role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'b' }] }] },
      'messages.0.content.0.input',
      'messages.0.content.0.input: Field required',
    ],
    [{ max_tokens: undefined }, 'max_tokens', 'max_tokens: Field required'],
    [{ max_tokens: 'abc' }, 'max_tokens', 'max_tokens: Input should be a number'],
    [{ max_tokens: 1.5 }, 'max_tokens', 'max_tokens: Input should be an integer'],
    [{ model: undefined }, 'model', 'model: Field required'],
    [{ system: 3 }, 'system', 'system: Input should be a string or an array'],
    [
      { tools: [{ type: 'web_search_20250305', name: 'web_search' }] },
      'tools.0.type',
      'tools.0.type: "web_search_20250305" is not supported here; supported: "custom"',
    ],
    [{ tools: [{ name: 'a' }] }, 'tools.0.input_schema', 'tools.0.input_schema: Field required'],
  ])('is refused with the path of the fault: %j', (change, field, message) => {
    const failure = expect.objectContaining({ kind: 'invalid-request', field, message })
    expect(() => read(change)).toThrow(expect.objectContaining({ failure }))
  })

  it.each([
    ['tool_choice', { tool_choice: { type: 'none' } }],
    ['tool_choice', { tool_choice: { type: 'any' } }],
    ['tool_choice', { tool_choice: { type: 'tool', name: 'a' } }],
    ['stop_sequences', { stop_sequences: ['END'] }],
    ['mcp_servers', { mcp_servers: [{}] }],
    ['output_config.format', { output_config: { format: { type: 'json_schema', schema: {} } } }],
    ['output_format', { output_format: { type: 'json_schema', schema: {} } }],
  ])('is refused while %s is not built: %j', (field, change) => {
    const failure = expect.objectContaining({ kind: 'invalid-request', field, code: 'unsupported_value' })
    expect(() => read(change)).toThrow(expect.objectContaining({ failure }))
  })

  it.each([[[]], [3], ['hi'], [null], [undefined]])('is refused when it is no object: %j', (body) => {
    const failure = { kind: 'invalid-request', message: 'The request body should be a JSON object' }
    expect(() => readRequest(body, {})).toThrow(expect.objectContaining({ failure }))
  })

  it('is not harmed by keys of the prototype', () => {
    const body: unknown = JSON.parse(
      '{"model":"m","max_tokens":1,"__proto__":{"stream":true},"messages":[{"role":"user","content":"hi","__proto__":{"role":"x"}}]}',
    )
    expect(readRequest(body, {}).stream).toBe(false)
  })
})

describe('requests of real clients', () => {
  it.each([
    [
      'claude-code-2.1.197-first-turn',
      25,
      1,
      ['max_tokens', 'thinking', 'context_management', 'metadata', 'output_config.effort', 'cache_control'],
    ],
    [
      'claude-code-2.1.197-tool-result',
      25,
      3,
      ['max_tokens', 'thinking', 'context_management', 'metadata', 'output_config.effort', 'cache_control'],
    ],
    [
      'claude-code-2.1.197-subagent',
      18,
      1,
      ['max_tokens', 'thinking', 'metadata', 'temperature', 'cache_control'],
    ],
    [
      'claude-code-2.1.197-subagent-result',
      25,
      3,
      ['max_tokens', 'thinking', 'context_management', 'metadata', 'output_config.effort', 'cache_control'],
    ],
    [
      'claude-code-2.1.197-bearer-sonnet',
      25,
      1,
      ['max_tokens', 'thinking', 'context_management', 'metadata', 'cache_control'],
    ],
    [
      'claude-code-2.1.330-first-turn',
      12,
      1,
      [
        'max_tokens',
        'thinking',
        'context_management',
        'metadata',
        'output_config.effort',
        'defer_loading',
        'cache_control',
      ],
    ],
    ['opencode-1.18.33-anthropic', 10, 1, ['max_tokens', 'eager_input_streaming', 'cache_control']],
    ['langchain-anthropic', 0, 1, ['max_tokens']],
  ])('%s is read', (name, toolCount, turnCount, ignored) => {
    const { headers, body } = readClientRequest(name)
    const request = readRequest(body, headers)
    expect(request.stream).toBe(true)
    expect(request.conversation.tools).toHaveLength(toolCount)
    expect(request.conversation.turns).toHaveLength(turnCount)
    expect(request.ignored).toEqual(ignored)
  })

  it('Claude Code joins its system blocks and says which session it is', () => {
    const { headers, body } = readClientRequest('claude-code-2.1.197-first-turn')
    const { conversation } = readRequest(body, headers)
    expect(conversation.system.length).toBeGreaterThan(6000)
    expect(conversation.system.split('\n\n').slice(0, 2)).toEqual([
      expect.stringMatching(/^a-something/),
      expect.stringMatching(/^Now old I Course/),
    ])
    expect(conversation.affinityKey).toBe('00000000-0000-4000-8000-000000000000')
    const lastPart = conversation.turns[0]?.parts.at(-1)
    expect(lastPart).toEqual({
      kind: 'text',
      text: expect.stringMatching(/^<system-reminder>\n[^]*<\/system-reminder>$/),
    })
  })

  it.each([
    ['claude-code-2.1.197-tool-result', 'hi-from-tool'],
    ['claude-code-2.1.197-subagent-result', 'There more most.'],
  ])('%s answers the tool use before it', (name, result) => {
    const { headers, body } = readClientRequest(name)
    const { turns } = readRequest(body, headers).conversation
    const use = turns[1]?.parts.find((part) => part.kind === 'tool-use')
    expect(use?.id).toMatch(/^toolu_/)
    expect(turns[2]?.parts).toEqual([
      { kind: 'tool-result', toolUseId: use?.id, content: [{ kind: 'text', text: result }], failed: false },
    ])
  })

  it('opencode names its session in a header', () => {
    const { headers, body } = readClientRequest('opencode-1.18.33-anthropic')
    expect(readRequest(body, headers).conversation.affinityKey).toBe('ses_dfd35d388ffe189SWUE498fGiK')
  })

  it.each([
    ['claude-code-2.1.197-web-search', 'tools.0.type'],
    ['claude-code-2.1.197-image-in-tool-result', 'messages.3.content.1.content.0'],
  ])('%s is refused by the name of its field while that is not built', (name, field) => {
    const { headers, body } = readClientRequest(name)
    const failure = expect.objectContaining({ kind: 'invalid-request', field, code: 'unsupported_value' })
    expect(() => readRequest(body, headers)).toThrow(expect.objectContaining({ failure }))
  })
})
