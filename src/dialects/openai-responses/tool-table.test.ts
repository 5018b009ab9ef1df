import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readResponses, type ReadResponses } from './read-request.ts'

function read(change: Record<string, unknown>): ReadResponses {
  return readResponses({ model: 'claude-sonnet-4.5', input: 'hi', ...change }, {})
}

const parameters = { type: 'object', properties: { city: { type: 'string' } } }
const weather = { type: 'function', name: 'get_weather', description: 'Tells the weather.', parameters }
const ls = { type: 'function', name: 'ls' }
const run = { type: 'custom', name: 'run' }
const agents = { type: 'namespace', name: 'agents', description: 'For others.', tools: [ls, run] }

const namesOf = ({ conversation }: ReadResponses) => conversation.tools.map(({ name }) => name)

describe('tools', () => {
  it('are counted before any is given a name, and so is what a choice names', () => {
    const many = Array.from({ length: 1025 }, (_, index) => ({ ...ls, name: `tool_${index}` }))
    // However a row of underscores is cut in two, it is joined to the same name.
    const alike = many.map((tool, index) => {
      const inside = { ...tool, name: '_'.repeat(2000 - index) }
      return { type: 'namespace', name: '_'.repeat(1 + index), tools: [inside] }
    })
    expect(() => read({ tools: alike })).toThrow('tools: At most 1024 tools are taken, and these are 1025')
    const choice = { type: 'allowed_tools', mode: 'auto', tools: many }
    expect(() => read({ tools: [ls], tool_choice: choice })).toThrow(
      'tool_choice.tools: At most 1024 tools are taken',
    )
  })

  it('are declared as they come', () => {
    const { conversation, wishes, fieldsOfLoss } = read({ tools: [weather] })
    expect(conversation.tools).toEqual([
      { name: 'get_weather', description: 'Tells the weather.', inputSchema: parameters },
    ])
    expect(wishes.tools).toEqual(new Map([['get_weather', { kind: 'function', name: 'get_weather' }]]))
    expect(fieldsOfLoss['tool-schema']).toEqual(['tools.parameters'])
  })

  it('that take a text are declared with an object that holds it', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'start: "a"' }
    const { conversation, wishes } = read({ tools: [{ ...run, description: 'Runs.', format }] })
    expect(conversation.tools).toEqual([
      {
        name: 'run',
        description: expect.stringMatching(/^Runs\.\n\n.*grammar \(lark\):\nstart: "a"$/s),
        inputSchema: expect.objectContaining({ required: ['input'] }),
      },
    ])
    expect(wishes.tools).toEqual(new Map([['run', { kind: 'custom', name: 'run' }]]))
  })

  it('of a namespace are declared by one name each', () => {
    const { conversation, wishes } = read({ tools: [agents] })
    expect(conversation.tools).toMatchObject([
      { name: 'agents__ls', description: 'For others.' },
      { name: 'agents__run', description: expect.stringMatching(/For others\.$/) },
    ])
    expect(wishes.tools).toEqual(
      new Map([
        ['agents__ls', { kind: 'function', name: 'ls', namespace: 'agents' }],
        ['agents__run', { kind: 'custom', name: 'run', namespace: 'agents' }],
      ]),
    )
  })

  it('of a namespace get names that are no longer than models take', () => {
    const long = 'n'.repeat(60)
    const tools = ['list_all', 'list_one'].map((name) => ({ type: 'function', name }))
    const names = namesOf(read({ tools: [{ type: 'namespace', name: long, tools }] }))
    expect(new Set(names).size).toBe(2)
    for (const name of names) expect(name).toMatch(/^n{55}_[0-9a-f]{8}$/)
  })

  it('of a namespace may all come to the same name', () => {
    const tools = Array.from({ length: 1000 }, (_, index) => ({
      type: 'namespace',
      name: '_'.repeat(index + 1),
      tools: [{ type: 'function', name: '_'.repeat(2000 - index) }],
    }))
    const names = namesOf(read({ tools }))
    expect(new Set(names).size).toBe(1000)
    expect(names.filter((name) => name.length > 64)).toEqual([])
    expect(names.at(-1)).toMatch(/_1000$/)
  })

  it('keep the name that the client chose, whatever is made up beside it', () => {
    const own = { type: 'function', name: 'agents__ls' }
    const other = { type: 'function', name: 'shell' }
    const { wishes } = read({ tools: [agents, { type: 'shell' }, own, other] })
    expect([...wishes.tools.keys()]).toEqual([
      'agents__ls_2',
      'agents__run',
      'shell_2',
      'agents__ls',
      'shell',
    ])
    expect(wishes.tools.get('agents__ls')).toEqual({ kind: 'function', name: 'agents__ls' })
    expect(wishes.tools.get('shell_2')).toEqual({ kind: 'shell' })
  })

  it.each([
    ['local_shell', 'local-shell', ['command']],
    ['shell', 'shell', ['commands']],
    ['apply_patch', 'apply-patch', ['type', 'path']],
  ])('that OpenAI describes itself are described here: %s', (type, kind, required) => {
    const { conversation, wishes, ignored } = read({ tools: [{ type }] })
    expect(conversation.tools).toMatchObject([{ name: type, inputSchema: { type: 'object', required } }])
    expect(wishes.tools).toEqual(new Map([[type, { kind }]]))
    expect(ignored).toEqual([])
  })

  it.each([
    [{ type: 'web_search', external_web_access: false }, 'tools.web_search'],
    [{ type: 'web_search_preview', external_web_access: false }, 'tools.web_search_preview'],
    [{ type: 'file_search', vector_store_ids: ['vs_1'] }, 'tools.file_search'],
    [{ type: 'code_interpreter', container: { type: 'auto' } }, 'tools.code_interpreter'],
    [{ type: 'image_generation' }, 'tools.image_generation'],
    [{ type: 'mcp', server_label: 'a', server_url: 'https://example.com' }, 'tools.mcp'],
    [{ type: 'computer_use_preview', display_width: 1 }, 'tools.computer_use_preview'],
    [{ type: 'tool_search', execution: 'client' }, 'tools.tool_search'],
    [{ type: 'xyz' }, 'tools.xyz'],
  ])('that nobody here can run are left out and named: %j', (tool, name) => {
    const request = read({ tools: [tool, ls] })
    expect(namesOf(request)).toEqual(['ls'])
    expect(request.ignored).toEqual([name])
  })

  it.each(['additional_tools', 'tool_search_output'])('may be declared by an item: %s', (type) => {
    const item = { type, role: 'developer', tools: [agents, ls] }
    const request = read({ input: [item, { role: 'user', content: 'hi' }], tools: [weather] })
    expect(namesOf(request)).toEqual(['get_weather', 'agents__ls', 'agents__run', 'ls'])
    expect(request.ignored).toEqual([])
  })

  it('are declared once, as they came first', () => {
    const again = { type: 'custom', name: 'ls' }
    const request = read({ tools: [ls, agents, again, agents, { type: 'shell' }, { type: 'shell' }] })
    expect(namesOf(request)).toEqual(['ls', 'agents__ls', 'agents__run', 'shell'])
    expect(request.wishes.tools.get('ls')).toEqual({ kind: 'function', name: 'ls' })
  })

  it.each([
    [{ ...ls, strict: true }, ['tools.strict']],
    [{ ...ls, strict: false, defer_loading: true }, ['tools.defer_loading']],
    [{ ...agents, tools: [{ ...ls, strict: true }] }, ['tools.strict']],
    [{ type: 'shell', environment: { type: 'local' } }, ['tools.shell.environment']],
  ])('name what of them is not carried: %j', (tool, expected) => {
    expect(read({ tools: [tool] }).ignored).toEqual(expected)
  })
})

/** Few names, so that they meet, and long ones. */
const name = fc.oneof(
  fc.constantFrom('a', 'b', 'a__b', 'b__a', 'shell', 'a__a__b', 'apply_patch', 'shell_2'),
  fc.constantFrom('a', 'b').map((letter) => letter.repeat(70)),
)
const plain = fc.record({ type: fc.constantFrom('function', 'custom'), name })
const anyTool = fc.oneof(
  plain,
  fc.record({ type: fc.constant('namespace'), name, tools: fc.array(plain, { maxLength: 4 }) }),
  fc.record({ type: fc.constantFrom('shell', 'local_shell', 'apply_patch', 'web_search') }),
)

describe('the names that the model gets to know', () => {
  it('are one for each tool, and lead back to it', () => {
    fc.assert(
      fc.property(fc.array(anyTool, { maxLength: 8 }), (tools) => {
        const request = read({ tools })
        const names = namesOf(request)
        expect(new Set(names).size).toBe(names.length)
        expect(names).toEqual([...request.wishes.tools.keys()])
        const clientTools = [...request.wishes.tools.values()].map((tool) => JSON.stringify(tool))
        expect(new Set(clientTools).size).toBe(clientTools.length)
        const strange = [...request.wishes.tools].filter(([known, tool]) =>
          'name' in tool && tool.namespace === undefined ? tool.name !== known : known.length > 64,
        )
        expect(strange).toEqual([])
      }),
    )
  })

  it('are those of the calls that come back', () => {
    fc.assert(
      fc.property(fc.array(anyTool, { minLength: 1, maxLength: 8 }), (tools) => {
        for (const [known, tool] of read({ tools }).wishes.tools) {
          if (!('name' in tool)) continue
          const type = tool.kind === 'custom' ? 'custom_tool_call' : 'function_call'
          const { kind: _, ...names } = tool
          const call = { type, call_id: 'c', ...names }
          const turn = read({ tools, input: [call] }).conversation.turns.at(-1)
          expect(turn?.parts).toMatchObject([{ kind: 'tool-use', name: known }])
        }
      }),
    )
  })
})

describe('the choice of a tool', () => {
  const tools = [ls, agents, { type: 'apply_patch' }, { type: 'file_search' }]

  it.each([
    ['auto', { kind: 'auto' }],
    ['none', { kind: 'none' }],
    ['required', { kind: 'any' }],
    [null, { kind: 'auto' }],
    [
      { type: 'function', name: 'ls' },
      { kind: 'one', name: 'ls' },
    ],
    [
      { type: 'function', name: 'ls', namespace: 'agents' },
      { kind: 'one', name: 'agents__ls' },
    ],
    [
      { type: 'custom', name: 'run' },
      { kind: 'one', name: 'agents__run' },
    ],
    [{ type: 'apply_patch' }, { kind: 'one', name: 'apply_patch' }],
    [
      { type: 'function', name: 'unheard' },
      { kind: 'one', name: 'unheard' },
    ],
  ])('is read: %j', (choice, expected) => {
    const { conversation, ignored } = read({ tools, tool_choice: choice })
    expect(conversation.toolChoice).toEqual(expected)
    expect(conversation.tools).toHaveLength(4)
    expect(ignored).toEqual(['tools.file_search'])
  })

  it.each([
    ['auto', { kind: 'auto' }],
    ['required', { kind: 'any' }],
  ])('may be among some: %s', (mode, expected) => {
    const named = [{ type: 'function', name: 'ls' }, { type: 'apply_patch' }, { type: 'file_search' }]
    const request = read({ tools, tool_choice: { type: 'allowed_tools', mode, tools: named } })
    expect(request.conversation.toolChoice).toEqual(expected)
    expect(namesOf(request)).toEqual(['ls', 'apply_patch'])
  })

  it('may be among those of a namespace', () => {
    const request = read({ tools, tool_choice: { type: 'namespace', name: 'agents' } })
    expect(request.conversation.toolChoice).toEqual({ kind: 'any' })
    expect(namesOf(request)).toEqual(['agents__ls', 'agents__run'])
  })

  it.each([[{ type: 'file_search' }], [{ type: 'mcp', server_label: 'a', name: 'b' }]])(
    'counts as auto where it means a tool that is left out, and is named: %j',
    (choice) => {
      const { conversation, ignored } = read({
        tools: [...tools, { type: 'mcp', server_label: 'a' }],
        tool_choice: choice,
      })
      expect(conversation.toolChoice).toEqual({ kind: 'auto' })
      expect(ignored).toContain('tool_choice')
    },
  )
})
