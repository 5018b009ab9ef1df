import { describe, expect, it } from 'vitest'
import { defaultModels } from '../models.ts'
import { createSwitchBoard } from '../switches.ts'
import { checkRequest, refusalOf } from './check.ts'
import type { Caller } from './for-the-model.ts'
import { assistant, request, tool, user } from './sample-request.ts'

function judge(body: unknown, caller: Partial<Caller> = {}, legacyErrors = false) {
  const switches = createSwitchBoard({ legacyErrors }).current()
  const { violations } = checkRequest(body, {
    binding: 'aws-json',
    bodyBytes: 1000,
    caller: { models: defaultModels, refusesExtraFields: false, isOwnThinking: () => true, ...caller },
    switches,
  })
  return { violations, refusal: refusalOf(violations, switches) }
}

const UNSUPPORTED = 'additionalModelRequestFields is not supported for this model'

describe('extra fields', () => {
  const fields = { max_tokens: 2000 }
  const withFields = (modelId: string | undefined, additionalModelRequestFields: unknown = fields) => ({
    ...request(user('Hi', modelId === undefined ? {} : { modelId })),
    additionalModelRequestFields,
  })

  it.each(['claude-sonnet-4.6', 'claude-sonnet-5.5', 'claude-opus-4.8'])('are taken by %s', (modelId) => {
    expect(judge(withFields(modelId)).violations).toEqual([])
  })

  it.each([undefined, 'claude-sonnet-4', 'claude-haiku-4.5', 'claude-opus-4.5', 'glm-5', 'minimax-m2.5'])(
    'are not taken by %s, be they empty or in the legacy mode',
    (modelId) => {
      const expected = { name: 'ValidationException', message: UNSUPPORTED, reason: null }
      expect(judge(withFields(modelId)).refusal).toEqual(expected)
      expect(judge(withFields(modelId, {})).refusal).toEqual(expected)
      expect(judge(withFields(modelId), {}, true).refusal).toEqual(expected)
    },
  )

  it('are refused in the words of the schema', () => {
    expect(judge(withFields('claude-opus-5', { temperature: 1 })).refusal).toEqual({
      name: 'ValidationException',
      message: "property 'temperature' is not defined in the schema",
      reason: null,
    })
  })

  it('are refused to accounts that may send none', () => {
    expect(judge(withFields('claude-opus-5'), { refusesExtraFields: true }).refusal?.message).toBe(
      UNSUPPORTED,
    )
    expect(judge(request(user('Hi')), { refusesExtraFields: true }).refusal).toBeUndefined()
  })
})

describe('models', () => {
  it('of other accounts do not exist', () => {
    const models = defaultModels.slice(0, 2)
    const body = request(user('Hi', { modelId: 'claude-opus-5' }))
    expect(judge(body, { models }).refusal).toMatchObject({ reason: 'INVALID_MODEL_ID' })
    expect(judge(body).refusal).toBeUndefined()
  })
})

/** Whose `hm` was thought by another model than the one of the request. */
const isOwnThinking: Caller['isOwnThinking'] = ({ reasoningText }, modelId) =>
  reasoningText?.text === 'hm' && modelId !== 'claude-opus-5'

describe('thinking in the history', () => {
  const body = request(user('And?', { modelId: 'claude-opus-5' }), [
    user('a'),
    {
      assistantResponseMessage: {
        content: 'b',
        reasoningContent: { reasoningText: { text: 'hm', signature: 'c2ln' } },
      },
    },
  ])

  it('is refused when it is not that of the account and the model', () => {
    const expected = {
      name: 'ValidationException',
      message: 'The thinking signature is not valid.',
      reason: 'THINKING_SIGNATURE_INVALID',
    }
    expect(judge(body, { isOwnThinking }).violations).toMatchObject([
      { rule: 'S24', path: 'conversationState.history.1.assistantResponseMessage.reasoningContent' },
    ])
    expect(judge(body, { isOwnThinking }).refusal).toEqual(expected)
    expect(judge(body, { isOwnThinking }, true).refusal).toEqual(expected)
  })

  it('is accepted otherwise', () => {
    expect(judge(body).violations).toEqual([])
  })
})

describe('cache points', () => {
  const cachePoint = { type: 'default' }
  /** Three on messages and two among the tools. */
  function marked({ modelId = 'claude-sonnet-4.5', onTools = 2 } = {}) {
    const tools = [tool(), ...Array.from({ length: onTools }, () => ({ cachePoint }))]
    const message = assistant('b')
    return request(user('c', { modelId, cachePoint, userInputMessageContext: { tools } }), [
      user('a', { cachePoint }),
      { assistantResponseMessage: { ...message.assistantResponseMessage, cachePoint } },
    ])
  }

  it.each([
    { what: 'four of them', body: marked({ onTools: 1 }), rules: [] },
    { what: 'five of them', body: marked(), rules: ['cache-point'] },
    {
      what: 'one for a model that does not cache',
      body: request(user('Hi', { modelId: 'deepseek-3.2', cachePoint })),
      rules: ['cache-point'],
    },
  ])('$what: $rules', ({ body, rules }) => {
    const { violations } = judge(body)
    expect(violations.map(({ rule }) => rule)).toEqual(rules)
    expect(violations.every(({ reason }) => reason === 'REQUEST_BODY_INVALID')).toBe(true)
  })
})
