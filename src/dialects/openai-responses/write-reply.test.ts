import { describe, expect, it } from 'vitest'
import { plainHead, toolsOfAllKinds } from '../../../test/response-stream.ts'
import type { Citation } from '../../conversation/citation.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import type { Reply } from '../../conversation/reply.ts'
import type { AnswerHead } from './answer-wishes.ts'
import { openReasoning } from './sealed-reasoning.ts'
import { openSummary } from './sealed-summary.ts'
import { writeReply } from './write-reply.ts'

const reply: Reply = {
  parts: [{ kind: 'text', text: 'hi' }],
  stopReason: 'end-turn',
  usage: { inputTokens: 12, outputTokens: 3, cacheReadTokens: 5, cacheWriteTokens: 7, source: 'upstream' },
}

const head: AnswerHead = { ...plainHead, tools: toolsOfAllKinds }

const callOf = (name: string, inputText: string): Reply['parts'][number] => {
  const input: JsonObject = JSON.parse(inputText)
  return { kind: 'tool-use', id: `tooluse_${name}`, name, input, inputText }
}
const outputOf = (change: Partial<Reply>, wished: Partial<AnswerHead> = {}) =>
  writeReply({ ...reply, ...change }, { ...head, ...wished })['output']
const message = (text: string, annotations: JsonObject[] = [], index = 0) => ({
  id: `msg_abc_${index}`,
  type: 'message',
  status: 'completed',
  role: 'assistant',
  content: [{ type: 'output_text', text, annotations, logprobs: [] }],
})

const endOf = (change: Partial<Reply>, isCodex: boolean) => {
  const { status, incomplete_details: details } = writeReply({ ...reply, ...change }, { ...head, isCodex })
  return [status, Object(details).reason]
}
const link = { kind: 'web-link', url: 'https://example.com/a' } as const
const annotation = (title: string, start: number, end: number) => ({
  type: 'url_citation',
  url: link.url,
  title,
  start_index: start,
  end_index: end,
})
const citing = (text: string, ...citations: Citation[]) => ({ kind: 'text' as const, text, citations })

describe('a whole answer', () => {
  it('echoes the request, counts seconds, and includes cached tokens in the input', () => {
    expect(writeReply(reply, head)).toEqual({
      id: 'resp_abc',
      object: 'response',
      created_at: 1_790_000_000,
      status: 'completed',
      error: null,
      incomplete_details: null,
      model: 'Claude-Sonnet-4.5',
      output: [message('hi')],
      usage: {
        input_tokens: 24,
        input_tokens_details: { cached_tokens: 5, cache_write_tokens: 7 },
        output_tokens: 3,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: 27,
      },
      instructions: null,
      tools: [],
      metadata: {},
    })
  })

  it('keeps the order of what was said and called', () => {
    const parts = [...reply.parts, callOf('ls', '{}'), ...reply.parts]
    expect(outputOf({ parts })).toMatchObject([
      { id: 'msg_abc_0', type: 'message' },
      { id: 'fc_abc_1', type: 'function_call' },
      { id: 'msg_abc_2', type: 'message' },
    ])
  })

  it.each<[string, Reply['parts'][number], object]>([
    [
      'a function',
      callOf('ls', '{"a": 1.0}'),
      { id: 'fc_abc_0', type: 'function_call', name: 'ls', arguments: '{"a": 1.0}' },
    ],
    [
      'a function of a namespace',
      callOf('mcp__server__tool', '{}'),
      { id: 'fc_abc_0', type: 'function_call', name: 'tool', namespace: 'mcp__server', arguments: '{}' },
    ],
    [
      'a custom tool',
      callOf('Bash', '{"input": "print(\\"a\\")"}'),
      { id: 'ctc_abc_0', type: 'custom_tool_call', name: 'apply_patch', input: 'print("a")' },
    ],
    [
      'the local shell',
      callOf('run_locally', '{"command": ["ls", "-l"], "env": {"A": "b"}, "timeout_ms": null}'),
      {
        id: 'lsh_abc_0',
        type: 'local_shell_call',
        action: { type: 'exec', command: ['ls', '-l'], env: { A: 'b' } },
      },
    ],
    [
      'the local shell, written as one line',
      callOf('run_locally', '{"command": "ls -l", "working_directory": "/tmp"}'),
      {
        id: 'lsh_abc_0',
        type: 'local_shell_call',
        action: { type: 'exec', command: ['bash', '-lc', 'ls -l'], env: {}, working_directory: '/tmp' },
      },
    ],
    [
      'a shell',
      callOf('read_file', '{"commands": ["ls"], "max_output_length": 100, "timeout_ms": "soon"}'),
      {
        id: 'sh_abc_0',
        type: 'shell_call',
        action: { commands: ['ls'], timeout_ms: null, max_output_length: 100 },
        environment: null,
      },
    ],
    [
      'a patch',
      callOf('patch', '{"type": "create_file", "path": "a", "diff": "+b", "why": "asked for"}'),
      {
        id: 'apc_abc_0',
        type: 'apply_patch_call',
        operation: { type: 'create_file', path: 'a', diff: '+b' },
      },
    ],
    [
      'a patch that deletes',
      callOf('patch', '{"type": "delete_file", "path": "a", "diff": ""}'),
      { id: 'apc_abc_0', type: 'apply_patch_call', operation: { type: 'delete_file', path: 'a' } },
    ],
  ])('tells a call of %s as the client knows it', (_, part, expected) => {
    expect(outputOf({ parts: [part], stopReason: 'tool-use' })).toEqual([
      { ...expected, status: 'completed', call_id: Object(part).id },
    ])
  })

  it.each([
    [
      'shown',
      { kind: 'thinking', text: 'hm', signature: 'c2ln' } as const,
      [{ type: 'summary_text', text: 'hm' }],
    ],
    ['not shown', { kind: 'thinking', text: '', signature: 'c2ln' } as const, []],
    ['redacted', { kind: 'redacted-thinking', data: 'b3BhcXVl' } as const, []],
  ])('tells reasoning that is %s, sealed if the client carries it', (_, part, summary) => {
    const item = { id: 'rs_abc_0', type: 'reasoning', summary }
    expect(outputOf({ parts: [part] })).toEqual([item])
    const sealed = outputOf({ parts: [part] }, { sealedReasoning: true })
    expect(sealed).toEqual([{ ...item, encrypted_content: expect.any(String) }])
    expect(openReasoning(String(Object(sealed)[0].encrypted_content))).toEqual(part)
  })
})

describe('how an answer ended', () => {
  it.each([
    ['end-turn', ['completed', undefined]],
    ['stop-sequence', ['completed', undefined]],
    ['pause-turn', ['completed', undefined]],
    ['tool-use', ['completed', undefined]],
    ['max-tokens', ['incomplete', 'max_output_tokens']],
    ['context-window-exceeded', ['incomplete', 'max_output_tokens']],
    ['refusal', ['incomplete', 'content_filter']],
  ] as const)('is told of %s, but never as incomplete to Codex', (stopReason, expected) => {
    expect(endOf({ stopReason }, false)).toEqual(expected)
    expect(endOf({ stopReason }, true)).toEqual(['completed', undefined])
  })

  it('is a refusal where one is explained, which Codex would not show', () => {
    const refused: Partial<Reply> = {
      parts: [],
      stopReason: 'refusal',
      refusal: { explanation: 'Not this.' },
    }
    expect(outputOf(refused)).toEqual([
      { ...message(''), content: [{ type: 'refusal', refusal: 'Not this.' }] },
    ])
    expect(outputOf(refused, { isCodex: true })).toEqual([message('Not this.')])
  })

  it('is never an answer without a word to Codex', () => {
    const refused: Partial<Reply> = { parts: [], stopReason: 'refusal' }
    expect(outputOf(refused)).toEqual([])
    expect(outputOf(refused, { isCodex: true })).toEqual([message('The model declined to answer.')])
  })
})

describe('what an answer cites', () => {
  it('is an annotation where it has an address, at its place in its own message', () => {
    const spans = [citing('one two', { ...link, title: 'A', span: { start: 4, end: 7 } })]
    const later = citing('three', { ...link, span: { start: 7, end: 12 } }, link)
    expect(outputOf({ parts: [...spans, later] })).toEqual([
      message('one two', [annotation('A', 4, 7)]),
      message('three', [annotation(link.url, 0, 5), annotation(link.url, 5, 5)], 1),
    ])
  })

  it('stays within its message', () => {
    const parts = [
      citing('before'),
      citing('three', { ...link, span: { start: 2, end: 99 } }, { ...link, span: { start: 1, end: 3 } }),
    ]
    expect(outputOf({ parts })).toHaveProperty(
      '1',
      message('three', [annotation(link.url, 0, 5), annotation(link.url, 0, 0)], 1),
    )
  })

  it('is told in words where it has none', () => {
    const parts = [
      citing('said', { kind: 'document', title: 'Report' }, { kind: 'code-reference', licence: 'MIT' }),
    ]
    expect(outputOf({ parts })).toEqual([message('said\n\nSource: Report\nSource: code (licence: MIT)')])
  })

  it('stands in a message of its own where there is no text for it', () => {
    const parts = [callOf('ls', '{}')]
    expect(outputOf({ parts, citations: [{ kind: 'code-reference', licence: 'MIT' }] })).toMatchObject([
      { type: 'function_call' },
      message('Source: code (licence: MIT)', [], 1),
    ])
  })
})

describe('a summary', () => {
  const parts: Reply['parts'] = [
    { kind: 'thinking', text: 'hm' },
    { kind: 'text', text: 'They ' },
    callOf('ls', '{}'),
    { kind: 'text', text: 'talked.' },
  ]

  it.each(['end-turn', 'max-tokens'] as const)(
    'is the one item of a response that ended by %s',
    (stopReason) => {
      const written = writeReply({ ...reply, parts, stopReason }, { ...head, compaction: 'item' })
      expect(written).toMatchObject({ id: 'resp_abc', status: 'completed', metadata: {} })
      expect(written['output']).toEqual([
        { id: 'cmp_abc_0', type: 'compaction', encrypted_content: expect.any(String) },
      ])
      expect(openSummary(String(Object(written['output'])[0].encrypted_content))).toBe('They talked.')
    },
  )

  it('may be a document of its own', () => {
    const whole = writeReply({ ...reply, parts }, { ...head, compaction: 'item' })
    expect(writeReply({ ...reply, parts }, { ...head, compaction: 'document' })).toEqual({
      id: 'resp_abc',
      object: 'response.compaction',
      created_at: 1_790_000_000,
      output: whole['output'],
      usage: whole['usage'],
    })
  })

  it('that says nothing is none', () => {
    const empty: Reply = { ...reply, parts: [{ kind: 'text', text: ' \n' }] }
    expect(() => writeReply(empty, { ...head, compaction: 'item' })).toThrow('no summary')
  })
})
