import { describe, expect, it } from 'vitest'
import { readClientRequest } from '../../../test/client-request.ts'
import { imageFormats, images } from '../../../test/sample-images.ts'
import type { Thinking } from '../../conversation/conversation.ts'
import { parameters as table } from './parameters.ts'
import { readChat, type ReadChat } from './read-request.ts'

const hi = { role: 'user', content: 'hi' }

function read(change: Record<string, unknown>, headers: Record<string, string> = {}): ReadChat {
  return readChat({ model: 'claude-sonnet-4.5', messages: [hi], ...change }, headers)
}

function say(...messages: unknown[]): ReadChat['conversation'] {
  return read({ messages }).conversation
}

const text = (value: string) => ({ kind: 'text', text: value })

const dataUrl = (base64: string) => `data:image/png;base64,${base64}`

const toolCall = { id: 'call_1', type: 'function', function: { name: 'bash', arguments: '{}' } }

function call(change: Record<string, unknown>): unknown {
  const tool = { name: 'bash', arguments: '{}', ...change }
  return {
    role: 'assistant',
    content: null,
    tool_calls: [{ id: 'call_1', type: 'function', function: tool }],
  }
}

describe('reading a request', () => {
  it('takes the least that the API asks for', () => {
    expect(read({})).toEqual({
      conversation: {
        model: 'claude-sonnet-4.5',
        system: '',
        turns: [{ role: 'user', parts: [text('hi')] }],
        tools: [],
        toolChoice: { kind: 'auto' },
        parallelToolCalls: true,
        thinking: { kind: 'default' },
        responseFormat: { kind: 'text' },
        limits: { stopSequences: [] },
      },
      stream: false,
      usageInStream: false,
      fieldsOfLoss: {},
      toolForms: { custom: new Set(), legacy: false },
      ignored: [],
    })
  })

  it.each([
    [{ stream: true }, true, false],
    [{ stream: true, stream_options: { include_usage: true, include_obfuscation: false } }, true, true],
    [{ stream: true, stream_options: { include_usage: false } }, true, false],
    [{ stream: false, stream_options: { include_usage: true } }, false, false],
    [{ stream: null, stream_options: null }, false, false],
  ])('reads from %j whether to stream, and to tell usage in the stream', (change, stream, usageInStream) => {
    expect(read(change)).toMatchObject({ stream, usageInStream })
  })

  it('joins system and developer messages before the first turn into the system prompt', () => {
    const { system, turns } = say(
      { role: 'system', content: 'A' },
      {
        role: 'developer',
        content: [
          { type: 'text', text: 'B' },
          { type: 'text', text: '' },
        ],
      },
      { role: 'system', content: '' },
      hi,
    )
    expect(system).toBe('A\n\nB')
    expect(turns).toEqual([{ role: 'user', parts: [text('hi')] }])
  })

  it.each(['system', 'developer'])('joins a later %s message to the user turn before it', (role) => {
    const { system, turns } = say(hi, { role, content: 'Be brief.' }, { role: 'assistant', content: 'ok' })
    expect(system).toBe('')
    expect(turns[0]?.parts).toEqual([text('hi'), text('<system-reminder>\nBe brief.\n</system-reminder>')])
  })

  it('asks the system prompt itself when there is nothing else', () => {
    const { system, turns } = say({ role: 'system', content: 'Translate: hello' })
    expect(system).toBe('')
    expect(turns).toEqual([{ role: 'user', parts: [text('Translate: hello')] }])
  })

  it.each([
    ['null', null, []],
    ['empty', '', []],
    ['absent', undefined, []],
    ['text', 'Running.', [text('Running.')]],
    [
      'parts',
      [
        { type: 'text', text: 'a' },
        { type: 'refusal', refusal: 'b' },
      ],
      [text('a'), text('b')],
    ],
  ])('reads an assistant message with calls whose content is %s', (_, content, parts) => {
    const tool_calls = [
      { id: 'call_1', type: 'function', function: { name: 'bash', arguments: '{"command":"ls"}' } },
      { id: 'call_2', function: { name: 'now', arguments: '' } },
    ]
    const { turns } = say(hi, { role: 'assistant', content, tool_calls, reasoning_content: 'hm' })
    expect(turns[1]).toEqual({
      role: 'assistant',
      parts: [
        { kind: 'thinking', text: 'hm' },
        ...parts,
        { kind: 'tool-use', id: 'call_1', name: 'bash', input: { command: 'ls' } },
        { kind: 'tool-use', id: 'call_2', name: 'now', input: {} },
      ],
    })
  })

  it.each([
    ['{"a":1}', { a: 1 }],
    ['  ', {}],
    [null, {}],
    [undefined, {}],
    [{ a: 1 }, { a: 1 }],
    ['{"a":', { raw: '{"a":' }],
    ['[1]', { raw: '[1]' }],
    ['null', { raw: 'null' }],
  ])('reads the arguments %j', (args, input) => {
    expect(say(hi, call({ arguments: args })).turns[1]?.parts).toEqual([
      { kind: 'tool-use', id: 'call_1', name: 'bash', input },
    ])
  })

  it('reads tool results, and the user after them, as one turn', () => {
    const { turns } = say(
      hi,
      call({}),
      { role: 'tool', tool_call_id: 'call_2', content: [{ type: 'text', text: 'b' }] },
      { role: 'tool', tool_call_id: 'call_1', content: 'a', name: 'bash' },
      { role: 'tool', tool_call_id: 'call_3', content: '' },
      hi,
    )
    expect(turns[2]).toEqual({
      role: 'user',
      parts: [
        { kind: 'tool-result', toolUseId: 'call_2', content: [text('b')], failed: false },
        { kind: 'tool-result', toolUseId: 'call_1', content: [text('a')], failed: false },
        { kind: 'tool-result', toolUseId: 'call_3', content: [], failed: false },
        text('hi'),
      ],
    })
  })

  it('reads tools', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string' } } }
    const tools = [
      { type: 'function', function: { name: 'bash', description: 'Runs', parameters, strict: true } },
      { type: 'function', function: { name: 'now' } },
    ]
    expect(read({ tools, tool_choice: 'auto' }).conversation.tools).toEqual([
      { name: 'bash', description: 'Runs', inputSchema: parameters },
      { name: 'now', description: '', inputSchema: { type: 'object', properties: {} } },
    ])
  })

  it.each([
    ['prompt_cache_key', { prompt_cache_key: 'k' }, {}, 'k'],
    ['a header before prompt_cache_key', { prompt_cache_key: 'k' }, { 'x-session-id': 's' }, 's'],
    ['nothing', { prompt_cache_key: null }, {}, undefined],
  ])('takes the affinity key from %s', (_, change, headers, expected) => {
    expect(read(change, headers).conversation.affinityKey).toBe(expected)
  })
})

describe('what a client says of its wishes', () => {
  it.each<[Record<string, unknown>, Thinking]>([
    [{}, { kind: 'default' }],
    [{ reasoning_effort: 'none', thinking: { type: 'enabled' } }, { kind: 'off' }],
    [{ reasoning_effort: 'minimal' }, { kind: 'adaptive', shown: true }],
    [{ reasoning_effort: 'xhigh' }, { kind: 'adaptive', shown: true }],
    [{ reasoning_effort: 'extreme' }, { kind: 'adaptive', shown: true }],
    [{ reasoning: { effort: 'high', exclude: true } }, { kind: 'adaptive', shown: false }],
    [{ reasoning: { max_tokens: 2000 } }, { kind: 'budget', budgetTokens: 2000, shown: true }],
    [{ reasoning: { enabled: true } }, { kind: 'adaptive', shown: true }],
    [{ reasoning: { enabled: false, max_tokens: 2000 } }, { kind: 'off' }],
    [
      { thinking: { type: 'enabled', budget_tokens: 4096 } },
      { kind: 'budget', budgetTokens: 4096, shown: true },
    ],
    [{ thinking: { type: 'enabled' } }, { kind: 'adaptive', shown: true }],
    [{ thinking: { type: 'disabled' } }, { kind: 'off' }],
    [{ enable_thinking: true }, { kind: 'adaptive', shown: true }],
    [
      { enable_thinking: true, thinking_budget: 1024 },
      { kind: 'budget', budgetTokens: 1024, shown: true },
    ],
    [{ enable_thinking: false, thinking_budget: 1024 }, { kind: 'off' }],
  ])('reads %j as %j, which a model may not be told', (change, thinking) => {
    const { conversation, ignored, fieldsOfLoss } = read(change)
    expect(conversation.thinking).toEqual(thinking)
    expect(ignored).toEqual([])
    expect(fieldsOfLoss.thinking?.toSorted() ?? []).toEqual(Object.keys(change).toSorted())
  })

  it.each([
    { reasoning_effort: 3 },
    { reasoning: { summary: 'auto' } },
    { thinking: true },
    { thinking_budget: 'much' },
  ])('names %j as ignored, which nobody understands', (change) => {
    const { conversation, ignored, fieldsOfLoss } = read(change)
    expect(conversation.thinking).toEqual({ kind: 'default' })
    expect(ignored).toEqual(Object.keys(change))
    expect(fieldsOfLoss).toEqual({})
  })

  it.each([
    [{ reasoning_effort: 'minimal' }, 'low', ['reasoning_effort']],
    [{ reasoning_effort: 'xhigh', reasoning: { effort: 'low' } }, 'xhigh', ['reasoning_effort']],
    [{ reasoning: { effort: 'max' } }, 'max', ['reasoning']],
    [{ reasoning_effort: 'extreme' }, undefined, undefined],
    [{ reasoning_effort: 'none' }, undefined, undefined],
  ])('reads the effort of %j', (change, effort, fields) => {
    const { conversation, fieldsOfLoss } = read(change)
    expect(conversation.effort).toBe(effort)
    expect(fieldsOfLoss.effort).toEqual(fields)
  })

  it.each([
    ['auto', { kind: 'auto' }],
    ['none', { kind: 'none' }],
  ])('reads the tool choice %s', (tool_choice, toolChoice) => {
    expect(read({ tool_choice }).conversation.toolChoice).toEqual(toolChoice)
  })

  it.each([
    [true, true, []],
    [null, true, []],
    [false, false, []],
  ])('reads parallel_tool_calls: %s', (parallel_tool_calls, parallelToolCalls, ignored) => {
    expect(read({ parallel_tool_calls })).toMatchObject({ conversation: { parallelToolCalls }, ignored })
  })

  it.each([
    [{}, undefined],
    [{ max_tokens: null, max_completion_tokens: null }, undefined],
    [{ max_tokens: 5 }, 5],
    [{ max_tokens: 128_000, max_completion_tokens: 7 }, 7],
    [{ max_tokens: -1, max_completion_tokens: 9 }, 9],
    [{ max_tokens: 9, max_output_tokens: 8 }, 8],
    [{ max_tokens: 0 }, undefined],
  ])('reads the smallest limit of %j', (change, maxOutputTokens) => {
    const { conversation, ignored } = read(change)
    expect(conversation.limits.maxOutputTokens).toBe(maxOutputTokens)
    expect(ignored).toEqual([])
  })
})

describe('what the answer should be like', () => {
  it.each([
    [null, { kind: 'text' }],
    [{ type: 'text' }, { kind: 'text' }],
    [{ type: 'json_object' }, { kind: 'json' }],
    [{ type: 'json_schema', json_schema: { name: 'a' } }, { kind: 'json' }],
    [
      { type: 'json_schema', json_schema: { name: 'a', strict: true, schema: { type: 'object' } } },
      { kind: 'json-schema', schema: { type: 'object' } },
    ],
  ])('is read from %j', (response_format, responseFormat) => {
    expect(read({ response_format }).conversation.responseFormat).toEqual(responseFormat)
  })

  it.each([
    ['END', ['END']],
    [
      ['a', 'b', '', 'a'],
      ['a', 'b'],
    ],
    ['', []],
    [null, []],
  ])('ends where %j says', (stop, stopSequences) => {
    expect(read({ stop }).conversation.limits.stopSequences).toEqual(stopSequences)
  })
})

describe('images', () => {
  it.each(imageFormats)('are taken as %s, in every shape that clients send', (format) => {
    const url = dataUrl(images[format])
    const part = { kind: 'image', format, base64: images[format] }
    const content = [
      { type: 'text', text: 'a' },
      { type: 'image_url', image_url: { url, detail: 'high' } },
      { type: 'image_url', image_url: url },
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: images[format] } },
    ]
    const { turns } = say({ role: 'user', content }, call({}), {
      role: 'tool',
      tool_call_id: 'call_1',
      content,
    })
    const parts = [text('a'), part, part, part]
    expect(turns[0]?.parts).toEqual(parts)
    expect(turns[2]?.parts).toEqual([
      { kind: 'tool-result', toolUseId: 'call_1', content: parts, failed: false },
    ])
  })

  it.each([
    [{ url: 'ftp://example.com/a.png' }, 'image_url.url', 'invalid_image_url'],
    ['ftp://example.com/a.png', 'image_url', 'invalid_image_url'],
    [{ url: dataUrl('AAAA') }, 'image_url.url', 'invalid_value'],
    [{ url: dataUrl('~') }, 'image_url.url', 'invalid_value'],
    [{}, 'image_url.url', 'missing_required_parameter'],
  ])('are refused by their path: %j', (image_url, at, code) => {
    const content = [
      { type: 'text', text: 'a' },
      { type: 'image_url', image_url },
    ]
    const failure = expect.objectContaining({
      kind: 'invalid-request',
      field: `messages.1.content.1.${at}`,
      code,
    })
    expect(() => say(hi, { role: 'user', content })).toThrow(expect.objectContaining({ failure }))
  })

  it('of other places are links, in every shape', () => {
    const url = 'https://example.com/a.png'
    const content = [
      { type: 'image_url', image_url: { url } },
      { type: 'image_url', image_url: url },
      { type: 'image', source: { type: 'url', url } },
    ]
    expect(say({ role: 'user', content }).turns[0]?.parts).toEqual(
      ['0.image_url.url', '1.image_url', '2.source.url'].map((at) => ({
        kind: 'image-link',
        url,
        field: `messages.0.content.${at}`,
      })),
    )
  })

  it('beyond the tenth are left out from the oldest on, and that is told', () => {
    const part = { type: 'image_url', image_url: dataUrl(images.png) }
    const fifteen = { role: 'user', content: Array.from({ length: 15 }, () => part) }
    const { conversation, ignored } = read({
      messages: [fifteen, { role: 'assistant', content: 'ok' }, fifteen],
    })
    const kinds = conversation.turns.map(({ parts }) => parts.filter(({ kind }) => kind === 'image').length)
    expect(kinds).toEqual([0, 0, 15])
    expect(ignored).toEqual(['messages.content.image_url'])
  })
})

describe('odd messages', () => {
  it('may carry names, refusals and fields that nobody knows', () => {
    const { turns } = say(
      { ...hi, name: 'ann', nobody_knows_this: 1 },
      {
        role: 'assistant',
        content: null,
        refusal: 'I will not.',
        name: 'bot',
        audio: null,
        function_call: null,
      },
      { role: 'developer', content: [{ type: 'text', text: 'Be brief.' }], name: 'dev' },
      hi,
    )
    expect(turns).toEqual([
      { role: 'user', parts: [text('hi')] },
      { role: 'assistant', parts: [text('I will not.')] },
      { role: 'user', parts: [text('<system-reminder>\nBe brief.\n</system-reminder>'), text('hi')] },
    ])
  })

  it.each([null, '', [], undefined])('of a tool may say nothing: %j', (content) => {
    const { turns } = say(hi, call({}), { role: 'tool', tool_call_id: 'call_1', content })
    expect(turns[2]?.parts).toEqual([
      { kind: 'tool-result', toolUseId: 'call_1', content: [], failed: false },
    ])
  })
})

describe('what cannot be carried', () => {
  it.each([
    [{ temperature: 0, top_p: null, seed: 1 }, ['temperature', 'seed']],
    [
      { store: true, seed: 1, logit_bias: {}, verbosity: 'low' },
      ['seed', 'logit_bias', 'verbosity', 'store'],
    ],
    [{ store: false, logprobs: false, parallel_tool_calls: true }, []],
    [
      { n: 1, stop: [], response_format: { type: 'text' }, tools: null, functions: [], modalities: ['text'] },
      [],
    ],
    [{ stop: '', tool_choice: null, function_call: null }, []],
    [{ stream_options: { include_obfuscation: true } }, ['stream_options.include_obfuscation']],
    [{ messages: [{ ...hi, name: 'ann' }] }, ['messages.name']],
    [
      { messages: [hi, { role: 'assistant', content: 'a', audio: { id: 'x' }, annotations: [] }] },
      ['messages.audio'],
    ],
    [
      { tools: [{ type: 'function', strict: false, function: { name: 'a', strict: true } }] },
      ['tools.function.strict'],
    ],
    [{ nobody_knows_this: 1, zed: [], 'a b\r\n': {} }, ['nobody_knows_this', 'ab']],
  ])('is accepted and named: %j', (change, ignored) => {
    expect(read(change).ignored).toEqual(ignored)
  })

  it('is named up to twenty times when clients made up the names', () => {
    const invented = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`field_${index}`, 1]))
    expect(read({ ...invented, temperature: 1 }).ignored).toHaveLength(21)
    expect(read({ ['x'.repeat(100)]: 1 }).ignored).toEqual(['x'.repeat(64)])
  })

  it.each(
    Object.entries(table).flatMap(([path, { verdict }]) =>
      verdict === 'ignored' && /^\w+$/.test(path) ? [path] : [],
    ),
  )('is named by the table: %s', (field) => {
    expect(read({ [field]: 'x' }).ignored).toEqual([field])
  })
})

describe('cache marks', () => {
  const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } }
  const tool = { type: 'function', function: { name: 'a' } }

  it('are taken from messages, parts, calls and tools', () => {
    const { conversation, ignored, fieldsOfLoss } = read({
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a', ...mark }] },
        { role: 'assistant', content: 'b', tool_calls: [{ ...toolCall, ...mark }] },
        { role: 'tool', tool_call_id: 'call_1', content: 'c', cache_control: 'odd' },
        { role: 'user', content: 'd', cache_control: { ttl: '2h' } },
      ],
      tools: [{ ...tool, ...mark }],
    })
    const cacheMark = { ttl: '1h' }
    expect(conversation.tools).toMatchObject([{ cacheMark }])
    expect(conversation.turns.map(({ parts }) => parts)).toMatchObject([
      [{ ...text('a'), cacheMark }],
      [text('b'), { kind: 'tool-use', cacheMark }],
      [
        { kind: 'tool-result', cacheMark: {} },
        { ...text('d'), cacheMark: {} },
      ],
    ])
    expect(ignored).toEqual([])
    expect(fieldsOfLoss['cache-marks']).toEqual(['cache_control'])
  })

  it('of OpenAI are marks too', () => {
    const content = [{ type: 'text', text: 'a', prompt_cache_breakpoint: { mode: 'explicit' } }]
    const { conversation, fieldsOfLoss } = read({ messages: [{ role: 'user', content }] })
    expect(conversation.turns[0]?.parts).toEqual([{ ...text('a'), cacheMark: {} }])
    expect(fieldsOfLoss).toEqual({ 'cache-marks': ['prompt_cache_breakpoint'] })
  })

  it.each([
    { role: 'system', content: 'a', ...mark },
    { role: 'developer', content: [{ type: 'text', text: 'a', ...mark }] },
  ])('are named when they are on a system message: %j', (message) => {
    expect(read({ messages: [message, hi] }).ignored).toEqual(['cache_control'])
  })
})

describe('a request that cannot be read', () => {
  it.each([
    [{ model: undefined }, 'model', 'missing_required_parameter', 'model: Field required'],
    [{ messages: undefined }, 'messages', 'missing_required_parameter', 'messages: Field required'],
    [{ messages: [] }, 'messages', 'invalid_value', 'messages: At least one message is required'],
    [{ messages: 'hi' }, 'messages', 'invalid_type', 'messages: Input should be an array'],
    [
      { messages: [{ role: 'user', content: null }] },
      'messages.0.content',
      'invalid_type',
      'messages.0.content: Input should be a string or an array',
    ],
    [
      { messages: [hi, { role: 'critic', content: 'b' }] },
      'messages.1.role',
      'unsupported_value',
      'messages.1.role: role "critic" is not supported here; supported: "system", "developer", "user", "assistant", "tool", "function"',
    ],
    [
      { messages: [{ role: 'tool', content: 'a' }] },
      'messages.0.tool_call_id',
      'missing_required_parameter',
      'messages.0.tool_call_id: Field required',
    ],
    [
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a', type: 'custom', custom: {} }] }] },
      'messages.0.tool_calls.0.custom.name',
      'missing_required_parameter',
      'messages.0.tool_calls.0.custom.name: Field required',
    ],
    [
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'a' }] }] },
      'messages.0.tool_calls.0.function',
      'missing_required_parameter',
      'messages.0.tool_calls.0.function: Field required',
    ],
  ])('is refused with param and code: %j', (change, field, code, message) => {
    const failure = { kind: 'invalid-request', field, code, message }
    expect(() => read(change)).toThrow(expect.objectContaining({ failure }))
  })

  it('is refused with a hint when it is one of the Responses API', () => {
    const failure = {
      kind: 'invalid-request',
      field: 'messages',
      code: 'missing_required_parameter',
      message: expect.stringMatching(/^messages: Field required.*Responses API/),
    }
    expect(() => readChat({ model: 'm', input: 'hi' }, {})).toThrow(expect.objectContaining({ failure }))
    expect(read({ input: 'kept by some proxies' }).conversation.turns).toHaveLength(1)
  })

  it('is refused with stop sequences beyond what anybody can mean', () => {
    expect(() => read({ stop: 'x'.repeat(1025) })).toThrow(/^stop: At most 64 /)
  })

  it('is refused when nobody says anything', () => {
    const failure = expect.objectContaining({ kind: 'invalid-request', field: 'messages' })
    expect(() => say({ role: 'user', content: '' })).toThrow(expect.objectContaining({ failure }))
  })

  it.each([
    ['n', { n: 2 }],
    ['response_format', { response_format: { type: 'xml' } }],
    ['modalities', { modalities: ['text', 'audio'] }],
  ])('is refused where %s cannot be done: %j', (field, change) => {
    const failure = expect.objectContaining({ kind: 'invalid-request', field, code: 'unsupported_value' })
    expect(() => read(change)).toThrow(expect.objectContaining({ failure }))
  })
})

describe('requests of real clients', () => {
  it.each([
    ['opencode-1.18.33-chat', 10, 1, ['cache_control'], 'ses_dfd35f5e8ffeb7MVk6jvUy7P4Y'],
    ['opencode-1.18.33-chat-tool-result', 10, 3, ['cache_control'], 'ses_dfd35f5e8ffeb7MVk6jvUy7P4Y'],
    ['cline-cli-3.0.65', 25, 1, [], undefined],
    ['continue-cli-1.5.47', 9, 1, [], undefined],
  ])('%s is read', (name, toolCount, turnCount, ignored, affinityKey) => {
    const { headers, body } = readClientRequest(name)
    const request = readChat(body, headers)
    expect(request).toMatchObject({ stream: true, usageInStream: true })
    expect(request.conversation.system.length).toBeGreaterThan(1000)
    expect(request.conversation.tools).toHaveLength(toolCount)
    expect(request.conversation.turns).toHaveLength(turnCount)
    expect(request.ignored).toEqual(ignored)
    expect(request.conversation.affinityKey).toBe(affinityKey)
  })

  it('opencode answers the call before it', () => {
    const { headers, body } = readClientRequest('opencode-1.18.33-chat-tool-result')
    const { turns } = readChat(body, headers).conversation
    const input = { command: 'echo hi-from-tool', description: 'x', city: 'Oslo' }
    expect(turns.slice(1)).toEqual([
      { role: 'assistant', parts: [{ kind: 'tool-use', id: 'call_1', name: 'bash', input, cacheMark: {} }] },
      {
        role: 'user',
        parts: [
          {
            kind: 'tool-result',
            toolUseId: 'call_1',
            content: [text('at-from-give\n')],
            failed: false,
            cacheMark: {},
          },
        ],
      },
    ])
  })
})
