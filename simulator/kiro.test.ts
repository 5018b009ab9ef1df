/**
 * The binding of Kiro's runtime. No official client speaks it: the streaming client's only target is that of
 * CodeWhisperer. Its events and rules are those of the other bindings, which the official client judges.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { request, user } from './rules/sample-request.ts'
import { startSimulator, type Simulator } from './simulator.ts'
import { createTestClient, type TestClient } from './test-client.ts'

const PROFILE_ARN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/ONE'
const headers = {
  'x-amz-target': 'KiroRuntimeService.GenerateAssistantResponse',
  'content-type': 'application/x-amz-json-1.0',
}

let simulator: Simulator
let client: TestClient

beforeAll(async () => {
  simulator = await startSimulator()
  client = createTestClient(simulator)
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

function say(prompt: string, more: { path?: string; headers?: Record<string, string>; body?: object } = {}) {
  const { accessToken } = simulator.seed({ profileArn: PROFILE_ARN })
  const body = { ...request(user(prompt)), profileArn: PROFILE_ARN, ...more.body }
  return client.send(body, { accessToken, path: more.path ?? '/', headers: { ...headers, ...more.headers } })
}

describe.each(['/', '/generateAssistantResponse'])("Kiro's runtime at %s", (path) => {
  it('answers a stream, and the conversation in both ways', async () => {
    const response = await say('Hi', { path, body: { agentMode: 'vibe' } })
    expect(response.status).toBe(200)
    const conversationId = response.headers.get('x-amzn-codewhisperer-conversation-id')
    expect(conversationId).toBeTruthy()
    expect(await response.text()).toContain(`initial-response`)
    expect(simulator.journal.entries()).toMatchObject([
      { operation: 'GenerateAssistantResponse', binding: 'kiro-runtime', violations: [] },
    ])
  })

  it('names errors in its own namespace', async () => {
    const refused = await say('', { path })
    expect(await refused.json()).toMatchObject({
      __type: 'com.amazon.kiro.runtimeservice#ValidationException',
      reason: 'REQUEST_BODY_INVALID',
    })
    const planned = await say('[[sim:throttled-429]]', { path })
    expect([planned.status, planned.headers.get('content-type')]).toEqual([429, 'application/x-amz-json-1.0'])
    expect(await planned.json()).toMatchObject({
      __type: 'com.amazon.kiro.runtimeservice#ThrottlingException',
    })
  })

  it('takes awsJson only', async () => {
    const response = await say('Hi', { path, headers: { 'content-type': 'text/plain' } })
    expect(response.status).toBe(415)
  })
})

it('what is not JSON is refused for that', async () => {
  const { accessToken } = simulator.seed({ profileArn: PROFILE_ARN })
  const refused = await client.send('{', { accessToken, headers })
  expect(await refused.json()).toMatchObject({ reason: 'REQUEST_BODY_INVALID_JSON' })
})

it('another target of that service means nothing', async () => {
  const response = await say('Hi', { headers: { 'x-amz-target': 'KiroRuntimeService.GetUsageLimits' } })
  expect(response.status).toBe(404)
})
