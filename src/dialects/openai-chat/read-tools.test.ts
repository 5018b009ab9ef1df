import { describe, expect, it } from 'vitest'
import { readChat, type ReadChat } from './read-request.ts'

function read(change: Record<string, unknown>): ReadChat {
  const messages = [{ role: 'user', content: 'hi' }]
  return readChat({ model: 'claude-sonnet-4.5', messages, ...change }, {})
}

const parameters = { type: 'object', properties: { city: { type: 'string' } } }
const nothing = { type: 'object', properties: {} }
const weather = { name: 'get_weather', description: 'Tells the weather.' }
const declared = { ...weather, inputSchema: parameters }

describe('tools', () => {
  it.each([
    ['OpenAI', { type: 'function', function: { ...weather, parameters } }],
    ['OpenAI, without a type', { function: { ...weather, parameters } }],
    ['n8n', { type: 'function', function: weather, parameters }],
    ['the Responses API', { type: 'function', ...weather, parameters, strict: true }],
    ['the Responses API, without a type', { type: null, ...weather, parameters }],
    ['Anthropic', { ...weather, input_schema: parameters }],
    ['Anthropic, with a type', { type: 'custom', ...weather, input_schema: parameters }],
    ['a mixture', { type: 'function', function: { ...weather, input_schema: parameters } }],
  ])('are read in the shape of %s', (_, tool) => {
    const { conversation, toolForms, fieldsOfLoss } = read({ tools: [tool] })
    expect(conversation.tools).toEqual([declared])
    expect(toolForms).toEqual({ custom: new Set(), legacy: false })
    expect(fieldsOfLoss['tool-schema']).toHaveLength(1)
  })

  it.each([undefined, null, 'none', [], 7, true])('have no parameters when those are %j', (odd) => {
    const tools = [{ type: 'function', function: { name: 'now', parameters: odd } }]
    expect(read({ tools }).conversation.tools).toEqual([
      { name: 'now', description: '', inputSchema: nothing },
    ])
  })

  it.each([
    [{ type: 'web_search_preview' }, 'tools.web_search_preview'],
    [{ type: 'web_search_20250305', name: 'web_search', max_uses: 3 }, 'tools.web_search_20250305'],
    [{ type: 'code_interpreter', container: { type: 'auto' } }, 'tools.code_interpreter'],
    [{ type: 'mcp', server_label: 'a', server_url: 'https://example.com' }, 'tools.mcp'],
    [{ type: 'bad,\r\nname', function: { name: 'a' } }, 'tools.badname'],
    [{ type: 5, name: 'a' }, 'tools.unknown'],
  ])('that nobody here can run are left out and named: %j', (tool, name) => {
    const { conversation, ignored } = read({ tools: [tool, { name: 'ls' }] })
    expect(conversation.tools.map((each) => each.name)).toEqual(['ls'])
    expect(ignored).toEqual([name])
  })

  it('may have one name twice', () => {
    const tools = [{ name: 'ls' }, { name: 'ls' }]
    expect(read({ tools }).conversation.tools).toHaveLength(2)
  })

  it.each([
    [{}, 'tools.0.function'],
    [{ type: 'function', function: {} }, 'tools.0.function.name'],
    [{ type: 'function', name: '' }, 'tools.0.name'],
    [{ type: 'custom', custom: {} }, 'tools.0.custom.name'],
    [{ type: 'custom' }, 'tools.0.custom'],
    ['ls', 'tools.0'],
  ])('without a name are refused: %j', (tool, field) => {
    const failure = expect.objectContaining({ kind: 'invalid-request', field })
    expect(() => read({ tools: [tool] })).toThrow(expect.objectContaining({ failure }))
  })
})

describe('custom tools', () => {
  const definition = 'start: /[a-z]+/'
  const inputSchema = {
    type: 'object',
    properties: { input: { type: 'string', description: expect.any(String) } },
    required: ['input'],
  }

  it.each([
    [{ name: 'run' }, /^Takes free text, as `input`\.$/],
    [{ name: 'run', description: 'Runs code.', format: { type: 'text' } }, /^Runs code\.\n\nTakes free text/],
    [
      { name: 'run', format: { type: 'grammar', grammar: { syntax: 'lark', definition } } },
      /follow this grammar \(lark\):\nstart: \/\[a-z\]\+\/$/,
    ],
    [
      { name: 'run', format: { type: 'grammar', syntax: 'regex', definition: 'a+' } },
      /follow this grammar \(regex\):\na\+$/,
    ],
  ])('are declared as functions of one text: %j', (custom, description) => {
    for (const tool of [
      { type: 'custom', custom },
      { type: 'custom', ...custom },
    ]) {
      const { conversation, toolForms, ignored } = read({ tools: [tool] })
      expect(conversation.tools).toEqual([
        { name: 'run', description: expect.stringMatching(description), inputSchema },
      ])
      expect(toolForms).toEqual({ custom: new Set(['run']), legacy: false })
      expect(ignored).toEqual([])
    }
  })

  it.each([
    [['custom', 'function'], ['run']],
    [['function', 'custom'], []],
  ])('give their form to calls when the first of one name is theirs: %j', (types, custom) => {
    const tools = types.map((type) => ({ type, [type]: { name: 'run' } }))
    expect([...read({ tools }).toolForms.custom]).toEqual(custom)
  })
})

describe('functions of before there were tools', () => {
  const functions = [{ ...weather, parameters }]

  it('are read as tools, one call in an answer', () => {
    const { conversation, toolForms, fieldsOfLoss, ignored } = read({ functions, function_call: 'auto' })
    expect(conversation).toMatchObject({
      tools: [declared],
      toolChoice: { kind: 'auto' },
      parallelToolCalls: false,
    })
    expect(toolForms).toEqual({ custom: new Set(), legacy: true })
    expect(fieldsOfLoss).toEqual({ 'tool-schema': ['functions.parameters'] })
    expect(ignored).toEqual([])
  })

  it('may be forbidden', () => {
    expect(read({ functions, function_call: 'none' }).conversation.toolChoice).toEqual({ kind: 'none' })
  })

  it('beside tools are answered as tools', () => {
    const { conversation, toolForms } = read({ functions, tools: [{ name: 'ls' }] })
    expect(conversation.tools.map(({ name }) => name)).toEqual(['ls', 'get_weather'])
    expect(conversation.parallelToolCalls).toBe(true)
    expect(toolForms.legacy).toBe(false)
  })

  it('are not meant by a client that lists none', () => {
    expect(read({ functions: [] }).toolForms.legacy).toBe(false)
  })
})

describe('the choice of tools', () => {
  const tools = [{ name: 'ls' }, { name: 'cat' }, { type: 'custom', custom: { name: 'run' } }]
  const server = [{ type: 'web_search_20250305', name: 'web_search' }]
  const listed = [
    { type: 'function', function: { name: 'cat' } },
    { type: 'custom', custom: { name: 'run' } },
    { type: 'function', name: 'unheard_of' },
  ]

  it.each([
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: listed } }, ['cat', 'run']],
    [{ type: 'allowed_tools', mode: 'auto', tools: [{ type: 'function', name: 'ls' }] }, ['ls']],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'auto', tools: [] } }, []],
    [{ type: 'auto' }, ['ls', 'cat', 'run']],
  ])('leaves those that it allows: %j', (tool_choice, names) => {
    const { conversation, ignored } = read({ tools, tool_choice })
    expect(conversation.tools.map(({ name }) => name)).toEqual(names)
    expect(conversation.toolChoice).toEqual({ kind: 'auto' })
    expect(ignored).toEqual([])
  })

  it.each([
    [server, 'required'],
    [server, { type: 'any' }],
    [server, { type: 'tool', name: 'web_search' }],
    [[...tools, ...server], { type: 'web_search_20250305' }],
    [[...tools, ...server], { type: 'function', function: { name: 'web_search' } }],
    [server, { type: 'allowed_tools', mode: 'required', tools: [{ type: 'web_search_20250305' }] }],
  ])('that means only tools that were left out, %j by %j, is named', (given, tool_choice) => {
    const { conversation, ignored } = read({ tools: given, tool_choice })
    expect(conversation.toolChoice).toEqual({ kind: 'auto' })
    expect(ignored).toContain('tool_choice')
  })

  it.each([
    [{ tool_choice: 'required' }, { kind: 'any' }],
    [{ tool_choice: { type: 'any' } }, { kind: 'any' }],
    [{ tool_choice: { type: 'custom', custom: { name: 'run' } } }, { kind: 'one', name: 'run' }],
    [{ tool_choice: { type: 'function', name: 'unheard_of' } }, { kind: 'one', name: 'unheard_of' }],
    [{ tool_choice: { type: 'allowed_tools', mode: 'required', tools: listed } }, { kind: 'any' }],
    [{ tool_choice: 'required', tools: null }, { kind: 'any' }],
    [{ function_call: { name: 'ls' } }, { kind: 'one', name: 'ls' }],
  ])('that insists on a call is read: %j', (change, toolChoice) => {
    const { conversation, ignored } = read({ tools: [...tools, ...server], ...change })
    expect(conversation.toolChoice).toEqual(toolChoice)
    expect(ignored).not.toContain('tool_choice')
  })

  it.each([
    [{ tool_choice: 'sometimes' }, 'tool_choice'],
    [{ tool_choice: 5 }, 'tool_choice'],
    [{ function_call: 'sometimes' }, 'function_call'],
  ])('that nobody understands is refused: %j', (change, field) => {
    const failure = expect.objectContaining({ kind: 'invalid-request', field, code: 'unsupported_value' })
    expect(() => read({ tools: [...tools, ...server], ...change })).toThrow(
      expect.objectContaining({ failure }),
    )
  })

  it('counts before that of functions, which is named', () => {
    const { conversation, ignored } = read({ tools, tool_choice: 'none', function_call: { name: 'ls' } })
    expect(conversation.toolChoice).toEqual({ kind: 'none' })
    expect(ignored).toEqual(['function_call'])
  })
})
