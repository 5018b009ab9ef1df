import { describe, expect, it } from 'vitest'
import { defaultModels } from '../models.ts'
import { createSwitchBoard, type SwitchChanges } from '../switches.ts'
import { checkRequest, refusalOf } from './check.ts'
import { assistant, request, results, roundTrip, type SampleBody, tool, use, user } from './sample-request.ts'

const caller = { models: defaultModels, refusesExtraFields: false, isOwnThinking: () => true }
const PNG = Buffer.from('\x89PNG\r\n\x1a\n0000', 'latin1').toString('base64')

function judge(body: unknown, changes: SwitchChanges = {}, binding: 'aws-json' | 'rest-json' = 'aws-json') {
  const switches = createSwitchBoard(changes).current()
  const bodyBytes = Buffer.byteLength(JSON.stringify(body))
  const { violations } = checkRequest(body, { binding, bodyBytes, caller, switches })
  return { violations, refusal: refusalOf(violations, switches) }
}

function withTool(specification: object): SampleBody {
  return request(user('Hi', { userInputMessageContext: { tools: [tool('ls', specification)] } }))
}

function withSchema(json: unknown): SampleBody {
  return withTool({ inputSchema: { json } })
}

function withImages(images: { format: string; bytes: string }[]): SampleBody {
  const blocks = images.map(({ format, bytes }) => ({ format, source: { bytes } }))
  return request(user('Look', { images: blocks }))
}

function withDocuments(modelId: string, names: string[]): SampleBody {
  const documents = names.map((name) => ({ name, format: 'txt', source: { bytes: 'aGk=' } }))
  return request(user('Read', { documents, modelId }))
}

describe('accepted requests', () => {
  it.each([
    {
      what: 'a first message',
      body: request(user('Hello', { origin: 'CLI', modelId: 'claude-sonnet-4.5' })),
    },
    { what: 'a tool round trip', body: roundTrip() },
    {
      what: 'a conversation of text',
      body: request(user('And?'), [user('a'), assistant('b'), user('c'), assistant('d')]),
    },
    {
      what: 'two results in the order of their uses',
      body: request(results(['a', 'b'], [tool()]), [user('go'), assistant('', [use('a'), use('b')])]),
    },
    { what: 'an image', body: withImages([{ format: 'png', bytes: PNG }]) },
    { what: 'a document on a model that takes them', body: withDocuments('claude-sonnet-5', ['a', 'b']) },
    {
      what: 'an environment, thinking of before and cache points',
      body: request(
        user('Hi', {
          cachePoint: { type: 'default' },
          userInputMessageContext: {
            envState: { operatingSystem: 'linux' },
            tools: [tool(), { cachePoint: { type: 'default' } }],
          },
        }),
        [
          user('a'),
          {
            assistantResponseMessage: {
              content: 'b',
              reasoningContent: { reasoningText: { text: 'hm', signature: 'c2ln' } },
            },
          },
        ],
      ),
    },
    { what: 'agentMode in the body of awsJson', body: { ...roundTrip(), agentMode: 'vibe' } },
  ])('$what', ({ body }) => {
    expect(judge(body).violations).toEqual([])
  })
})

const INVALID = 'REQUEST_BODY_INVALID'
const MISMATCH = 'TOOL_USE_RESULT_MISMATCH'
const MISSING = 'TOOL_CONFIG_MISSING'
const SCHEMA = 'TOOL_SCHEMA_INVALID'

describe('structure rules', () => {
  it.each([
    { rule: 'S1', reason: INVALID, body: request(assistant('Hello')) },
    { rule: 'S2', reason: INVALID, body: request(user('c'), [assistant('a')]) },
    { rule: 'S2', reason: INVALID, body: request(user('c'), [user('a')]) },
    { rule: 'S3', reason: INVALID, body: request(user('d'), [user('a'), user('b'), assistant('c')]) },
    {
      rule: 'S3',
      reason: INVALID,
      body: request(user('d'), [user('a'), assistant('b'), assistant('c')]),
    },
    { rule: 'S4', reason: MISMATCH, body: request(results(['a'], [tool()])) },
    {
      rule: 'S5',
      reason: MISMATCH,
      body: request(user('Hi', { userInputMessageContext: { tools: [tool()] } }), [
        user('go'),
        assistant('', [use('a')]),
      ]),
    },
    {
      rule: 'S6',
      reason: MISMATCH,
      body: request(results(['a'], [tool()]), [user('go'), assistant('no tool')]),
    },
    {
      rule: 'S6',
      reason: MISMATCH,
      body: request(results(['a', 'a'], [tool()]), [user('go'), assistant('', [use('a')])]),
    },
    {
      rule: 'S8',
      reason: MISMATCH,
      body: request(results(['a'], [tool()]), [user('go'), assistant('', [use('a'), use('b')])]),
    },
    {
      rule: 'S10',
      reason: MISSING,
      body: request(results(['a']), [user('go'), assistant('', [use('a')])]),
    },
    {
      rule: 'S11',
      reason: MISSING,
      body: request(results(['a'], [tool('cat')]), [user('go'), assistant('', [use('a')])]),
    },
    {
      rule: 'S12',
      reason: 'TOOL_DUPLICATE',
      body: request(user('Hi', { userInputMessageContext: { tools: [tool('ls'), tool('LS')] } })),
    },
    { rule: 'S13', reason: INVALID, body: request(user('')) },
    { rule: 'S13', reason: INVALID, body: request(user('b'), [user('a'), assistant('')]) },
    {
      rule: 'S14',
      reason: INVALID,
      body: request({ userInputMessage: { content: [{ text: 'Hi' }] } }),
    },
    {
      rule: 'S15',
      reason: INVALID,
      body: request(results(['a'], [tool()]), [
        user('go'),
        assistant('', [{ toolUseId: 'a', name: 'ls', input: '{}' }]),
      ]),
    },
    {
      rule: 'S16',
      reason: INVALID,
      body: request(
        user('', {
          userInputMessageContext: { toolResults: [{ toolUseId: 'a', content: [] }], tools: [tool()] },
        }),
        [user('go'), assistant('', [use('a')])],
      ),
    },
    {
      rule: 'S16',
      reason: INVALID,
      body: request(
        user('', {
          userInputMessageContext: {
            toolResults: [{ toolUseId: 'a', content: [{ text: '' }] }],
            tools: [tool()],
          },
        }),
        [user('go'), assistant('', [use('a')])],
      ),
    },
    {
      rule: 'S21',
      reason: INVALID,
      body: request(results(['a'], [tool()]), [
        user('go'),
        assistant('', [use('a')]),
        results(['a']),
        assistant('', [use('a')]),
      ]),
    },
    { rule: 'S23', reason: INVALID, body: request(user('Hi'), undefined, { chatTriggerType: 'AUTO' }) },
    { rule: 'S25', reason: INVALID, body: { ...request(user('Hi')), systemPrompt: 'Be kind.' } },
    { rule: 'S25', reason: INVALID, body: request(user('Hi'), undefined, { rootConversationId: 'x' }) },
    { rule: 'S25', reason: INVALID, body: request(user('Hi', { temperature: 1 })) },
    { rule: 'S25', reason: INVALID, body: withTool({ strict: true }) },
    { rule: 'S26', reason: INVALID, body: { ...request(user('Hi')), profileArn: null } },
    { rule: 'S26', reason: INVALID, body: request(user('Hi', { images: null })) },
    { rule: 'shape', reason: INVALID, body: request({ ...user('Hi'), ...assistant('Hi') }) },
    { rule: 'shape', reason: INVALID, body: request(user('Hi', { origin: 'NOWHERE' })) },
    { rule: 'shape', reason: INVALID, body: [] },
  ])('$rule: refused with $reason', ({ rule, reason, body }) => {
    const { violations, refusal } = judge(body)
    expect(violations).toContainEqual(expect.objectContaining({ rule, reason, severity: 'refused' }))
    expect(refusal?.name).toBe('ValidationException')
  })

  it('S25: agentMode is a header in restJson', () => {
    const { violations } = judge({ ...request(user('Hi')), agentMode: 'vibe' }, {}, 'rest-json')
    expect(violations).toMatchObject([{ rule: 'S25', path: 'agentMode' }])
  })
})

describe('limits', () => {
  const limits = {
    historyEntries: 2,
    userMessageCharacters: 50,
    toolResultCharacters: 4,
    imagesPerRequest: 1,
    imageBase64Characters: 20,
    documentsPerRequest: 2,
    documentBase64Characters: 3,
  }
  it.each([
    {
      rule: 'history-length',
      reason: INVALID,
      body: request(user('e'), [user('a'), assistant('b'), user('c'), assistant('d')]),
    },
    {
      rule: 'user-message-length',
      reason: 'CONTENT_LENGTH_EXCEEDS_THRESHOLD',
      body: request(user('x'.repeat(51))),
    },
    { rule: 'tool-result-length', reason: 'CONTENT_LENGTH_EXCEEDS_THRESHOLD', body: roundTrip() },
    {
      rule: 'image-count',
      reason: 'IMAGE_COUNT_EXCEEDED',
      body: withImages([
        { format: 'png', bytes: PNG },
        { format: 'png', bytes: PNG },
      ]),
    },
    {
      rule: 'image-size',
      reason: 'IMAGE_SIZE_EXCEEDED',
      body: withImages([{ format: 'png', bytes: `${PNG}AAAAAAAA` }]),
    },
    {
      rule: 'document-count',
      reason: 'DOCUMENT_COUNT_EXCEEDED',
      body: withDocuments('claude-sonnet-5', ['a', 'b', 'c']),
    },
    {
      rule: 'document-size',
      reason: 'DOCUMENT_SIZE_EXCEEDED',
      body: withDocuments('claude-sonnet-5', ['a']),
    },
  ])('$rule: refused with $reason', ({ rule, reason, body }) => {
    expect(judge(body, { limits }).violations).toContainEqual(
      expect.objectContaining({ rule, reason, severity: 'refused' }),
    )
    expect(judge(body).violations.map((violation) => violation.rule)).not.toContain(rule)
  })

  it.each([
    { modelId: 'claude-sonnet-4.5', refused: true },
    { modelId: 'claude-sonnet-5', refused: false },
  ])('a body of 1.3 MB on $modelId: refused $refused', ({ modelId, refused }) => {
    const history = Array.from({ length: 26 }, (_, index) =>
      index % 2 === 0 ? user('x'.repeat(50_000)) : assistant('y'.repeat(50_000)),
    )
    const { refusal } = judge(request(user('Hi', { modelId }), history))
    const expected = { name: 'ValidationException', message: 'Improperly formed request.', reason: null }
    expect(refusal).toEqual(refused ? expected : undefined)
  })

  it('image data does not count towards the body', () => {
    const bytes = PNG.slice(0, 16) + 'A'.repeat(2_000_000)
    expect(judge(withImages([{ format: 'png', bytes }])).violations).toEqual([])
  })
})

describe('tools', () => {
  it.each([
    { rule: 'tool-name', reason: INVALID, body: withTool({ name: '1st' }) },
    { rule: 'tool-name', reason: INVALID, body: withTool({ name: 'a.b' }) },
    { rule: 'tool-name', reason: INVALID, body: withTool({ name: 'a'.repeat(65) }) },
    { rule: 'tool-description', reason: INVALID, body: withTool({ description: '' }) },
    { rule: 'tool-description', reason: INVALID, body: withTool({ description: 'x'.repeat(10_241) }) },
    { rule: 'tool-schema', reason: SCHEMA, body: withSchema({}) },
    {
      rule: 'tool-use-id',
      reason: INVALID,
      body: request(results(['a b'], [tool()]), [user('go'), assistant('', [use('a b')])]),
    },
  ])('$rule: $body.conversationState.currentMessage', ({ rule, reason, body }) => {
    expect(judge(body).violations).toMatchObject([{ rule, reason, severity: 'refused' }])
  })
})

describe('images and documents', () => {
  it.each([
    {
      rule: 'image-format',
      reason: 'IMAGE_FORMAT_UNSUPPORTED',
      body: withImages([{ format: 'bmp', bytes: PNG }]),
    },
    { rule: 'image-mime', reason: 'IMAGE_MIME_MISMATCH', body: withImages([{ format: 'jpeg', bytes: PNG }]) },
    { rule: 'image-bytes', reason: INVALID, body: withImages([{ format: 'png', bytes: 'not base64!' }]) },
    { rule: 'image-bytes', reason: INVALID, body: withImages([{ format: 'png', bytes: '' }]) },
    {
      rule: 'image-mime',
      reason: 'IMAGE_MIME_MISMATCH',
      body: request(user('b'), [
        user('a', { images: [{ format: 'gif', source: { bytes: PNG } }] }),
        assistant('x'),
      ]),
    },
    {
      rule: 'document-model',
      reason: 'DOCUMENT_MODEL_NOT_SUPPORTED',
      body: withDocuments('claude-haiku-4.5', ['a']),
    },
    { rule: 'S27', reason: 'DOCUMENT_DUPLICATE_NAME', body: withDocuments('claude-sonnet-5', ['a', 'a']) },
    { rule: 'S27', reason: INVALID, body: withDocuments('claude-sonnet-5', ['Übersicht']) },
    { rule: 'S27', reason: INVALID, body: withDocuments('claude-sonnet-5', ['']) },
    {
      rule: 'image-model',
      reason: INVALID,
      body: request(
        user('Look', { modelId: 'deepseek-3.2', images: [{ format: 'png', source: { bytes: PNG } }] }),
      ),
    },
  ])('$rule: refused with $reason', ({ rule, reason, body }) => {
    expect(judge(body).violations).toMatchObject([{ rule, reason, severity: 'refused' }])
  })

  it.each([
    { format: 'jpeg', start: '\xff\xd8\xff\xe0' },
    { format: 'gif', start: 'GIF89a' },
    { format: 'webp', start: 'RIFF0000WEBPVP8 ' },
  ])('$format is known by its first bytes', ({ format, start }) => {
    const bytes = Buffer.from(start, 'latin1').toString('base64')
    expect(judge(withImages([{ format, bytes }])).violations).toEqual([])
  })
})

describe('refusals', () => {
  it('name an unknown model', () => {
    expect(judge(request(user('Hi', { modelId: 'gpt-2' }))).refusal).toEqual({
      name: 'ValidationException',
      message: 'Invalid model. Please select a different model to continue.',
      reason: 'INVALID_MODEL_ID',
    })
  })

  it('have no reason in the legacy mode', () => {
    expect(judge(withSchema({}), { legacyErrors: true }).refusal).toEqual({
      name: 'ValidationException',
      message: 'Improperly formed request.',
      reason: null,
    })
  })

  it('of length and model keep their words in the legacy mode', () => {
    const body = request(user('Hi', { modelId: 'gpt-2' }))
    expect(judge(body, { legacyErrors: true }).refusal).toMatchObject({ reason: 'INVALID_MODEL_ID' })
  })
})

describe('switches of strictness', () => {
  const swapped = request(results(['b', 'a'], [tool()]), [user('go'), assistant('', [use('a'), use('b')])])
  const toolsBefore = request(user('b'), [
    user('a', { userInputMessageContext: { tools: [tool()] } }),
    assistant('x'),
  ])

  it.each([
    { rule: 'S7', body: swapped },
    { rule: 'S9', body: toolsBefore },
  ])('$rule is noted, and refused only when asked for', ({ rule, body }) => {
    expect(judge(body)).toMatchObject({ violations: [{ rule, severity: 'warning' }], refusal: undefined })
    expect(judge(body, { refuseQualityFaults: true }).refusal).toMatchObject({ name: 'ValidationException' })
  })

  it('lenient accepts any order of speakers, but not broken pairs', () => {
    const disorder = request(user('c'), [assistant('a'), user('b')])
    expect(judge(disorder, { lenient: true }).violations).toEqual([])
    expect(judge(request(results(['a'], [tool()])), { lenient: true }).refusal).toMatchObject({
      reason: MISMATCH,
    })
  })
})
