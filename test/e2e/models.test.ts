import Anthropic from '@anthropic-ai/sdk'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { catalogue } from '../../src/upstreams/amazon-q/catalogue.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const listed = z.object({ data: z.array(z.looseObject({ id: z.string() })) })
const chat = (model: string) => ({ model, max_tokens: 100, messages: [{ role: 'user', content: 'hi' }] })

let gateway: GatewayUnderTest
afterEach(() => gateway.close())

const list = async () => listed.parse(await (await gateway.fetch('/v1/models')).json()).data
const idsOf = (models: { id: string }[]) => models.map(({ id }) => id)

/** An account that has these models alone; the simulator's id of it. */
async function addAccount(models: string[] | null): Promise<string> {
  const { id, ...seeded } = gateway.simulator.seed({ models })
  const answer = await gateway.postJson('/v2/accounts', seeded)
  expect(answer.status).toBe(200)
  return id
}

const askedFor = (operation: 'GenerateAssistantResponse' | 'ListAvailableModels') =>
  gateway.simulator.journal.of(operation)

describe('the models of the accounts', () => {
  it('are listed as soon as there is an account, and not what else is known', async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    expect(idsOf(await list())).toEqual(catalogue.map(({ id }) => id))
    await addAccount(['claude-opus-4.6', 'claude-sonnet-4.5', 'glm-5'])
    const models = await list()
    expect(idsOf(models)).toEqual(['claude-sonnet-4.5', 'claude-opus-4.6', 'glm-5'])
    expect(models[1]).toMatchObject({
      display_name: 'Claude Opus 4.6',
      context_length: 1_000_000,
      max_input_tokens: 1_000_000,
      max_tokens: 128_000,
      max_output_tokens: 128_000,
      line: 'opus',
      lifecycle: 'active',
      capabilities: {
        image_input: { supported: true },
        pdf_input: { supported: true },
        thinking: { supported: true, types: { adaptive: { supported: true } } },
        effort: { supported: true, high: { supported: true }, xhigh: { supported: false } },
      },
    })
    expect(models[2]).toMatchObject({
      line: null,
      capabilities: { image_input: { supported: false }, thinking: { supported: false } },
    })
    gateway.assertNoViolation()
  })

  it.each(['q-json', 'q-rest'])('are asked for by the channel %s', async (channel) => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    const { id: _id, ...seeded } = gateway.simulator.seed({ models: ['glm-5'] })
    await gateway.postJson('/v2/accounts', { ...seeded, channel })
    expect(idsOf(await list())).toEqual(['glm-5'])
    expect(askedFor('ListAvailableModels').map(({ binding }) => binding)).toEqual([
      channel === 'q-json' ? 'aws-json' : 'rest-json',
    ])
  })

  it('decide which account answers', async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    const one = await addAccount(['claude-sonnet-4.5', 'glm-5'])
    const other = await addAccount(['claude-sonnet-4.5', 'deepseek-3.2'])
    expect(idsOf(await list())).toContain('glm-5')
    await gateway.simulator.journal.waitFor(
      ({ operation, accountId, outcome }) =>
        operation === 'ListAvailableModels' && accountId === other && outcome.kind === 'answered',
    )
    for (let round = 0; round < 5; round += 1) {
      for (const model of ['glm-5', 'deepseek-3.2']) {
        const answer = await gateway.postJson('/v1/chat/completions', chat(model))
        expect(answer.status).toBe(200)
        expect(answer.headers.get('x-aqueduct-model')).toBe(model)
      }
    }
    const accounts = askedFor('GenerateAssistantResponse').map(({ accountId }) => accountId)
    expect(accounts).toEqual(Array.from({ length: 10 }, (_, index) => (index % 2 === 0 ? one : other)))
  })

  it('are fetched anew after a restart, and the account stays as it was', async () => {
    gateway = await startGatewayUnderTest()
    await list()
    gateway.simulator.configure(gateway.simulator.accounts()[0]?.id ?? '', { models: ['glm-5'] })
    await gateway.restart()
    expect(idsOf(await list())).toEqual(['glm-5'])
  })

  it.each(['not-authorized', 'suspended', 'internal-error', 'throttled-429'])(
    'are those of the catalogue when the service answers %s, and nobody is blamed for that',
    async (name) => {
      gateway = await startGatewayUnderTest({ withAccount: false })
      gateway.simulator.plan({ operation: 'ListAvailableModels', behaviour: { kind: 'named', name } })
      await addAccount(null)
      expect(idsOf(await list())).toEqual(catalogue.map(({ id }) => id))
      expect((await gateway.postJson('/v1/messages', chat('claude-sonnet-4.5'))).status).toBe(200)
      expect(askedFor('ListAvailableModels')).toHaveLength(1)
      expect(await (await gateway.fetch('/v2/accounts')).json()).toMatchObject({
        accounts: [{ enabled: true, error_count: 0, status: { kind: 'ready' } }],
      })
      expect(gateway.log.join('')).toContain('could not list the models')
    },
  )

  it('are read whole by the official SDK', async () => {
    gateway = await startGatewayUnderTest()
    const anthropic = new Anthropic({ baseURL: gateway.url, apiKey: 'none', maxRetries: 0 })
    const model = await anthropic.models.retrieve('claude-opus-5-5')
    expect(model).toMatchObject({ id: 'claude-opus-5.5', max_input_tokens: 1_000_000, line: 'opus' })
    expect(model.capabilities?.batch.supported).toBe(false)
    expect(model.capabilities?.effort.xhigh?.supported).toBe(true)
    expect(model.capabilities?.context_management.supported).toBe(false)
    expect(model.capabilities?.server_tools.web_search.supported).toBe(true)
    expect(model.capabilities?.thinking.types.disabled.supported).toBe(true)
  })
})

describe('a model that no account has', () => {
  it.each([
    ['/v1/messages', { type: 'error', error: { type: 'not_found_error' } }],
    ['/v1/chat/completions', { error: { code: 'model_not_found', param: 'model' } }],
  ])('is 404 with the names that come near it: %s', async (path, body) => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    await addAccount(['claude-sonnet-4.5', 'claude-haiku-4.5', 'glm-5'])
    await list()
    const answer = await gateway.postJson(path, chat('claude-sonnet-9'))
    const message = expect.stringContaining(
      'model: claude-sonnet-9 is not known here. Near it: claude-sonnet-4.5, claude-haiku-4.5.',
    )
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ ...body, error: { ...body.error, message } })
    expect(askedFor('GenerateAssistantResponse')).toEqual([])
  })
})

describe('the operator’s names', () => {
  const MODEL_ALIASES = 'gpt-4o = claude-sonnet-4-5, hidden=unlisted-model, *=claude-haiku-4.5'

  it('lead to models, are listed, and the answer tells what answered', async () => {
    gateway = await startGatewayUnderTest({ environment: { MODEL_ALIASES } })
    const models = await list()
    expect(models.slice(-2)).toMatchObject([
      { id: 'gpt-4o', display_name: 'gpt-4o (Claude Sonnet 4.5)' },
      { id: 'hidden', display_name: 'hidden (unlisted-model)' },
    ])
    expect(await (await gateway.fetch('/v1/models/gpt-4o')).json()).toEqual(models.at(-2))
    for (const [name, id] of [
      ['gpt-4o', 'claude-sonnet-4.5'],
      ['whatever', 'claude-haiku-4.5'],
      ['claude-opus-4-5-20251101', 'claude-opus-4.5'],
      ['claude-3-5-sonnet-latest', 'claude-sonnet-4.5'],
    ] as const) {
      const answer = await gateway.postJson('/v1/chat/completions', chat(name))
      expect([answer.status, answer.headers.get('x-aqueduct-model')]).toEqual([200, id])
      expect(await answer.json()).toMatchObject({ model: name })
    }
    gateway.assertNoViolation()
  })

  it('may lead to a model that is in no list: the service has the last word', async () => {
    gateway = await startGatewayUnderTest({ environment: { MODEL_ALIASES } })
    const answer = await gateway.postJson('/v1/chat/completions', chat('hidden'))
    expect(answer.status).toBe(404)
    expect(askedFor('GenerateAssistantResponse')).toMatchObject([
      {
        body: { conversationState: { currentMessage: { userInputMessage: { modelId: 'unlisted-model' } } } },
      },
    ])
  })

  it('replace no retired model when the operator does not want it', async () => {
    gateway = await startGatewayUnderTest({ environment: { REPLACE_RETIRED_MODELS: 'false' } })
    expect((await gateway.postJson('/v1/messages', chat('claude-3-5-sonnet-latest'))).status).toBe(404)
  })
})
