import { describe, expect, it } from 'vitest'
import { describeServerBlock } from './describe-server-block.ts'
import { readRequest } from './read-request.ts'

type Block = { type: string } & Record<string, unknown>

const deep = (levels: number) => ({
  type: 'a_tool_result',
  content: JSON.parse(`${'['.repeat(levels)}"end"${']'.repeat(levels)}`),
})
const call = (content: unknown) => ({ tool_use_id: 'srvtoolu_1', content })

describe('what a server tool left in the history', () => {
  it.each<[Block, string]>([
    [
      { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: { query: 'tea' } },
      '[Call of server tool: web_search]\n{"query":"tea"}',
    ],
    [
      { type: 'mcp_tool_use', id: 'mcptoolu_1', name: 'list', server_name: 'files', input: {} },
      '[Call of server tool: list of files]\n{}',
    ],
    [
      {
        type: 'web_search_tool_result',
        ...call([
          {
            type: 'web_search_result',
            title: 'Tea',
            url: 'https://example.com/tea',
            page_age: 'May 2026',
            encrypted_content: 'c2VhbGVk',
          },
          {
            type: 'web_search_result',
            title: 'Pots',
            url: 'https://example.com/pots',
            encrypted_content: 'c',
          },
        ]),
      },
      '[Result of server tool: web_search]\nTea\nhttps://example.com/tea\nMay 2026\nPots\nhttps://example.com/pots',
    ],
    [
      {
        type: 'web_search_tool_result',
        ...call({ type: 'web_search_tool_result_error', error_code: 'unavailable' }),
      },
      '[Result of server tool: web_search]\nunavailable',
    ],
    [
      {
        type: 'web_fetch_tool_result',
        ...call({
          type: 'web_fetch_result',
          url: 'https://example.com',
          content: {
            type: 'document',
            title: 'Tea',
            source: { type: 'text', media_type: 'text/plain', data: 'All about tea.' },
          },
        }),
      },
      '[Result of server tool: web_fetch]\nhttps://example.com\nTea\nAll about tea.',
    ],
    [
      {
        type: 'web_fetch_tool_result',
        ...call({
          type: 'web_fetch_result',
          url: 'https://example.com/a.pdf',
          content: {
            type: 'document',
            source: { type: 'base64', media_type: 'application/pdf', data: 'JVBERi0' },
          },
        }),
      },
      '[Result of server tool: web_fetch]\nhttps://example.com/a.pdf\n[Not shown: application/pdf]',
    ],
    [
      {
        type: 'code_execution_tool_result',
        ...call({
          type: 'code_execution_result',
          stdout: '4',
          stderr: 'careful',
          return_code: 1,
          content: [{ type: 'code_execution_output', file_id: 'file_1' }],
        }),
      },
      '[Result of server tool: code_execution]\n4\ncareful\nfile_1\nexit code 1',
    ],
    [
      {
        type: 'text_editor_code_execution_tool_result',
        ...call({ type: 'text_editor_code_execution_str_replace_result', lines: ['-a', '+b'] }),
      },
      '[Result of server tool: text_editor_code_execution]\n-a\n+b',
    ],
    [
      {
        type: 'tool_search_tool_result',
        ...call({
          type: 'tool_search_tool_search_result',
          tool_references: [{ type: 'tool_reference', tool_name: 'Grep' }],
        }),
      },
      '[Result of server tool: tool_search]\nGrep',
    ],
    [
      { type: 'mcp_tool_result', ...call([{ type: 'text', text: 'a.txt' }]), is_error: true },
      '[Failed server tool: mcp]\na.txt',
    ],
    [{ type: 'mcp_tool_result', ...call('a.txt') }, '[Result of server tool: mcp]\na.txt'],
    [{ type: 'a_later_tool_result', ...call({ text: 'b' }) }, '[Result of server tool: a_later]\nb'],
    [{ type: 'container_upload', file_id: 'file_1' }, '[File put into the container: file_1]'],
    [{ type: 'compaction', content: 'They met.' }, '[Summary of what was said before]\nThey met.'],
  ])('is told in words: %j', (block, words) => {
    expect(describeServerBlock(block)).toBe(words)
  })

  it.each<Block>([
    { type: 'compaction', content: null, encrypted_content: 'c' },
    { type: 'fallback', from: {}, to: {} },
    { type: 'text', text: 'a' },
  ])('has no words: %j', (block) => {
    expect(describeServerBlock(block)).toBeUndefined()
  })

  it('is found however deep it is written, up to a depth', () => {
    expect(describeServerBlock(deep(5))).toContain('end')
    expect(describeServerBlock(deep(5000))).not.toContain('end')
  })

  it('stands in messages of either side', () => {
    const blocks = [
      { type: 'container_upload', file_id: 'file_1' },
      { type: 'compaction', content: null, encrypted_content: 'c' },
    ]
    const { conversation, ignored } = readRequest(
      {
        model: 'm',
        max_tokens: 1,
        messages: [
          { role: 'user', content: blocks },
          { role: 'assistant', content: blocks },
        ],
      },
      {},
    )
    const said = [{ kind: 'text', text: '[File put into the container: file_1]' }]
    expect(conversation.turns.map(({ parts }) => parts)).toEqual([said, said])
    expect(ignored).toEqual(['messages.content.compaction'])
  })
})
