import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { roundTrip } from './rules/sample-request.ts'
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

describe('control routes', () => {
  it('seed an account that can chat', async () => {
    const seeded = await client.control('POST', 'accounts', { id: 'demo', accessToken: 'aoa-demo' })
    expect(seeded.json).toMatchObject({ id: 'demo', accessToken: 'aoa-demo' })
    expect((await client.send(roundTrip(), { accessToken: 'aoa-demo' })).status).toBe(200)
    expect((await client.control('GET', 'accounts')).json).toMatchObject([{ id: 'demo', signedIn: true }])
    await client.control('POST', 'accounts/demo/revoke', { scope: 'access-tokens' })
    expect((await client.send(roundTrip(), { accessToken: 'aoa-demo' })).status).toBe(403)
  })

  it('plan, read the journal and reset', async () => {
    const { accessToken } = simulator.seed()
    await client.control('POST', 'plans', { times: 1, behaviour: { kind: 'named', name: 'suspended' } })
    expect((await client.say('Hi', { accessToken })).status).toBe(403)
    expect((await client.control('GET', 'journal')).json).toMatchObject({
      entries: [{ outcome: { kind: 'refused', reason: 'TEMPORARILY_SUSPENDED' } }],
    })
    await client.control('POST', 'reset', {})
    expect((await client.control('GET', 'journal')).json).toMatchObject({ entries: [] })
  })

  it('change switches one by one', async () => {
    const { json } = await client.control('PATCH', 'switches', { lenient: true, limits: { bodyBytes: 10 } })
    expect(json).toMatchObject({
      lenient: true,
      legacyErrors: false,
      limits: { bodyBytes: 10, historyEntries: 10_000 },
    })
  })

  it('age tokens', async () => {
    const { accessToken } = simulator.seed()
    await client.control('POST', 'clock', { advanceSeconds: 3600 })
    expect((await client.say('Hi', { accessToken })).status).toBe(403)
  })

  it.each([
    { method: 'GET', path: 'nowhere', body: undefined, status: 404 },
    { method: 'POST', path: 'device-codes/AAAA-BBBB', body: { decision: 'approve' }, status: 404 },
    { method: 'POST', path: 'plans', body: { behaviour: { kind: 'named', name: 'nobody' } }, status: 400 },
    { method: 'PATCH', path: 'switches', body: { strictness: 11 }, status: 400 },
  ])('$method $path: $status', async ({ method, path, body, status }) => {
    expect((await client.control(method, path, body)).status).toBe(status)
  })

  it('show a page that approves a sign-in', async () => {
    simulator.change({ approvalPage: true })
    const { clientId, clientSecret } = simulator.seed()
    const started = await fetch(`${simulator.url}/device_authorization`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ clientId, clientSecret, startUrl: 'https://example.com/start' }),
    })
    const { verificationUriComplete } = Object(await started.json())
    const form = await (await fetch(verificationUriComplete)).text()
    const [userCode = ''] = /[A-Z]{4}-[A-Z]{4}(?=" required)/.exec(form) ?? []
    const body = new URLSearchParams({ user_code: userCode, decision: 'approve' })
    const done = await fetch(`${simulator.url}/__simulator/device`, { method: 'POST', body })
    expect(await done.text()).toContain('approved')
    expect(simulator.deviceLogins()).toMatchObject([{ userCode, state: 'approved' }])
  })
})
