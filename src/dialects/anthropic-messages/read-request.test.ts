import { describe, expect, it } from 'vitest'
import { readClientRequest } from '../../../test/client-request.ts'
import { imageFormats, images } from '../../../test/sample-images.ts'
import type { Thinking } from '../../conversation/conversation.ts'
import type { ChatRequest } from '../dialect.ts'
import { readPrompt, readRequest } from './read-request.ts'

const minimal = { model: 'claude-sonnet-4.5', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] }

function read(change: Record<string, unknown>, headers: Record<string, string> = {}): ChatRequest {
  return readRequest({ ...minimal, ...change }, headers)
}

function say(...messages: unknown[]): ChatRequest['conversation'] {
  return read({ messages }).conversation
}

const ask = (...content: unknown[]) => ({ messages: [{ role: 'user', content }] })

const imageBlock = (data: string, media_type = 'image/png') => ({
  type: 'image',
  source: { type: 'base64', media_type, data },
})

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
        thinking: { kind: 'default' },
        responseFormat: { kind: 'text' },
        limits: { stopSequences: [], maxOutputTokens: 100 },
      },
      stream: false,
      fieldsOfLoss: {},
      answerForm: { createEncoder: expect.any(Function), writeReply: expect.any(Function) },
      ignored: [],
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
    [
      'the billing block of Claude Code within the prompt',
      [
        { type: 'text', text: 'A' },
        { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.197;' },
      ],
      'A',
    ],
    [
      'the billing line of Claude Code in one text with the prompt',
      'x-anthropic-billing-header: cc_version=2.1.197;\n\nB\nC',
      'B\nC',
    ],
    ['a block of an unknown type with a text', [{ type: 'later', text: 'A' }], 'A'],
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

describe('what a client says of its wishes', () => {
  it.each<[Record<string, unknown>, Thinking]>([
    [{}, { kind: 'default' }],
    [{ thinking: null, output_config: { effort: 'high' } }, { kind: 'default' }],
    [{ thinking: { type: 'disabled' } }, { kind: 'off' }],
    [{ thinking: { type: 'a later kind' } }, { kind: 'off' }],
    [
      { thinking: { type: 'enabled', budget_tokens: 31_999 } },
      { kind: 'budget', budgetTokens: 31_999, shown: true },
    ],
    [
      { thinking: { type: 'enabled', budget_tokens: 1024, display: 'omitted' } },
      { kind: 'budget', budgetTokens: 1024, shown: false },
    ],
    [{ thinking: { type: 'enabled' } }, { kind: 'adaptive', shown: true }],
    [{ thinking: { type: 'adaptive', display: 'summarized' } }, { kind: 'adaptive', shown: true }],
    [
      { thinking: { type: 'adaptive', display: 'omitted' }, output_config: { effort: 'medium' } },
      { kind: 'adaptive', shown: false },
    ],
    [
      { thinking: { type: 'between_tools' }, output_config: { effort: 'max' } },
      { kind: 'adaptive', shown: true },
    ],
    [
      { thinking: { type: 'adaptive' }, output_config: { effort: 'constructor' } },
      { kind: 'adaptive', shown: true },
    ],
  ])('reads %j as %j', (change, thinking) => {
    expect(read(change).conversation.thinking).toEqual(thinking)
  })

  it.each([
    [{ output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } }, 'object'],
    [{ output_format: { type: 'json_schema', schema: { type: 'array' } } }, 'array'],
  ])('reads the form of the answer of %j', (change, type) => {
    expect(read(change).conversation.responseFormat).toEqual({ kind: 'json-schema', schema: { type } })
  })

  it('reads stop sequences, and refuses more than anybody can mean', () => {
    expect(read({ stop_sequences: ['END', '', 'END'] }).conversation.limits.stopSequences).toEqual(['END'])
    const many = { stop_sequences: Array.from({ length: 65 }, (_, index) => `${index}`) }
    expect(() => read(many)).toThrow(/^stop_sequences: At most 64 /)
    expect(() => read({ stop_sequences: ['x'.repeat(1025)] })).toThrow(/^stop_sequences: At most 64 /)
  })

  it.each([
    [{ type: 'any' }, { kind: 'any' }, true],
    [{ type: 'tool', name: 'ls' }, { kind: 'one', name: 'ls' }, true],
    [undefined, { kind: 'auto' }, true],
    [{ type: 'auto', disable_parallel_tool_use: true }, { kind: 'auto' }, false],
    [{ type: 'auto', disable_parallel_tool_use: false }, { kind: 'auto' }, true],
    [{ type: 'none' }, { kind: 'none' }, true],
  ])('reads the tool choice %j', (tool_choice, toolChoice, parallelToolCalls) => {
    expect(read({ tool_choice }).conversation).toMatchObject({ toolChoice, parallelToolCalls })
  })

  it.each([
    [{ type: 'ephemeral' }, { cacheMark: {} }],
    [{ type: 'ephemeral', ttl: '1h', scope: 'global' }, { cacheMark: { ttl: '1h' } }],
    [{ type: 'ephemeral', ttl: '7d' }, { cacheMark: {} }],
    ['nonsense', { cacheMark: {} }],
    [null, {}],
  ])('reads the cache mark %j on parts and tools', (cache_control, mark) => {
    const { conversation } = read({
      tools: [{ name: 'a', input_schema: {}, cache_control }],
      messages: [
        { role: 'user', content: [{ type: 'text', text: 'a', cache_control }] },
        {
          role: 'assistant',
          content: [{ type: 'tool_use', id: 'x', name: 'a', input: {}, cache_control }],
        },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 'x',
              content: [
                { type: 'text', text: 'b', cache_control },
                { ...imageBlock(images.png), cache_control },
              ],
              cache_control,
            },
          ],
        },
      ],
    })
    expect(conversation.tools).toEqual([{ name: 'a', description: '', inputSchema: {}, ...mark }])
    expect(conversation.turns.flatMap<unknown>((turn) => turn.parts)).toEqual([
      { ...text('a'), ...mark },
      { kind: 'tool-use', id: 'x', name: 'a', input: {}, ...mark },
      {
        kind: 'tool-result',
        toolUseId: 'x',
        content: [
          { ...text('b'), ...mark },
          { kind: 'image', format: 'png', base64: images.png, ...mark },
        ],
        failed: false,
        ...mark,
      },
    ])
  })
})

describe('images', () => {
  it.each(imageFormats)('are taken as %s, in a message and in a tool result', (format) => {
    const image = imageBlock(images[format], `image/${format}`)
    const result = { type: 'tool_result', tool_use_id: 'a', content: [{ type: 'text', text: 'see' }, image] }
    const part = { kind: 'image', format, base64: images[format] }
    expect(read(ask(image, result)).conversation.turns[0]?.parts).toEqual([
      part,
      { kind: 'tool-result', toolUseId: 'a', content: [text('see'), part], failed: false },
    ])
  })

  it.each(['image/jpg', 'image/png', 'IMAGE/GIF'])(
    'go by their bytes when the label is wrong: %s',
    (label) => {
      const { turns } = read(ask(imageBlock(images.webp, label))).conversation
      expect(turns[0]?.parts).toEqual([{ kind: 'image', format: 'webp', base64: images.webp }])
    },
  )

  it.each([
    ['bytes of no known format', imageBlock('AAAA'), 'source.data'],
    ['what is no base64', imageBlock('~'), 'source.data'],
    ['a label of another format', imageBlock(images.png, 'image/tiff'), 'source.media_type'],
    [
      'a URL that is no address',
      { type: 'image', source: { type: 'url', url: 'ftp://example.com/a' } },
      'source.url',
    ],
    ['a file', { type: 'image', source: { type: 'file', file_id: 'f' } }, 'source'],
  ])('are refused by their path: %s', (_, image, at) => {
    const field = `messages.0.content.1.${at}`
    const failure = expect.objectContaining({
      kind: 'invalid-request',
      field,
      message: expect.stringMatching(`^${field}: `),
    })
    expect(() => read(ask({ type: 'text', text: 'a' }, image))).toThrow(expect.objectContaining({ failure }))
  })

  it('and documents that cannot be read are noted and named when tools bring them, or an earlier turn', () => {
    const broken = [
      imageBlock('AAAA'),
      imageBlock(Buffer.from('II*\0').toString('base64'), 'image/tiff'),
      {
        type: 'document',
        title: 'a.pdf',
        source: { type: 'base64', media_type: 'application/pdf', data: '~' },
      },
    ]
    const notes = [
      text('[An image is left out here, as it cannot be seen.]'),
      text('[An image is left out here, as it cannot be seen.]'),
      text('[The document "a.pdf" is left out here.]'),
    ]
    const result = { type: 'tool_result', tool_use_id: 'a', content: broken }
    const part = { kind: 'tool-result', toolUseId: 'a', content: notes, failed: false }
    const byTool = read(ask(result, ...broken, { type: 'text', text: 'Go on without it.' }))
    expect(byTool.conversation.turns[0]?.parts).toEqual([part, ...notes, text('Go on without it.')])
    expect(byTool.ignored).toEqual(['messages.content.image', 'messages.content.document'])

    const earlier = read({ messages: [...ask(...broken).messages, { role: 'assistant', content: 'ok' }, hi] })
    expect(earlier.conversation.turns[0]?.parts).toEqual(notes)
    expect(earlier.ignored).toEqual(['messages.content.image', 'messages.content.document'])
  })

  it('are refused from the assistant and in the system prompt', () => {
    const image = imageBlock(images.png)
    expect(() => say(hi, { role: 'assistant', content: [image] })).toThrow(/^messages\.1\.content\.0: /)
    expect(() => read({ system: [image] })).toThrow(/^system\.0: /)
  })

  it('of other places are links', () => {
    const source = { type: 'url', url: 'https://example.com/a.png' }
    const { turns } = read(ask({ type: 'image', source })).conversation
    expect(turns[0]?.parts).toEqual([
      { kind: 'image-link', url: source.url, field: 'messages.0.content.0.source.url' },
    ])
  })

  it('beyond the tenth are left out from the oldest on, and that is told', () => {
    const before = Array.from({ length: 15 }, () => imageBlock(images.gif))
    const after = Array.from({ length: 15 }, () => imageBlock(images.png))
    const messages = [
      { role: 'user', content: before },
      { role: 'assistant', content: 'ok' },
      { role: 'user', content: after },
    ]
    const { conversation, ignored } = read({ messages })
    const kinds = conversation.turns.map(({ parts }) => parts.filter(({ kind }) => kind === 'image').length)
    expect(kinds).toEqual([0, 0, 15])
    expect(ignored).toEqual(['messages.content.image'])
  })
})

describe('a prompt to be counted', () => {
  it('does without max_tokens, and is the same conversation otherwise', () => {
    const body = { ...minimal, max_tokens: undefined }
    expect(readPrompt(body, {})).toEqual({
      ...readRequest(minimal, {}).conversation,
      limits: { stopSequences: [] },
    })
    expect(() => readPrompt({ ...body, messages: [] }, {})).toThrow(/^messages: /)
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

describe('a request that cannot be read', () => {
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
    [{ tools: [{ input_schema: {} }] }, 'tools.0.name', 'tools.0.name: Field required'],
    [{ tools: [{ type: 3, name: 'a' }] }, 'tools.0.type', 'tools.0.type: Input should be a string'],
  ])('is refused with the path of the fault: %j', (change, field, message) => {
    const failure = expect.objectContaining({ kind: 'invalid-request', field, message })
    expect(() => read(change)).toThrow(expect.objectContaining({ failure }))
  })

  it.each([
    ['compaction', { compaction: { type: 'summarize' } }],
    ['tool_choice.type', { tool_choice: { type: 'later' } }],
    ['output_config.format.type', { output_config: { format: { type: 'xml' } } }],
  ])('is refused where %s cannot be done: %j', (field, change) => {
    const failure = expect.objectContaining({ kind: 'invalid-request', field, code: 'unsupported_value' })
    expect(() => read(change)).toThrow(expect.objectContaining({ failure }))
  })

  it('finds no thread to go on with', () => {
    const failure = expect.objectContaining({
      kind: 'not-found',
      field: 'thread.previous_message_id',
      code: 'thread_not_found',
    })
    const change = { thread: { type: 'continue', previous_message_id: 'msg_1' } }
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
    ['claude-code-2.1.197-first-turn', 25, 1, ['context_management', 'system.cache_control']],
    ['claude-code-2.1.197-tool-result', 25, 3, ['context_management', 'system.cache_control']],
    ['claude-code-2.1.197-subagent', 18, 1, ['temperature', 'system.cache_control']],
    ['claude-code-2.1.197-subagent-result', 25, 3, ['context_management', 'system.cache_control']],
    ['claude-code-2.1.197-bearer-sonnet', 25, 1, ['context_management', 'system.cache_control']],
    [
      'claude-code-2.1.330-first-turn',
      12,
      1,
      ['context_management', 'tools.defer_loading', 'system.cache_control'],
    ],
    ['opencode-1.18.33-anthropic', 10, 1, ['tools.eager_input_streaming', 'system.cache_control']],
    ['langchain-anthropic', 0, 1, []],
    ['claude-code-2.1.197-web-search', 1, 1, []],
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
      {
        kind: 'tool-result',
        toolUseId: use?.id,
        content: [{ kind: 'text', text: result }],
        failed: false,
        cacheMark: {},
      },
    ])
  })

  it('opencode names its session in a header', () => {
    const { headers, body } = readClientRequest('opencode-1.18.33-anthropic')
    expect(readRequest(body, headers).conversation.affinityKey).toBe('ses_dfd35d388ffe189SWUE498fGiK')
  })

  it('Claude Code sees an image that a tool has read, after a call that failed', () => {
    const { headers, body } = readClientRequest('claude-code-2.1.197-image-in-tool-result')
    const { turns } = readRequest(body, headers).conversation
    expect(turns.at(-1)?.parts).toMatchObject([
      { kind: 'tool-result', failed: true, content: [{ kind: 'text' }] },
      {
        kind: 'tool-result',
        failed: false,
        content: [{ kind: 'image', format: 'png', base64: expect.stringMatching(/^iVBORw0KGgo/) }],
        cacheMark: {},
      },
    ])
  })
})
