import { describe, expect, it } from 'vitest'
import { readClientRequest } from '../../../test/client-request.ts'
import { openaiCompact, openaiResponses } from './index.ts'
import { readResponses, type ReadResponses } from './read-request.ts'
import { sealSummary } from './sealed-summary.ts'

const hi = { role: 'user', content: 'hi' }
const text = (value: string) => ({ kind: 'text', text: value })

function read(change: Record<string, unknown>, headers: Record<string, string> = {}): ReadResponses {
  return readResponses({ model: 'claude-sonnet-4.5', input: 'hi', ...change }, headers)
}

const echo = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: 'default',
  store: true,
  temperature: 1,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: 'disabled',
  user: null,
}

describe('reading a request', () => {
  it.each([
    ['a text', 'hi'],
    ['a message without a type', [hi]],
    ['a message with one', [{ type: 'message', ...hi }]],
    ['a message in parts', [{ role: 'user', content: [{ type: 'input_text', text: 'hi' }] }]],
  ])('takes the least that the API asks for: %s', (_name, input) => {
    expect(read({ input })).toEqual({
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
      isKept: true,
      fieldsOfLoss: {},
      ignored: [],
      wishes: { tools: new Map(), echo, sealedReasoning: false, isCodex: false },
    })
  })

  it.each([
    [{ stream: true }, { stream: true }],
    [{ stream: null }, { stream: false }],
    [{ store: false }, { isKept: false }],
    [{ store: null }, { isKept: true }],
    [{ store: true }, { isKept: true }],
    [{ parallel_tool_calls: false }, { conversation: { parallelToolCalls: false } }],
    [{ max_output_tokens: 9 }, { conversation: { limits: { stopSequences: [], maxOutputTokens: 9 } } }],
    [{ max_output_tokens: 0 }, { conversation: { limits: { stopSequences: [] } } }],
    [{ prompt_cache_key: 'k' }, { conversation: { affinityKey: 'k' } }],
    [{ include: ['reasoning.encrypted_content'] }, { wishes: { sealedReasoning: true } }],
  ])('heeds %j', (change, expected) => {
    const request = read(change)
    expect(request).toMatchObject(expected)
    expect(request.ignored).toEqual([])
  })

  it.each([
    ["Codex's thread", { 'thread-id': 't', 'session-id': 's' }, 't'],
    ["Codex's session", { 'session-id': 's' }, 's'],
    ["opencode's session", { 'x-session-id': 's' }, 's'],
    ['no header', {}, 'k'],
  ])('knows a conversation by %s', (_name, headers, expected) => {
    expect(read({ prompt_cache_key: 'k' }, headers).conversation.affinityKey).toBe(expected)
  })

  it.each([
    [{ originator: 'codex_exec' }, true],
    [{ 'user-agent': 'codex_cli_rs/0.169.0 (Debian)' }, true],
    [{ 'user-agent': 'OpenAI/JS 6.49.0' }, false],
  ])('knows Codex by its headers: %j', (headers, expected) => {
    expect(read({}, headers).wishes.isCodex).toBe(expected)
  })

  it.each([
    [{ effort: 'none' }, { kind: 'off' }, undefined],
    [{ effort: 'high' }, { kind: 'adaptive', shown: false }, 'high'],
    [{ effort: 'minimal', summary: 'auto' }, { kind: 'adaptive', shown: true }, 'low'],
    [{ summary: 'auto' }, { kind: 'adaptive', shown: true }, undefined],
    [{ summary: 'none', effort: 'low' }, { kind: 'adaptive', shown: false }, 'low'],
    [{ generate_summary: 'concise' }, { kind: 'adaptive', shown: true }, undefined],
    [{ effort: 'enormous' }, { kind: 'adaptive', shown: false }, undefined],
    [{ effort: null, summary: null }, { kind: 'default' }, undefined],
    [{}, { kind: 'default' }, undefined],
    [7, { kind: 'default' }, undefined],
  ])('reads what is wished of thinking: %j', (reasoning, thinking, effort) => {
    const { conversation } = read({ reasoning })
    expect(conversation.thinking).toEqual(thinking)
    expect(conversation.effort).toBe(effort)
  })

  it('names what of thinking may be lost', () => {
    expect(read({ reasoning: { effort: 'high', summary: 'auto' } }).fieldsOfLoss).toEqual({
      thinking: ['reasoning'],
      effort: ['reasoning.effort'],
    })
  })

  it.each([
    [{ format: { type: 'text' } }, { kind: 'text' }],
    [{ format: { type: 'json_object' } }, { kind: 'json' }],
    [{ format: { type: 'json_schema', name: 'a' } }, { kind: 'json' }],
    [
      { format: { type: 'json_schema', name: 'a', strict: true, schema: { type: 'object' } } },
      { kind: 'json-schema', schema: { type: 'object' } },
    ],
    [{ verbosity: 'low' }, { kind: 'text' }],
    [null, { kind: 'text' }],
  ])('reads the form of the answer: %j', (wish, expected) => {
    expect(read({ text: wish }).conversation.responseFormat).toEqual(expected)
  })

  it.each([
    [{ temperature: 0.5, top_p: 0.9 }, ['temperature', 'top_p']],
    [{ text: { verbosity: 'low' } }, ['text.verbosity']],
    [{ client_metadata: { a: 'b' }, service_tier: 'auto' }, ['client_metadata', 'service_tier']],
    [{ include: ['file_search_call.results'] }, ['include.file_search_call.results']],
    [{ stream_options: { include_obfuscation: true } }, ['stream_options.include_obfuscation']],
    [{ reasoning: { context: 'all_turns' } }, ['reasoning.context']],
    [{ frobnicate: 1 }, ['frobnicate']],
    [{ metadata: { a: 'b' }, truncation: null, background: false }, []],
  ])('names what it does not carry: %j', (change, expected) => {
    expect(new Set(read(change).ignored)).toEqual(new Set(expected))
  })

  it.each([
    [{ model: undefined }, 'model', 'missing_required_parameter'],
    [{ input: undefined }, 'input', 'missing_required_parameter'],
    [{ input: [] }, 'input', 'missing_required_parameter'],
    [{ input: '' }, 'input', 'missing_required_parameter'],
    [{ input: 7 }, 'input', 'invalid_type'],
    [{ input: [7] }, 'input.0', 'invalid_type'],
    [{ input: [{ role: 'tool', content: 'a' }] }, 'input.0.role', 'unsupported_value'],
    [{ input: [{ content: 'a' }] }, 'input.0.role', 'missing_required_parameter'],
    [{ input: [{ type: 'function_call', name: 'a' }] }, 'input.0.call_id', 'missing_required_parameter'],
    [
      { input: [hi, { type: 'local_shell_call_output', output: 'a' }] },
      'input.1.id',
      'missing_required_parameter',
    ],
    [
      { input: [{ role: 'user', content: [{ type: 'input_image', file_id: 'file_1' }] }] },
      'input.0.content.0.file_id',
      'unsupported_value',
    ],
    [
      {
        input: [
          { role: 'user', content: [{ type: 'input_image', image_url: 'data:image/png;base64,AAAA' }] },
        ],
      },
      'input.0.content.0.image_url',
      'invalid_value',
    ],
    [{ input: [{ type: 'item_reference', id: 'msg_1' }] }, 'input.0.id', 'item_not_found'],
    [{ input: [{ id: 'msg_1' }] }, 'input.0.id', 'item_not_found'],
    [{ previous_response_id: 'resp_1' }, 'previous_response_id', 'previous_response_not_found'],
    [{ conversation: 'conv_1' }, 'conversation', 'unsupported_value'],
    [{ background: true }, 'background', 'unsupported_value'],
    [{ prompt: { id: 'pmpt_1' } }, 'prompt', 'unsupported_value'],
    [{ tools: [{ type: 'function' }] }, 'tools.0.name', 'missing_required_parameter'],
    [{ tools: [{ type: 'function', function: {} }] }, 'tools.0.function.name', 'missing_required_parameter'],
    [{ tools: [{ type: 'namespace', name: 'a' }] }, 'tools.0.tools', 'missing_required_parameter'],
    [
      { tools: [{ type: 'namespace', name: 'a', tools: [{ type: 'custom' }] }] },
      'tools.0.tools.0.name',
      'missing_required_parameter',
    ],
    [{ tool_choice: 'sometimes' }, 'tool_choice', 'unsupported_value'],
    [{ text: { format: { type: 'yaml' } } }, 'text.format', 'unsupported_value'],
  ])('refuses %j by the name of the field', (change, field, code) => {
    expect(() => read(change)).toThrow(
      expect.objectContaining({
        failure: expect.objectContaining({ kind: 'invalid-request', field, code }),
      }),
    )
  })
})

describe('the system prompt', () => {
  it('begins with the instructions, and goes on with what is said before the user', () => {
    const { conversation } = read({
      instructions: 'a',
      input: [
        { role: 'developer', content: 'b' },
        { role: 'system', content: [{ type: 'input_text', text: 'c' }] },
        hi,
        { role: 'developer', content: 'd' },
      ],
    })
    expect(conversation.system).toBe('a\n\nb\n\nc')
    expect(conversation.turns).toEqual([
      { role: 'user', parts: [text('hi'), text('<system-reminder>\nd\n</system-reminder>')] },
    ])
  })

  it('is the question where there is no other', () => {
    const { conversation } = read({ instructions: 'Say hi.', input: [] })
    expect(conversation).toMatchObject({
      system: '',
      turns: [{ role: 'user', parts: [text('Say hi.')] }],
    })
  })
})

describe('what the answer repeats', () => {
  it('is what the client sent', () => {
    const sent = {
      instructions: 'a',
      max_output_tokens: 5,
      metadata: { a: 'b' },
      parallel_tool_calls: false,
      prompt_cache_key: 'k',
      store: false,
      temperature: 0,
      tool_choice: { type: 'function', name: 'ls' },
      tools: [{ type: 'function', name: 'ls', parameters: {}, strict: true }],
      top_p: 0.5,
      truncation: 'auto',
      user: 'u',
    }
    expect(read(sent).wishes.echo).toEqual({ ...echo, ...sent })
  })

  it('is whole where the client sent a part', () => {
    const { wishes } = read({ reasoning: { effort: 'low' }, text: { verbosity: 'low' } })
    expect(wishes.echo).toMatchObject({
      reasoning: { effort: 'low', summary: null },
      text: { format: { type: 'text' }, verbosity: 'low' },
    })
  })

  it('names the answer that was gone on from', () => {
    const { wishes } = read({ previous_response_id: { resolved: 'resp_1' } })
    expect(wishes.echo['previous_response_id']).toBe('resp_1')
  })
})

describe('a summary in place of a conversation', () => {
  const tools = [{ type: 'function', name: 'ls' }]
  const input = [hi, { role: 'assistant', content: 'hello' }]

  it('is asked of the model by the last item', () => {
    const { conversation, wishes, ignored } = read({
      input: [...input, { type: 'compaction_trigger' }],
      tools,
      max_output_tokens: 5,
      text: { format: { type: 'json_object' } },
    })
    expect(wishes.compaction).toBe('item')
    expect(ignored).toEqual([])
    expect(conversation).toMatchObject({
      toolChoice: { kind: 'none' },
      responseFormat: { kind: 'text' },
      limits: { stopSequences: [] },
      turns: [
        { role: 'user' },
        { role: 'assistant' },
        { role: 'user', parts: [{ text: expect.stringContaining('summary') }] },
      ],
    })
  })

  it('is asked for by no other item', () => {
    const { wishes, ignored } = read({ input: [{ type: 'compaction_trigger' }, hi] })
    expect(wishes).not.toHaveProperty('compaction')
    expect(ignored).toEqual(['input.compaction_trigger'])
  })

  it('is asked for by a route of its own, and comes in one piece', () => {
    const body = { model: 'm', input, stream: true, store: true }
    const request = openaiCompact.readRequest(body, {})
    expect(request).toMatchObject({ stream: false, isKept: false })
    expect(request.conversation.turns).toHaveLength(3)
    expect(readResponses(body, {}, 'document').wishes.compaction).toBe('document')
  })

  it('is told to the model later', () => {
    const compaction = { type: 'compaction', id: 'cmp_1', encrypted_content: sealSummary('We said hi.') }
    const { conversation, ignored } = read({ input: [compaction, hi] })
    const [turn] = conversation.turns
    expect(turn?.parts).toEqual([
      text(
        'Earlier parts of this conversation were taken out. This summary stands in their place:\n\n<summary>\nWe said hi.\n</summary>',
      ),
      text('hi'),
    ])
    expect(ignored).toEqual([])
  })

  it.each(['compaction', 'compaction_summary', 'context_compaction'])(
    'that another service sealed is left out and named: %s',
    (type) => {
      const { conversation, ignored } = read({ input: [{ type, encrypted_content: 'gAAAA' }, hi] })
      expect(conversation.turns).toEqual([{ role: 'user', parts: [text('hi')] }])
      expect(ignored).toEqual([`input.${type}`])
    },
  )
})

describe('the count of tokens', () => {
  it('needs no model', () => {
    const prompt = openaiResponses.tokenCounting?.readPrompt({ input: 'hi', instructions: 'a' }, {})
    expect(prompt).toMatchObject({ model: '', system: 'a', turns: [{ role: 'user', parts: [text('hi')] }] })
  })

  it('is told in the words of the API', () => {
    expect(openaiResponses.tokenCounting?.writeCount(5)).toEqual({
      object: 'response.input_tokens',
      input_tokens: 5,
    })
  })
})

describe('requests of real clients', () => {
  const codexTools = [
    'exec_command',
    'write_stdin',
    'request_user_input',
    'view_image',
    ...['close_agent', 'resume_agent', 'send_input', 'spawn_agent', 'wait_agent'].map(
      (name) => `multi_agent_v1__${name}`,
    ),
    'get_goal',
    'create_goal',
    'update_goal',
  ]
  const always = ['client_metadata', 'tools.web_search']

  it.each([
    ['codex-0.169-first-turn', ['user'], codexTools, always],
    ['codex-0.169-tool-result', ['user', 'assistant', 'user'], codexTools, always],
    ['codex-0.169-image', ['user'], codexTools, [...always, 'input.content.input_image.detail']],
    ['codex-0.169-output-schema', ['user'], codexTools, always],
    ['codex-0.169-compaction', ['user', 'assistant', 'user'], [], ['client_metadata']],
    [
      'codex-0.169-gpt-5.5-custom-tools',
      ['user'],
      [
        'exec_command',
        'write_stdin',
        'request_user_input',
        'apply_patch',
        'view_image',
        'get_goal',
        'create_goal',
        'update_goal',
      ],
      [...always, 'text.verbosity', 'tools.tool_search'],
    ],
    [
      'codex-0.169-gpt-6-sol-additional-tools',
      ['user'],
      [
        'functions__exec',
        'functions__wait',
        'functions__request_user_input',
        'functions__request_user_input_async',
        'clock__sleep',
        'collaboration__followup_task',
        'collaboration__interrupt_agent',
        'collaboration__list_agents',
        'collaboration__send_message',
        'collaboration__spawn_agent',
        'collaboration__wait_agent',
      ],
      ['client_metadata', 'text.verbosity', 'reasoning.context'],
    ],
    [
      'opencode-1.18.33-responses',
      ['user'],
      ['bash', 'edit', 'glob', 'grep', 'read', 'skill', 'task', 'todowrite', 'webfetch', 'write'],
      [],
    ],
  ])('are read: %s', (name, roles, tools, ignored) => {
    const { body, headers } = readClientRequest(name)
    const { conversation, ...request } = readResponses(body, headers)
    expect(conversation.system.length).toBeGreaterThan(1000)
    expect(conversation.turns.map(({ role }) => role)).toEqual(roles)
    expect(conversation.tools.map((tool) => tool.name)).toEqual(tools)
    expect(new Set(request.ignored)).toEqual(new Set(ignored))
    expect(request).toMatchObject({ stream: true, isKept: false })
    expect(request.wishes).toMatchObject({
      isCodex: name.startsWith('codex'),
      sealedReasoning: name.startsWith('codex'),
    })
  })

  it('bring images with them', () => {
    const { body, headers } = readClientRequest('codex-0.169-image')
    const kinds = readResponses(body, headers)
      .conversation.turns.at(-1)
      ?.parts.map(({ kind }) => kind)
    expect(kinds).toContain('image')
  })

  it('bring schemas with them', () => {
    const { body, headers } = readClientRequest('codex-0.169-output-schema')
    expect(readResponses(body, headers).conversation.responseFormat).toMatchObject({
      kind: 'json-schema',
      schema: { required: ['a'] },
    })
  })

  it('are answered by the names that the client has for its tools', () => {
    const { body, headers } = readClientRequest('codex-0.169-gpt-6-sol-additional-tools')
    const { tools } = readResponses(body, headers).wishes
    expect(tools.get('functions__exec')).toEqual({ kind: 'custom', name: 'exec', namespace: 'functions' })
    expect(tools.get('functions__wait')).toEqual({ kind: 'function', name: 'wait', namespace: 'functions' })
  })
})

describe('aliases', () => {
  it.each([
    ['/v1/responses/resp_1', true],
    ['/responses', true],
    ['/openai/v1/responses/x/y', true],
    ['/v1/v1/responses', true],
    ['/v1/responsesque', false],
    ['/v1/chat/completions', false],
  ])('are recognised: %s', (path, expected) => {
    expect(openaiResponses.recognises(path, {})).toBe(expected)
  })
})
