/** What one account may do and another may not. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { request, user } from './rules/sample-request.ts'
import { startSimulator, type Simulator } from './simulator.ts'
import { createTestClient, type TestClient } from './test-client.ts'

let simulator: Simulator
let client: TestClient

beforeAll(async () => {
  simulator = await startSimulator()
  client = createTestClient(simulator)
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

const TARGET = 'AmazonCodeWhispererService.ListAvailableModels'

async function listModels(accessToken: string, binding: 'aws-json' | 'rest-json') {
  const response =
    binding === 'aws-json'
      ? await client.send({ origin: 'CLI' }, { accessToken, headers: { 'x-amz-target': TARGET } })
      : await fetch(`${simulator.url}/ListAvailableModels?origin=CLI`, {
          headers: { authorization: `Bearer ${accessToken}` },
        })
  const body: unknown = await response.json()
  return body
}

async function modelIdsOf(accessToken: string): Promise<string[]> {
  const { models = [] }: { models?: { modelId: string }[] } = Object(
    await listModels(accessToken, 'rest-json'),
  )
  return models.map(({ modelId }) => modelId)
}

async function reasonOf(response: Response): Promise<unknown> {
  return response.ok ? undefined : Object(await response.json()).reason
}

const askModel = (modelId: string, more: object = {}) => ({ ...request(user('Hi', { modelId })), ...more })

describe('the models of an account', () => {
  it('are all of them, unless it is told otherwise', async () => {
    const modelIds = await modelIdsOf(simulator.seed().accessToken)
    expect(modelIds).toContain('gpt-5.6-terra')
    expect(modelIds).not.toContain('auto')
  })

  it('are those that it can list and use', async () => {
    const { accessToken } = simulator.seed({ models: ['claude-sonnet-4', 'claude-opus-5'] })
    expect(await modelIdsOf(accessToken)).toEqual(['claude-sonnet-4', 'claude-opus-5'])
    const use = async (modelId: string) => reasonOf(await client.send(askModel(modelId), { accessToken }))
    expect(await use('claude-opus-5')).toBeUndefined()
    expect(await use('claude-opus-4.8')).toBe('INVALID_MODEL_ID')
  })

  it('come and go', async () => {
    const { accessToken, id } = simulator.seed()
    simulator.configure(id, { models: ['glm-5'] })
    expect(await modelIdsOf(accessToken)).toEqual(['glm-5'])
    expect((await client.control('PATCH', `accounts/${id}`, { models: null })).status).toBe(200)
    expect((await modelIdsOf(accessToken)).length).toBeGreaterThan(10)
    expect((await client.control('PATCH', 'accounts/nobody', {})).status).toBe(404)
  })

  it('can fail one by one, though they are listed', async () => {
    const { accessToken, id } = simulator.seed()
    const behaviour = { kind: 'named', name: 'invalid-model' } as const
    simulator.plan({ accountId: id, modelId: 'claude-opus-5', behaviour })
    const use = async (modelId: string) => reasonOf(await client.send(askModel(modelId), { accessToken }))
    expect(await use('claude-opus-5')).toBe('INVALID_MODEL_ID')
    expect(await use('claude-sonnet-5')).toBeUndefined()
  })

  it.each(['aws-json', 'rest-json'] as const)('tell in %s what they take', async (binding) => {
    const body = await listModels(simulator.seed().accessToken, binding)
    const { models }: { models: { modelId: string }[] } = Object(body)
    const find = (modelId: string) => models.find((model) => model.modelId === modelId)
    const schema = { type: 'object', additionalProperties: false }
    expect(find('claude-opus-5')).toMatchObject({
      supportedInputTypes: ['TEXT', 'IMAGE'],
      promptCaching: {
        supportsPromptCaching: true,
        minimumTokensPerCacheCheckpoint: 1024,
        maximumCacheCheckpointsPerRequest: 4,
      },
      additionalModelRequestFieldsSchema: {
        ...schema,
        properties: {
          output_config: { ...schema, properties: { effort: { type: 'string', default: 'high' } } },
        },
      },
    })
    expect(find('gpt-5.6-sol')).toMatchObject({
      promptCaching: { supportsPromptCaching: false },
      additionalModelRequestFieldsSchema: { ...schema, properties: { reasoning: schema } },
    })
    for (const modelId of ['claude-sonnet-4.5', 'claude-haiku-4.5', 'qwen3-coder-next']) {
      expect(find(modelId)).not.toHaveProperty('additionalModelRequestFieldsSchema')
    }
  })
})

describe('extra fields', () => {
  it('are refused to one account and taken from another', async () => {
    const body = askModel('claude-opus-5', { additionalModelRequestFields: { max_tokens: 2000 } })
    const { accessToken } = simulator.seed({ refusesExtraFields: true })
    const refused = await client.send(body, { accessToken })
    expect(await refused.json()).toMatchObject({
      message: 'additionalModelRequestFields is not supported for this model',
    })
    expect((await client.send(body)).status).toBe(200)
  })

  it('stay refused after another login', () => {
    const { id, clientId } = simulator.seed({ refusesExtraFields: true, models: ['glm-5'] })
    simulator.seed({ id, clientId })
    expect(simulator.accounts()).toMatchObject([{ id, refusesExtraFields: true, models: ['glm-5'] }])
  })
})

describe('odd lists of models', () => {
  it.each(['empty-model-list', 'odd-model-list', 'endless-model-list', 'model-list-without-models'])(
    '%s is JSON with status 200',
    async (name) => {
      const { accessToken } = simulator.seed()
      const before = await listModels(accessToken, 'rest-json')
      simulator.plan({ operation: 'ListAvailableModels', behaviour: { kind: 'named', name } })
      const body = await listModels(accessToken, 'aws-json')
      expect(body).toBeTypeOf('object')
      expect(body).not.toEqual(before)
    },
  )

  it('any other is written out', async () => {
    simulator.plan({ operation: 'ListAvailableModels', behaviour: { kind: 'json', body: [1] } })
    expect(await listModels(simulator.seed().accessToken, 'rest-json')).toEqual([1])
  })
})

describe('an operation that hangs', () => {
  it.each(['ListAvailableModels', 'GenerateAssistantResponse'] as const)(
    '%s ends when the client leaves',
    async (operation) => {
      simulator.plan({ operation, behaviour: { kind: 'named', name: 'hang' } })
      const leave = new AbortController()
      const headers = operation === 'ListAvailableModels' ? { 'x-amz-target': TARGET } : {}
      const body = operation === 'ListAvailableModels' ? { origin: 'CLI' } : request(user('Hi'))
      const answer = client.send(body, { headers, signal: leave.signal })
      const entry = await simulator.journal.waitFor((each) => each.operation === operation)
      expect(entry.outcome).toEqual({ kind: 'pending' })
      leave.abort()
      await expect(answer).rejects.toThrow(/abort/)
      await simulator.journal.waitFor(({ outcome }) => outcome.kind === 'aborted-by-client')
      expect(entry.outcome).toMatchObject({ bytesWritten: 0 })
    },
  )
})
