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

describe('dispatch', () => {
  it('ignores the target on a REST path', async () => {
    const response = await client.say('Hi', {
      path: '/generateAssistantResponse',
      headers: { 'x-amz-target': 'Some.Other' },
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('x-amzn-codewhisperer-conversation-id')).toBeTruthy()
    expect(await response.text()).not.toContain('initial-response')
  })

  it('begins an awsJson answer with the initial response', async () => {
    const response = await client.say('Hi')
    expect(response.headers.get('x-amzn-codewhisperer-conversation-id')).toBeNull()
    expect(await response.text()).toContain('initial-response')
  })

  it.each([
    { what: 'an unknown target', sent: { headers: { 'x-amz-target': 'Some.Other' } }, status: 404 },
    { what: 'an unknown path', sent: { path: '/nowhere' }, status: 404 },
    { what: 'a wrong content type', sent: { headers: { 'content-type': 'application/json' } }, status: 415 },
  ])('refuses $what', async ({ sent, status }) => {
    expect((await client.say('Hi', sent)).status).toBe(status)
  })

  it('refuses what is not JSON', async () => {
    const response = await client.send('{"conversationState":')
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      __type: 'com.amazon.aws.codewhisperer#ValidationException',
      reason: 'REQUEST_BODY_INVALID_JSON',
    })
  })

  it('names the error in a header in restJson', async () => {
    const response = await client.say('', { path: '/generateAssistantResponse' })
    expect(response.headers.get('x-amzn-errortype')).toBe('ValidationException')
    expect(await response.json()).toEqual({
      message: 'Improperly formed request.',
      reason: 'REQUEST_BODY_INVALID',
    })
  })
})

describe('tokens', () => {
  it('die with their life, whatever the request', async () => {
    const { accessToken } = simulator.seed({ accessTokenLifeSeconds: 10 })
    expect((await client.say('Hi', { accessToken })).status).toBe(200)
    simulator.advance(10_000)
    expect((await client.say('Hi', { accessToken })).status).toBe(403)
  })

  it.each([
    { profileArn: undefined, sent: undefined, status: 200 },
    { profileArn: 'arn:a', sent: 'arn:a', status: 200 },
    { profileArn: 'arn:a', sent: undefined, status: 403 },
    { profileArn: undefined, sent: 'arn:a', status: 403 },
  ])('profile $profileArn, sent $sent: $status', async ({ profileArn, sent, status }) => {
    const { accessToken } = simulator.seed({ profileArn })
    const body = { ...request(user('Hi')), profileArn: sent }
    expect((await client.send(body, { accessToken })).status).toBe(status)
  })
})

describe('the model list', () => {
  it('comes in both bindings, in pages', async () => {
    const { accessToken } = simulator.seed()
    const headers = { 'x-amz-target': 'AmazonCodeWhispererService.ListAvailableModels' }
    const rest = await fetch(`${simulator.url}/ListAvailableModels?origin=CLI&maxResults=2`, {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    const page = {
      defaultModel: { modelId: 'claude-sonnet-4.5' },
      models: [{ tokenLimits: { maxInputTokens: 200_000 } }, { modelId: 'claude-sonnet-4' }],
      nextToken: '2',
    }
    expect(await rest.json()).toMatchObject(page)
    const awsJson = await client.send({ origin: 'CLI', maxResults: 2 }, { accessToken, headers })
    expect(await awsJson.json()).toMatchObject(page)
  })

  it.each([
    { what: 'without an origin', query: '' },
    { what: 'with an unknown member', query: '?origin=CLI&color=red' },
  ])('is refused $what', async ({ query }) => {
    const { accessToken } = simulator.seed()
    const response = await fetch(`${simulator.url}/ListAvailableModels${query}`, {
      headers: { authorization: `Bearer ${accessToken}` },
    })
    expect(response.status).toBe(400)
  })
})
