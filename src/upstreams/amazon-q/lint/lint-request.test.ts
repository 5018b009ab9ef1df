import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { images } from '../../../../test/sample-images.ts'
import type { JsonObject, JsonValue } from '../../../conversation/conversation.ts'
import type { ModelInfo } from '../../upstream.ts'
import { lintRequest, rules } from './lint-request.ts'

const document = { name: 'plan', format: 'pdf', source: { bytes: 'JVBERi0=' } }
const png = { format: 'png', source: { bytes: images.png } }
const use = (toolUseId: string, more: JsonObject = {}) => ({
  toolUseId,
  name: 'ls',
  input: { path: toolUseId },
  ...more,
})
const result = (toolUseId: string, more: JsonObject = {}) => ({
  toolUseId,
  status: 'success',
  content: [{ text: 'a.txt' }],
  ...more,
})
const user = (content: JsonValue, more: JsonObject = {}) => ({ userInputMessage: { content, ...more } })
const assistant = (content: string, more: JsonObject = {}) => ({
  assistantResponseMessage: { content, ...more },
})
const withResults = (...toolResults: JsonValue[]) => user('', { userInputMessageContext: { toolResults } })
const tool = (json: JsonValue, more: JsonObject = {}) => ({
  toolSpecification: { name: 'ls', description: 'Lists files.', inputSchema: { json }, ...more },
})
const plainTool = tool({ type: 'object', properties: { path: { type: 'string' } }, required: ['path'] })

interface Parts {
  history?: JsonValue[]
  content?: JsonValue
  toolResults?: JsonValue[]
  tools?: JsonValue[]
  /** Of the current message. */
  message?: JsonObject
  state?: JsonObject
  body?: JsonObject
}

/** A request that breaks no rule, but for the parts that are given. */
function bodyWith({
  history,
  content = 'And now?',
  toolResults,
  tools = [plainTool],
  message,
  state,
  body,
}: Parts) {
  return {
    conversationState: {
      conversationId: '9d0c7a52-f1e8-5c0b-8a5e-3b61c2f04d17',
      chatTriggerType: 'MANUAL',
      history: history ?? [user('Hello'), assistant('Hi!')],
      currentMessage: user(content, {
        origin: 'CLI',
        modelId: 'm',
        userInputMessageContext: { tools, ...(toolResults && { toolResults }) },
        ...message,
      }),
      ...state,
    },
    ...body,
  }
}

const model: ModelInfo = {
  id: 'm',
  displayName: 'M',
  contextWindowTokens: 200_000,
  takesImages: true,
  takesDocuments: true,
  thinking: 'fields',
  cacheMarks: 4,
  requestFields: {
    type: 'object',
    properties: {
      thinking: {
        oneOf: ['adaptive', 'disabled'].map((kind) => ({
          type: 'object',
          properties: { type: { const: kind } },
        })),
      },
      max_tokens: { type: 'integer', minimum: 1024, maximum: 64_000 },
      output_config: { type: 'object', properties: { effort: { type: 'string', enum: ['low', 'high'] } } },
    },
    additionalProperties: false,
  },
}
const { requestFields: _, ...withoutFields } = model

const ruleNames = (body: JsonObject, to = model) => [
  ...new Set(lintRequest(body, to).map(({ rule }) => rule)),
]
const schemaOf = (property: JsonValue) => [tool({ type: 'object', properties: { path: property } })]
const fields = (additionalModelRequestFields: JsonValue) => ({ body: { additionalModelRequestFields } })
const calls = (...toolUses: JsonValue[]) => [user('Hello'), assistant(' ', { toolUses })]

type Row = [rule: string, parts: Parts, model?: ModelInfo]

const rows: Row[] = [
  ['trigger-type', { state: { chatTriggerType: 'AUTO' } }],
  ['content-text', { content: [{ text: 'Hello' }] }],
  [
    'tool-input-object',
    { history: calls(use('a', { input: '{}' })), content: '', toolResults: [result('a')] },
  ],
  ['unknown-member', { body: { systemPrompt: 'Be kind.' } }],
  ['unknown-member', { message: { temperature: 1 } }],
  ['null-member', { body: { profileArn: null } }],
  ['null-member', { message: { images: null } }],
  ['null-member', fields(null)],
  ['member-shape', { message: { modelId: 4 } }],
  ['member-shape', { tools: [{ toolSpecification: { name: 'ls', description: 'Lists files.' } }] }],
  ['current-message-user', { state: { currentMessage: assistant('Hi!') }, history: [] }],
  ['current-message-user', { state: { currentMessage: {} } }],
  ['history-ends', { history: [assistant('Hi!')] }],
  ['history-ends', { history: [user('Hello'), assistant('Hi!'), user('Hello?')] }],
  ['alternation', { history: [user('Hello'), user('Hello?'), assistant('Hi!')] }],
  ['content-empty', { content: '' }],
  ['content-empty', { history: [user('Hello'), assistant('')] }],
  ['results-at-start', { history: [withResults(result('a')), assistant('Hi!')] }],
  ['use-unanswered', { history: calls(use('a'), use('b')), content: '', toolResults: [result('a')] }],
  ['result-without-use', { toolResults: [result('a')] }],
  ['result-without-use', { history: calls(use('a')), content: '', toolResults: [result('a'), result('a')] }],
  [
    'result-order',
    { history: calls(use('a'), use('b')), content: '', toolResults: [result('b'), result('a')] },
  ],
  ['result-empty', { history: calls(use('a')), content: '', toolResults: [result('a', { content: [] })] }],
  [
    'result-empty',
    { history: calls(use('a')), content: '', toolResults: [result('a', { content: [{ text: ' ' }] })] },
  ],
  [
    'failure-unsaid',
    { history: calls(use('a')), content: '', toolResults: [result('a', { status: 'error' })] },
  ],
  [
    'tool-use-id-twice',
    {
      history: [
        ...calls(use('a')),
        withResults(result('a')),
        assistant(' ', { toolUses: [use('a', { input: {} })] }),
      ],
      content: '',
      toolResults: [result('a')],
    },
  ],
  ['tool-use-id', { history: calls(use('a b')), content: '', toolResults: [result('a b')] }],
  [
    'repeated-call',
    {
      history: ['a', 'b', 'c'].flatMap((id) => [
        user('Go on'),
        assistant(' ', { toolUses: [use(id, { input: {} })] }),
        withResults(result(id)),
        assistant('Done.'),
      ]),
    },
  ],
  [
    'tools-in-history',
    { history: [user('Hello', { userInputMessageContext: { tools: [plainTool] } }), assistant('Hi!')] },
  ],
  ['tools-missing', { history: calls(use('a')), content: '', toolResults: [result('a')], tools: [] }],
  ['tool-undeclared', { history: calls(use('a', { name: 'cat' })), content: '', toolResults: [result('a')] }],
  ['tool-name-twice', { tools: [plainTool, tool({ type: 'object' }, { name: 'LS' })] }],
  ['tool-name', { tools: [tool({ type: 'object' }, { name: 'a b' })] }],
  ['tool-name', { tools: [tool({ type: 'object' }, { name: 'x'.repeat(65) })] }],
  ['tool-description', { tools: [tool({ type: 'object' }, { description: '' })] }],
  ['tool-description', { tools: [tool({ type: 'object' }, { description: 'é'.repeat(5_003) })] }],
  ['tools-size', { tools: [tool({ type: 'object', description: 'x'.repeat(600_000) })] }],
  ['schema-root', { tools: [tool({ properties: {} })] }],
  ['schema-root-choice', { tools: [tool({ type: 'object', oneOf: [{}] })] }],
  ['schema-reference', { tools: schemaOf({ $ref: '#/$defs/a' }) }],
  ['schema-reference', { tools: [tool({ type: 'object', $defs: {} })] }],
  ['schema-bookkeeping', { tools: [tool({ type: 'object', $schema: 'x' })] }],
  ['schema-keyword', { tools: schemaOf({ anyOf: [{ items: { not: {} } }] }) }],
  ['schema-const', { tools: schemaOf({ const: 1 }) }],
  ['schema-type', { tools: schemaOf({ type: ['string', 'null'] }) }],
  ['schema-properties', { tools: schemaOf({ properties: [] }) }],
  ['schema-property-name', { tools: schemaOf({ properties: { 'a b': {} } }) }],
  ['schema-required', { tools: schemaOf({ required: null }) }],
  ['schema-required', { tools: schemaOf({ properties: {}, required: ['a'] }) }],
  ['schema-bound', { tools: schemaOf({ exclusiveMinimum: true }) }],
  ['image-model', { message: { images: [png] } }, { ...model, takesImages: false }],
  ['image-count', { message: { images: Array.from({ length: 101 }, () => png) } }],
  [
    'image-bytes',
    { message: { images: [{ format: 'png', source: { bytes: 'https://example.com/a.png' } }] } },
  ],
  [
    'image-size',
    { message: { images: [{ format: 'png', source: { bytes: images.png.padEnd(5_242_884, 'A') } }] } },
  ],
  ['image-format', { message: { images: [{ format: 'tiff', source: { bytes: images.png } }] } }],
  [
    'image-mismatch',
    { history: [user('See', { images: [{ format: 'jpeg', source: png.source }] }), assistant('Hi!')] },
  ],
  ['document-model', { message: { documents: [document] } }, { ...model, takesDocuments: false }],
  [
    'document-count',
    {
      message: {
        documents: Array.from({ length: 6 }, (__, index) => ({ ...document, name: `plan ${index}` })),
      },
    },
  ],
  ['document-bytes', { message: { documents: [{ ...document, source: { bytes: '' } }] } }],
  ['document-size', { message: { documents: [{ ...document, source: { bytes: 'A'.repeat(6_000_004) } }] } }],
  ['document-format', { message: { documents: [{ ...document, format: 'zip' }] } }],
  ['document-name', { message: { documents: [{ ...document, name: 'plän' }] } }],
  ['document-name-twice', { message: { documents: [document, document] } }],
  [
    'history-length',
    { history: Array.from({ length: 10_002 }, (__, index) => (index % 2 ? assistant('b') : user('a'))) },
  ],
  ['message-length', { content: 'x'.repeat(600_001) }],
  [
    'result-length',
    {
      history: calls(use('a')),
      content: '',
      toolResults: [result('a', { content: [{ text: 'x'.repeat(800_001) }] })],
    },
  ],
  ['body-size', { content: 'é'.repeat(599_999) }, { ...model, contextWindowTokens: 190_000 }],
  ['conversation-id', { state: { conversationId: 'mine' } }],
  ['cache-marks', { message: { cachePoint: { type: 'default' } } }, { ...model, cacheMarks: 0 }],
  ['cache-marks', { tools: [plainTool, { cachePoint: { type: 'default' } }] }, { ...model, cacheMarks: 0 }],
  ['model-fields-unsupported', fields({}), withoutFields],
  ['model-fields', fields({ temperature: 1 })],
  ['model-fields', fields({ thinking: { type: 'enabled' } })],
  ['model-fields', fields({ max_tokens: 5 })],
  ['model-fields', fields({ max_tokens: 5_000.5 })],
  ['model-fields', fields({ output_config: { effort: 'middling' } })],
  ['model-fields', fields({ output_config: 'high' })],
  [
    'model-fields',
    fields({}),
    { ...model, requestFields: { ...model.requestFields, required: ['max_tokens'] } },
  ],
]

describe('a request that breaks no rule', () => {
  it.each<[string, Parts]>([
    ['of words', {}],
    ['without a history', { history: [] }],
    [
      'of everything that there is',
      {
        history: [
          user('Look', { images: [png], documents: [document], cachePoint: { type: 'default' } }),
          assistant('', { toolUses: [use('a', { input: { nothing: null } }), use('b')] }),
          withResults(result('a', { status: 'error', content: [{ text: 'The tool failed.' }] }), result('b')),
          assistant('Hm.', { reasoningContent: { reasoningText: { text: 't', signature: 's' } } }),
        ],
        tools: [plainTool, { cachePoint: { type: 'default' } }],
        message: { images: [png, { format: 'webp', source: { bytes: images.webp } }] },
        body: {
          additionalModelRequestFields: {
            thinking: { type: 'adaptive' },
            max_tokens: 2_000,
            output_config: { effort: 'low' },
          },
        },
      },
    ],
  ])('%s has no findings', (_name, parts) => {
    expect(lintRequest(bodyWith(parts), model)).toEqual([])
  })
})

describe('a request that breaks one rule', () => {
  it.each(rows)('%s is told of that one', (rule, parts, to) => {
    expect(ruleNames(bodyWith(parts), to)).toEqual([rule])
  })

  it('exists for each rule', () => {
    expect(new Set(rows.map(([rule]) => rule))).toEqual(new Set(rules.map(({ name }) => name)))
    expect(new Set(rules.map(({ name }) => name)).size).toBe(rules.length)
  })
})

describe('docs/amazon-q.md', () => {
  it('names each rule, and no others', () => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/amazon-q.md'), 'utf8')
    const cells = page
      .split('\n')
      .flatMap((line) => (line.startsWith('|') ? [line.split('|').at(-2) ?? ''] : []))
    const named = cells.flatMap((cell) => [...cell.matchAll(/`([a-z-]+)`/g)].map(([, name]) => name))
    expect(new Set(named)).toEqual(new Set(rules.map(({ name }) => name)))
    expect(named).toHaveLength(rules.length)
  })
})

describe('findings', () => {
  it('say where, and how bad it is', () => {
    expect(lintRequest(bodyWith({ content: '' }), model)).toEqual([
      {
        rule: 'content-empty',
        severity: 'refused',
        path: 'conversationState.currentMessage.userInputMessage.content',
        message: 'content may be empty beside tool traffic only',
      },
    ])
  })

  it('never quote what somebody said', () => {
    const secret = 'hunter2'
    const history = [
      user(secret),
      user(secret),
      assistant(' ', { toolUses: [use(secret.repeat(20), { input: secret, name: 'cat' })] }),
      withResults(result(`${secret} `, { content: [{ text: '' }, { [secret]: null }] })),
      assistant(secret, { reasoningContent: { reasoningText: { text: secret, signature: null } } }),
    ]
    const message = {
      images: [{ format: secret, source: { bytes: `${secret}!` } }],
      documents: [{ name: `${secret}é`, format: secret, source: { bytes: secret } }],
    }
    const odd = {
      $ref: secret,
      const: secret,
      properties: { [`${secret} !`]: { not: {} } },
      required: [secret],
    }
    const findings = lintRequest(
      bodyWith({
        history,
        message,
        tools: schemaOf(odd),
        ...fields({ max_tokens: secret, output_config: { effort: secret } }),
      }),
      model,
    )
    expect(findings.length).toBeGreaterThan(15)
    expect(findings.map(({ message: text }) => text).join('\n')).not.toContain(secret)
  })

  it('are few, however many breaches there are', () => {
    const history = Array.from({ length: 500 }, () => user('', { toolUses: null, images: [{ format: 'x' }] }))
    const findings = lintRequest(bodyWith({ history }), model)
    expect(findings.filter(({ rule }) => rule === 'alternation')).toHaveLength(5)
    expect(findings.length).toBeLessThanOrEqual(50)
  })

  it.each<[string, JsonObject]>([
    ['nothing', {}],
    ['another shape', { conversationState: [], additionalModelRequestFields: 'x' }],
    ['odd members', { conversationState: { history: 'x', currentMessage: { userInputMessage: [null] } } }],
    [
      'odd lists',
      { conversationState: { history: [null, { assistantResponseMessage: { toolUses: [1] } }] } },
    ],
  ])('are all that comes of a body of %s', (_name, body) => {
    expect(ruleNames(body)).toContain('member-shape')
  })
})
