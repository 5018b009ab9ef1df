import { describe, expect, it } from 'vitest'
import { joinStream, splitBytes, writeCurl, writePretty } from './show-body.ts'

const streamOf = (events: readonly unknown[]) =>
  events.map((event) => `event: some\ndata: ${JSON.stringify(event)}\n\n`).join('')
const chat = (delta: unknown) => ({ choices: [{ index: 0, delta }] })

describe('a body', () => {
  it('of JSON is shown with line breaks', () => {
    expect(writePretty({ form: 'json', text: '{"a":[1]}' })).toBe('{\n  "a": [\n    1\n  ]\n}')
  })

  it.each([
    { form: 'stream' as const, text: 'data: {"a":1}\n\n' },
    { form: 'text' as const, text: '{"a":1' },
    { form: 'json' as const, text: 'no JSON' },
  ])('of $form is shown as it is', (body) => {
    expect(writePretty(body)).toBe(body.text)
  })
})

describe('a stream', () => {
  it.each<[string, unknown[]]>([
    [
      'Chat Completions',
      [
        chat({ role: 'assistant', content: '' }),
        chat({ reasoning_content: 'Hm' }),
        chat({ reasoning_content: 'm.' }),
        chat({ content: 'Hel' }),
        chat({ content: 'lo' }),
        chat({ tool_calls: [{ index: 0, function: { name: 'ls', arguments: '' } }] }),
        chat({ tool_calls: [{ index: 0, function: { arguments: '{"a":1}' } }] }),
        { usage: { total_tokens: 1 } },
      ],
    ],
    [
      'Messages',
      [
        { type: 'message_start', message: { content: [] } },
        { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'Hmm.' } },
        { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'Hel' } },
        { type: 'content_block_delta', index: 1, delta: { type: 'text_delta', text: 'lo' } },
        { type: 'content_block_start', index: 2, content_block: { type: 'tool_use', name: 'ls' } },
        {
          type: 'content_block_delta',
          index: 2,
          delta: { type: 'input_json_delta', partial_json: '{"a":1}' },
        },
        { type: 'message_delta', delta: { stop_reason: 'tool_use' } },
      ],
    ],
    [
      'Responses',
      [
        { type: 'response.reasoning_text.delta', delta: 'Hmm.' },
        { type: 'response.output_text.delta', delta: 'Hel' },
        { type: 'response.output_text.delta', delta: 'lo' },
        { type: 'response.output_text.done', text: 'Hello' },
        { type: 'response.output_item.added', item: { type: 'function_call', name: 'ls' } },
        { type: 'response.function_call_arguments.delta', delta: '{"a":1}' },
      ],
    ],
  ])('of %s is joined', (_, events) => {
    expect(joinStream(streamOf(events))).toEqual([
      { kind: 'thinking', text: 'Hmm.' },
      { kind: 'text', text: 'Hello' },
      { kind: 'tool', text: 'ls{"a":1}' },
    ])
  })

  it('without anything that was said is nothing', () => {
    expect(joinStream(': ping\n\ndata: [DONE]\n\ndata: {"a"')).toEqual([])
  })
})

describe('the command that sends a request again', () => {
  const hidden = { secrets: 0, fields: 0, media: 0 }
  const request = {
    form: 'json' as const,
    text: `{"a":"it's $HOME \\"x\\""}`,
    bytes: 1,
    isCut: false,
    hidden,
  }

  it('has the body as one word of a shell, and no key', () => {
    const command = writeCurl({ path: '/v1/chat/completions', request }, 'http://127.0.0.1:8000')
    expect(command).toContain(`curl -sS 'http://127.0.0.1:8000/v1/chat/completions'`)
    expect(command).toContain(`--data-raw '{"a":"it'\\''s $HOME \\"x\\""}'`)
    expect(command).toContain('Bearer $AQUEDUCT_KEY')
    expect(command).not.toContain('anthropic-version')
  })

  it('names the version that Messages wants', () => {
    expect(writeCurl({ path: '/v1/messages', request }, 'https://q.example')).toContain('anthropic-version')
  })
})

it.each([
  [0, { count: 0, unit: 'B' }],
  [999, { count: 999, unit: 'B' }],
  [12_340, { count: 12.3, unit: 'kB' }],
  [50_000_000, { count: 50, unit: 'MB' }],
])('%i bytes are told in words of people', (bytes, told) => {
  expect(splitBytes(bytes)).toEqual(told)
})
