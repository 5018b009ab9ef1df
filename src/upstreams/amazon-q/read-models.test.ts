import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { catalogue } from './catalogue.ts'
import { readModelPage } from './read-models.ts'

const schema = {
  type: 'object',
  properties: { thinking: { type: 'object' }, output_config: { type: 'object' } },
  additionalProperties: false,
}
const effortAlone = { type: 'object', properties: { output_config: {} } }
const whole = {
  modelId: 'claude-opus-9',
  modelName: 'Claude Opus 9',
  description: 'not used',
  rateMultiplier: 2.2,
  rateUnit: 'Credit',
  tokenLimits: { maxInputTokens: 1_000_000, maxOutputTokens: 128_000 },
  supportedInputTypes: ['TEXT', 'IMAGE'],
  promptCaching: { supportsPromptCaching: true, maximumCacheCheckpointsPerRequest: 3 },
  additionalModelRequestFieldsSchema: schema,
}

const read = (models: unknown[]) => readModelPage(JSON.stringify({ models }))?.items
const readOne = (model: object) => read([model])?.[0]

describe('readModelPage', () => {
  it('passes over a schema of fields that no model can have', () => {
    const vast = { ...schema, description: 'x'.repeat(32_768) }
    for (const given of [vast, JSON.stringify(vast)]) {
      const model = readOne({ ...whole, additionalModelRequestFieldsSchema: given })
      expect(model).toMatchObject({ id: 'claude-opus-9' })
      expect(model).not.toHaveProperty('requestFields')
    }
  })

  it('reads all that the service tells of a model', () => {
    expect(readOne(whole)).toEqual({
      id: 'claude-opus-9',
      displayName: 'Claude Opus 9',
      contextWindowTokens: 1_000_000,
      maxOutputTokens: 128_000,
      takesImages: true,
      takesDocuments: false,
      thinking: 'fields',
      requestFields: schema,
      cacheMarks: 3,
      rate: 2.2,
    })
  })

  it('takes the default catalogue for what is not told of a known model', () => {
    const known = catalogue.find(({ id }) => id === 'claude-sonnet-4.6')
    expect(readOne({ modelId: 'claude-sonnet-4.6' })).toEqual(known)
  })

  it('supposes little of a model that nobody knows', () => {
    expect(readOne({ modelId: 'new' })).toEqual({
      id: 'new',
      displayName: 'new',
      contextWindowTokens: 200_000,
      takesImages: false,
      takesDocuments: false,
      thinking: 'none',
      cacheMarks: 0,
    })
  })

  it.each<[string, object, object]>([
    ['images only where they are listed', { supportedInputTypes: ['TEXT'] }, { takesImages: false }],
    ['documents where they are listed', { supportedInputTypes: ['DOCUMENT'] }, { takesDocuments: true }],
    ['documents where the catalogue knows better', { modelId: 'claude-opus-5' }, { takesDocuments: true }],
    ['no cache where there is none', { promptCaching: { supportsPromptCaching: false } }, { cacheMarks: 0 }],
    [
      'a cache without a number of marks',
      { promptCaching: { supportsPromptCaching: true } },
      { cacheMarks: 4 },
    ],
    [
      'fields as JSON text',
      { additionalModelRequestFieldsSchema: JSON.stringify(schema) },
      { requestFields: schema },
    ],
    [
      'thinking by OpenAI’s field',
      { additionalModelRequestFieldsSchema: { properties: { reasoning: {} } } },
      { thinking: 'fields' },
    ],
    [
      'no thinking by an effort alone',
      { additionalModelRequestFieldsSchema: effortAlone },
      { thinking: 'none' },
    ],
    [
      'thinking by tags where the catalogue says so',
      { modelId: 'claude-sonnet-4.5', additionalModelRequestFieldsSchema: null },
      { thinking: 'tags' },
    ],
    ['odd figures as none', { tokenLimits: { maxInputTokens: -1 } }, { contextWindowTokens: 200_000 }],
    ['odd names as none', { modelName: 7 }, { displayName: 'claude-opus-9' }],
  ])('reads %s', (_what, change, expected) => {
    expect(readOne({ ...whole, ...change })).toMatchObject(expected)
  })

  it.each([
    ['text', 'nonsense'],
    ['a list', []],
    ['no schema of an object', { type: 'string' }],
    ['a number', 1],
  ])('has no fields when their schema is %s', (_what, additionalModelRequestFieldsSchema) => {
    expect(readOne({ ...whole, additionalModelRequestFieldsSchema })).not.toHaveProperty('requestFields')
  })

  it('leaves out what is no model, and what is not for clients', () => {
    const odd = [null, 1, {}, { modelId: '' }, { modelId: 'two words' }, { modelId: 'a\r\nb' }]
    expect(read([...odd, { modelId: 'simple-task' }, { modelId: 'a' }])?.map(({ id }) => id)).toEqual(['a'])
  })

  it('tells where the next page begins', () => {
    expect(readModelPage('{"models":[],"nextToken":"2"}')).toEqual({ items: [], nextToken: '2' })
    expect(readModelPage('{"models":[],"nextToken":null}')).toEqual({ items: [] })
  })

  it.each(['', 'no', '[]', '{}', '{"models":{}}', '{"models":[{"modelId":"a"}'])(
    'takes %j for no list',
    (body) => {
      expect(readModelPage(body)).toBeUndefined()
    },
  )

  it('never breaks on a list of anything', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (models) => {
        expect(read(models)?.length).toBeLessThanOrEqual(models.length)
      }),
    )
  })
})

describe('the catalogue', () => {
  it.each(['claude-sonnet-4', 'claude-sonnet-4.5'])('has %s, which examples everywhere use', (id) => {
    expect(catalogue.map((model) => model.id)).toContain(id)
  })
})
