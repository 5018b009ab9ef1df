import { describe, expect, it } from 'vitest'
import { readRequest } from './read-request.ts'

type Json = Record<string, unknown>

const hi = { role: 'user', content: 'hi' }
const read = (change: Json) => readRequest({ model: 'm', max_tokens: 1, messages: [hi], ...change }, {})
const namesOf = (change: Json) => read(change).conversation.tools.map(({ name }) => name)
const empty = { type: 'object', properties: {} }
const change = (type: string, tool: Json) => ({ role: 'system', content: [{ type, tool }] })
const reference = (name: string) => ({ type: 'tool_reference', name })
const defined = (definition: Json) => ({ type: 'tool_definition', definition })
const refused = (field: string) =>
  expect.objectContaining({ failure: expect.objectContaining({ kind: 'invalid-request', field }) })

describe('a tool of the client', () => {
  it.each<[Json, Json, string[]]>([
    [{ name: 'a' }, empty, []],
    [{ name: 'a', input_schema: null }, empty, ['tools.input_schema']],
    [{ name: 'a', input_schema: [] }, empty, ['tools.input_schema']],
    [{ type: 'custom', name: 'a', input_schema: 'string' }, empty, ['tools.input_schema']],
    [{ type: 'later', name: 'a', input_schema: { type: 'string' } }, { type: 'string' }, []],
  ])('%j has the input schema %j', (tool, inputSchema, ignored) => {
    const request = read({ tools: [tool] })
    expect(request.conversation.tools).toEqual([{ name: 'a', description: '', inputSchema }])
    expect(request.ignored).toEqual(ignored)
  })

  it.each([
    [{ type: 'bash_20250124', name: 'bash' }, ['command', 'restart']],
    [{ type: 'bash_20241022', name: 'shell' }, ['command', 'restart']],
    [
      { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool' },
      ['command', 'path', 'view_range', 'file_text', 'old_str', 'insert_line', 'new_str', 'insert_text'],
    ],
    [
      { type: 'text_editor_20250124', name: 'str_replace_editor' },
      ['command', 'path', 'view_range', 'file_text', 'old_str', 'insert_line', 'new_str'],
    ],
    [
      { type: 'memory_20250818', name: 'memory' },
      [
        'command',
        'path',
        'view_range',
        'file_text',
        'old_str',
        'insert_line',
        'new_str',
        'insert_text',
        'old_path',
        'new_path',
      ],
    ],
  ])('that Anthropic defined is declared with a schema: %j', (tool, members) => {
    const request = read({ tools: [{ ...tool, cache_control: { type: 'ephemeral' } }] })
    const [declared] = request.conversation.tools
    expect(declared).toMatchObject({
      name: tool.name,
      description: expect.stringMatching(/./),
      inputSchema: { type: 'object' },
      cacheMark: {},
    })
    expect(Object.keys(declared?.inputSchema['properties'] ?? {})).toEqual(members)
    expect(request.ignored).toEqual([])
  })

  it.each([
    ['text_editor_20250124', true],
    ['text_editor_20250728', false],
  ])('%s can undo: %s', (type, canUndo) => {
    const [editor] = read({ tools: [{ type }] }).conversation.tools
    expect(JSON.stringify(editor).includes('undo_edit')).toBe(canUndo)
  })

  it('counts once by its name, the first one', () => {
    const tools = [
      { name: 'a', description: 'first' },
      { name: 'a', description: 'second' },
    ]
    expect(read({ tools }).conversation.tools).toMatchObject([{ description: 'first' }])
  })
})

describe('a tool of a server', () => {
  it.each([
    ['web_fetch_20260318', 'web_fetch'],
    ['code_execution_20260521', 'code_execution'],
    ['computer_20251124', 'computer'],
    ['computer_toolset_20260801', undefined],
    ['browser_toolset_20260801', undefined],
    ['tool_search_tool_bm25_20251119', 'tool_search_tool_bm25'],
    ['mcp_toolset', undefined],
    ['nobody_knows_this', 'x'],
    ['bash', 'bash'],
  ])('%s is left out and named', (type, name) => {
    const request = read({ tools: [{ type, name }, { name: 'a' }] })
    expect(request.conversation.tools).toHaveLength(1)
    expect(request.ignored).toEqual([`tools.${type}`])
  })

  it('is named in letters that a header can carry', () => {
    const tools = [
      { type: 'Évil\r\nx: y' },
      { type: '' },
      ...Array.from({ length: 50 }, (_, n) => ({ type: `t${n}` })),
    ]
    const { ignored } = read({ tools })
    expect(ignored.slice(0, 2)).toEqual(['tools.vilxy', 'tools.unknown'])
    expect(ignored).toHaveLength(20)
  })

  it('may be the only one that the choice can mean; then the model answers as it likes', () => {
    const fetching = { type: 'web_fetch_20260318', name: 'web_fetch' }
    for (const choice of [{ type: 'tool', name: 'web_fetch' }, { type: 'any' }]) {
      const { conversation, ignored } = read({ tools: [fetching], tool_choice: choice })
      expect(conversation).toMatchObject({ tools: [], toolChoice: { kind: 'auto' } })
      expect(ignored).toEqual(['tools.web_fetch_20260318', 'tool_choice'])
    }
  })

  it.each([
    [{ type: 'any' }, { kind: 'any' }],
    [
      { type: 'tool', name: 'a' },
      { kind: 'one', name: 'a' },
    ],
    [
      { type: 'tool', name: 'b' },
      { kind: 'one', name: 'b' },
    ],
  ])('leaves the choice %j of others as it is', (tool_choice, toolChoice) => {
    const tools = [{ type: 'web_fetch_20260318', name: 'web_fetch' }, { name: 'a' }]
    const { conversation, ignored } = read({ tool_choice, tools })
    expect(conversation.toolChoice).toEqual(toolChoice)
    expect(ignored).not.toContain('tool_choice')
  })

  it('does not make a choice readable that nobody knows', () => {
    expect(() => read({ tool_choice: { type: 'later' }, tools: [{ type: 'mcp_toolset' }] })).toThrow(
      refused('tool_choice.type'),
    )
  })
})

describe('the tool that searches the web', () => {
  const type = 'web_search_20260209'

  it('is one like any other, which the gateway runs', () => {
    const rules = { max_uses: 3, allowed_domains: ['a.example'], blocked_domains: null }
    const { conversation, ignored, fieldsOfLoss } = read({ tools: [{ type, name: 'web_search', ...rules }] })
    expect(conversation.tools).toMatchObject([
      {
        name: 'web_search',
        inputSchema: { required: ['query'] },
        serverRun: { kind: 'web-search', maxUses: 3, allowedDomains: ['a.example'] },
      },
    ])
    expect(ignored).toEqual([])
    expect(fieldsOfLoss).toMatchObject({ 'web-search': [`tools.${type}`] })
  })

  it('may be demanded', () => {
    const choice = { type: 'tool', name: 'web_search' }
    const { conversation } = read({ tools: [{ type, name: 'web_search' }], tool_choice: choice })
    expect(conversation.toolChoice).toEqual({ kind: 'one', name: 'web_search' })
  })

  it('is the client’s own where it brings a schema', () => {
    const { conversation } = read({ tools: [{ type, name: 'web_search', input_schema: { type: 'object' } }] })
    expect(conversation.tools).toEqual([
      { name: 'web_search', description: '', inputSchema: { type: 'object' } },
    ])
  })

  it.each([
    [{ max_uses: -1 }, 'tools.0.max_uses'],
    [{ allowed_domains: 'a.example' }, 'tools.0.allowed_domains'],
    [{ blocked_domains: [''] }, 'tools.0.blocked_domains.0'],
  ])('is refused with %j', (rules, field) => {
    expect(() => read({ tools: [{ type, name: 'web_search', ...rules }] })).toThrow(refused(field))
  })

  it('names the place of the user, which goes nowhere', () => {
    const tool = { type, name: 'web_search', user_location: { type: 'approximate', city: 'Riga' } }
    expect(read({ tools: [tool] }).ignored).toEqual(['tools.user_location'])
  })
})

describe('tools that change in the midst of a conversation', () => {
  const tools = [{ name: 'a' }, { name: 'b' }]

  it.each<[string, unknown[], string[], string[]]>([
    ['added by definition', [change('tool_addition', defined({ name: 'c' }))], ['a', 'b', 'c'], []],
    [
      'added by definition, run by a server',
      [change('tool_addition', defined({ type: 'web_fetch_20260318', name: 'w' }))],
      ['a', 'b'],
      ['tools.web_fetch_20260318'],
    ],
    ['removed', [change('tool_removal', reference('a'))], ['b'], []],
    [
      'removed and added again',
      [change('tool_removal', reference('a')), change('tool_addition', reference('a'))],
      ['a', 'b'],
      [],
    ],
    [
      'unknown',
      [change('tool_addition', reference('x')), change('tool_removal', reference('x'))],
      ['a', 'b'],
      ['messages.content.tool_addition', 'messages.content.tool_removal'],
    ],
    [
      'those of an MCP server',
      [change('tool_addition', { type: 'mcp_tool_reference', name: 'a', server_name: 's' })],
      ['a', 'b'],
      ['messages.content.tool_addition'],
    ],
    [
      'changed by a summary',
      [
        {
          role: 'user',
          content: [
            {
              type: 'compaction',
              content: 'a',
              tool_changes: [{ type: 'tool_removal', tool: reference('b') }],
            },
          ],
        },
      ],
      ['a'],
      [],
    ],
  ])('are %s', (_, messages, names, ignored) => {
    const body = { tools, messages: [hi, ...messages] }
    expect(namesOf(body)).toEqual(names)
    expect(read(body).ignored).toEqual(ignored)
  })

  it('are refused by their path when they are misshapen', () => {
    const bad = change('tool_addition', defined({ name: '' }))
    expect(() => read({ messages: [hi, bad] })).toThrow(refused('messages.1.content.0.tool.definition.name'))
    expect(() => read({ messages: [hi, { role: 'system', content: [{ type: 'tool_removal' }] }] })).toThrow(
      refused('messages.1.content.0.tool'),
    )
  })
})
