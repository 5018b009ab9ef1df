import { describe, expect, it } from 'vitest'
import { anthropicMessages } from '../../../../src/dialects/anthropic-messages/index.ts'
import { openaiChat } from '../../../../src/dialects/openai-chat/index.ts'
import { openaiResponses } from '../../../../src/dialects/openai-responses/index.ts'
import { factsOf } from '../answer/answer-facts.ts'
import { NO_ANSWER, type Answer } from '../answer/answer.ts'
import { dialectNames } from '../dialects.ts'
import { NO_WISHES, type Turn, type Wishes } from './turns.ts'
import { writeRequest } from './write-request.ts'

const readers = {
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  'anthropic-messages': anthropicMessages,
}
const wishes: Wishes = { ...NO_WISHES, model: 'claude-sonnet-4.5' }
const pixel = {
  name: 'dot.png',
  mediaType: 'image/png' as const,
  base64: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsTj2FAAAAABJRU5ErkJggg==',
  width: 1,
  height: 1,
  bytes: 68,
}
const facts = factsOf('m')
const called: Answer = {
  ...NO_ANSWER,
  parts: [
    { kind: 'text', key: 'a', text: 'Let me look.' },
    { kind: 'call', key: 'b', id: 'call_1', name: 'get_weather', input: '{"city":"Paris"}' },
    { kind: 'call', key: 'c', id: 'call_2', name: 'echo', input: '{"text":"x"}' },
  ],
}
const turns: Turn[] = [
  { role: 'user', text: 'How is it?', pictures: [pixel] },
  { role: 'assistant', answer: called, facts },
  {
    role: 'results',
    results: [
      { callId: 'call_1', text: '{"celsius":20}', isError: false },
      { callId: 'call_2', text: 'broken', isError: true },
    ],
  },
]
const tools = [
  { name: 'get_weather', description: 'Weather', parameters: { type: 'object', properties: {} } },
  { name: 'echo', description: 'Echo', parameters: { type: 'object', properties: {} } },
]

/** As the gateway reads it. */
function read(changes: Partial<Wishes>, said: readonly Turn[] = turns) {
  const { dialect, body } = writeRequest({ ...wishes, ...changes }, said)
  return readers[dialect].readRequest(JSON.parse(JSON.stringify(body)), {})
}

describe.each(dialectNames)('a request of %s', (dialect) => {
  it('says all that was said', () => {
    const { conversation, stream } = read({ dialect, system: 'Be brief.', tools })
    expect(stream).toBe(true)
    expect(conversation.turns.map(({ role }) => role)).toEqual(['user', 'assistant', 'user'])
    const shown = JSON.stringify(conversation)
    for (const said of [
      'Be brief.',
      'How is it?',
      pixel.base64,
      'Let me look.',
      'call_2',
      'celsius',
      'broken',
    ]) {
      expect(shown).toContain(said)
    }
    expect(conversation.tools).toHaveLength(2)
  })

  it('says what is wished, and nothing of what is not', () => {
    const plain = writeRequest({ ...wishes, dialect }, turns.slice(0, 1)).body
    expect(Object.keys(plain).filter((name) => /temp|tools|think|reason|system|instr/.test(name))).toEqual([])
    const { conversation, ignored } = read({ dialect, temperature: 0.5, maxTokens: 77, stream: false })
    expect(conversation).toMatchObject({ limits: { maxOutputTokens: 77 } })
    expect(ignored).toContain('temperature')
  })

  it.each([
    [{ thinking: 'default' }, { kind: 'default' }],
    [{ thinking: 'off' }, { kind: 'off' }],
    [{ thinking: 'on' }, { kind: 'adaptive' }],
    [{ thinking: 'on', effort: 'high' }, { kind: 'adaptive' }],
  ] as const)('has its thinking: %o', (wish, thinking) => {
    expect(read({ dialect, ...wish }).conversation.thinking).toMatchObject(thinking)
  })

  it('goes on with a raw request', () => {
    const raw = writeRequest({ ...wishes, dialect, model: 'other', system: 'Mine.' }, turns.slice(0, 1)).body
    const said: Turn[] = [
      { role: 'raw', dialect, body: raw },
      {
        role: 'assistant',
        answer: { ...NO_ANSWER, parts: [{ kind: 'text', key: 'a', text: 'Fine.' }] },
        facts,
      },
      { role: 'user', text: 'And now?', pictures: [] },
    ]
    expect(writeRequest(wishes, said.slice(0, 1))).toEqual({ dialect, body: raw })
    const { conversation } = read({ dialect: 'openai-chat' }, said)
    expect(conversation.model).toBe('other')
    const shown = JSON.stringify(conversation)
    for (const text of ['Mine.', 'How is it?', 'Fine.', 'And now?']) expect(shown).toContain(text)
  })
})

describe('a budget for thinking', () => {
  const wish = { thinking: 'on', budgetTokens: 2000 } as const
  it.each(['openai-chat', 'anthropic-messages'] as const)('is told by %s', (dialect) => {
    expect(read({ dialect, ...wish }).conversation.thinking).toMatchObject({
      kind: 'budget',
      budgetTokens: 2000,
    })
  })

  it('leaves room for the answer', () => {
    expect(
      writeRequest({ ...wishes, dialect: 'anthropic-messages', ...wish }, turns).body['max_tokens'],
    ).toBe(6096)
  })
})

describe('what was thought', () => {
  const block = { type: 'thinking', thinking: 'Hm.', signature: 'c2ln' }
  const answer: Answer = {
    ...NO_ANSWER,
    parts: [
      { kind: 'thinking', key: 'a', text: 'Hm.', proof: { dialect: 'anthropic-messages', block } },
      { kind: 'text', key: 'b', text: 'Yes.' },
    ],
  }
  const said: Turn[] = [
    { role: 'user', text: 'So?', pictures: [] },
    { role: 'assistant', answer, facts },
  ]

  it('is said again in its own dialect', () => {
    const { body } = writeRequest({ ...wishes, dialect: 'anthropic-messages' }, said)
    expect(body['messages']).toContainEqual({
      role: 'assistant',
      content: [block, { type: 'text', text: 'Yes.' }],
    })
  })

  it.each(['openai-chat', 'openai-responses'] as const)('is left out in %s', (dialect) => {
    expect(JSON.stringify(writeRequest({ ...wishes, dialect }, said).body)).not.toContain('Hm.')
  })
})
