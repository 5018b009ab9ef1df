import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Seed } from '../../simulator/identity.ts'
import { readConfig } from '../../src/config.ts'
import { startGateway } from '../../src/gateway.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const RESET = '2100-12-01T00:00:00Z'
const NEXT_RESET = '2101-01-01T00:00:00Z'

const usageSchema = z.looseObject({
  accountId: z.string(),
  plan: z.string().nullable(),
  left: z.number().nullable(),
  limit: z.number().nullable(),
  exhausted: z.boolean().nullable(),
  resetsAt: z.string().nullable(),
  sources: z.array(z.looseObject({ kind: z.string() })),
  readAt: z.string().nullable(),
  error: z.string().nullable(),
})
const accountSchema = z.looseObject({
  id: z.string(),
  enabled: z.boolean(),
  quota: z.looseObject({ left: z.number().nullable() }).nullable(),
  status: z.looseObject({ kind: z.string(), until: z.string().nullable(), message: z.string() }),
})

let gateway: GatewayUnderTest
afterEach(() => gateway.close())

const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
const send = (headers: Record<string, string> = {}) => gateway.postJson('/v1/chat/completions', chat, headers)
const chats = () => gateway.simulator.journal.of('GenerateAssistantResponse').length

/** An account of the simulator, handed in as tokens. */
async function addAccount(seed: Seed = {}) {
  const seeded = gateway.simulator.seed(seed)
  const { clientId, clientSecret, refreshToken } = seeded
  const answer = await gateway.postJson('/v2/accounts', { clientId, clientSecret, refreshToken })
  return { id: accountSchema.parse(await answer.json()).id, simulated: seeded.id }
}
const usageOf = async (id: string, query = '') => {
  const answer = await gateway.fetch(`/v2/accounts/${id}/usage${query}`)
  return usageSchema.parse(await answer.json())
}
const readNow = async (id: string) => {
  const answer = await gateway.fetch(`/v2/accounts/${id}/usage`, { method: 'POST' })
  expect(answer.status).toBe(200)
  return usageSchema.parse(await answer.json())
}
const accountOf = async (id: string) =>
  accountSchema.parse(await (await gateway.fetch(`/v2/accounts/${id}`)).json())

describe('the usage of an account', { timeout: 20_000 }, () => {
  it.each(['epoch-seconds', 'scientific', 'iso'] as const)(
    'is read of the service, with dates as %s, and told with less for each answer',
    async (dateSpelling) => {
      gateway = await startGatewayUnderTest({ withAccount: false })
      gateway.simulator.change({ dateSpelling })
      const { id } = await addAccount({
        kind: 'builder-id',
        creditsPerRequest: 1.5,
        allowance: {
          limit: 50,
          used: 10.25,
          resetsAt: RESET,
          overage: { enabled: true, cap: 20 },
          freeTrial: { limit: 5, used: 1, expiresAt: '2100-11-01T00:00:00Z' },
          bonuses: [{ code: 'HELLO', limit: 3, used: 0, expiresAt: '2100-10-01T00:00:00Z' }],
        },
      })
      expect(await usageOf(id)).toMatchObject({ left: null, readAt: null, error: null })
      expect(await usageOf(id, '?refresh=1')).toMatchObject({
        accountId: id,
        plan: 'KIRO FREE',
        left: 46.75,
        limit: 58,
        exhausted: false,
        resetsAt: RESET,
        sources: [
          { kind: 'plan', used: 10.25, limit: 50, left: 39.75, endsAt: RESET },
          { kind: 'free-trial', left: 4, endsAt: '2100-11-01T00:00:00Z' },
          { kind: 'bonus', name: 'HELLO', left: 3, endsAt: '2100-10-01T00:00:00Z' },
        ],
        overage: { allowed: true, used: 0, cap: 20, left: 20 },
      })
      expect((await send()).status).toBe(200)
      expect(await accountOf(id)).toMatchObject({
        quota: { left: 45.25, limit: 58, resetsAt: RESET, plan: 'KIRO FREE' },
        identity: { plan: 'KIRO FREE' },
      })
      // The service has come to the same.
      expect(await readNow(id)).toMatchObject({ left: 45.25 })
      gateway.assertNoViolation()
    },
  )

  it('is remembered over a restart', async () => {
    gateway = await startGatewayUnderTest()
    await readNow(gateway.accountId)
    expect((await send()).status).toBe(200)
    const before = await usageOf(gateway.accountId)
    await gateway.restart()
    expect(await usageOf(gateway.accountId)).toEqual(before)
  })

  it('dates the pause of an account that is used up, and ends it when there are credits again', async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    const { id, simulated } = await addAccount({ allowance: { limit: 10, used: 10, resetsAt: RESET } })
    expect((await send()).status).toBe(429)
    expect((await accountOf(id)).status.kind).toBe('exhausted')
    expect(await readNow(id)).toMatchObject({ left: 0, exhausted: true, resetsAt: RESET })
    expect(await accountOf(id)).toMatchObject({ status: { kind: 'exhausted', until: RESET } })

    gateway.simulator.configure(simulated, { allowance: { used: 0, resetsAt: NEXT_RESET } })
    expect(await readNow(id)).toMatchObject({ left: 10, exhausted: false })
    expect(await accountOf(id)).toMatchObject({ status: { kind: 'ready' } })
    expect((await send()).status).toBe(200)
  })

  it.each([
    ['overage is allowed', { overage: { enabled: true } }],
    ['the plan is larger', { limit: 1000, subscription: 'PRO' as const }],
  ])('brings an account back when %s', async (_, allowance) => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    const { id, simulated } = await addAccount({ allowance: { limit: 10, used: 10, resetsAt: RESET } })
    await readNow(id)
    expect((await send()).status).toBe(429)
    gateway.simulator.configure(simulated, { allowance })
    await readNow(id)
    expect((await send()).status).toBe(200)
  })

  it('does not bring back one that is refused for a day although it has credits', async () => {
    gateway = await startGatewayUnderTest()
    await readNow(gateway.accountId)
    gateway.simulator.plan({ behaviour: { kind: 'named', name: 'daily-limit' } })
    expect((await send()).status).toBe(429)
    const { status } = await accountOf(gateway.accountId)
    await readNow(gateway.accountId)
    expect((await accountOf(gateway.accountId)).status).toEqual(status)
  })

  it('that cannot be read is 502 with the reason, which stays beside what was read before', async () => {
    gateway = await startGatewayUnderTest()
    const { accountId: id } = gateway
    const { left } = await readNow(id)
    const [simulated] = gateway.simulator.accounts()
    gateway.simulator.configure(simulated?.id ?? '', { standing: 'suspended' })
    const refused = await gateway.fetch(`/v2/accounts/${id}/usage?refresh=1`)
    expect(refused.status).toBe(502)
    const reason = expect.stringMatching(/suspended|locked/i)
    expect(await refused.json()).toMatchObject({ error: { message: reason } })
    expect(await usageOf(id)).toMatchObject({ left, error: reason })
    // Only the answers to requests move an account.
    expect((await accountOf(id)).status.kind).toBe('ready')

    expect((await send()).status).toBe(402)
    expect((await accountOf(id)).status.kind).toBe('parked')
    gateway.simulator.configure(simulated?.id ?? '', { standing: 'good' })
    expect(await readNow(id)).toMatchObject({ left, error: null })
    // Nor does one that answers again come back without its operator.
    expect((await accountOf(id)).status.kind).toBe('parked')
  })

  it('that nobody tells is unknown, and used on', async () => {
    gateway = await startGatewayUnderTest()
    const behaviour = { kind: 'json' as const, body: { usageBreakdownList: [] } }
    gateway.simulator.plan({ operation: 'GetUsageLimits', behaviour })
    expect(await readNow(gateway.accountId)).toMatchObject({ left: null, exhausted: false, sources: [] })
    expect((await send()).status).toBe(200)
  })

  it.each(['GET', 'POST'])('of no account is 404: %s', async (method) => {
    gateway = await startGatewayUnderTest()
    const answer = await gateway.fetch('/v2/accounts/nobody/usage', { method })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'account_not_found' } })
  })

  it('is read by itself soon after the account came', async () => {
    gateway = await startGatewayUnderTest()
    await expect
      .poll(async () => (await accountOf(gateway.accountId)).quota?.left, { timeout: 15_000 })
      .toBe(1_000_000)
  })
})

describe('an account that was handed in as tokens', { timeout: 20_000 }, () => {
  it('is signed in again in place by the same person, once it was read who it is', async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    const { id, simulated } = await addAccount({ kind: 'builder-id' })
    await readNow(id)
    const started = await gateway.postJson('/v2/auth/start', {})
    const { authId, userCode } = z
      .object({ authId: z.string(), userCode: z.string() })
      .parse(await started.json())
    expect(gateway.simulator.approve(userCode, simulated)).toBe(true)
    const claimed = await gateway.fetch(`/v2/auth/claim/${authId}`, { method: 'POST' })
    expect(await claimed.json()).toMatchObject({ status: 'completed', account: { id } })
    expect(await (await gateway.fetch('/v2/accounts')).json()).toMatchObject({ count: 1 })
  })

  it('is fed without a chat, and not enabled when the service refuses it', async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    const good = gateway.simulator.seed()
    const bad = gateway.simulator.seed({ standing: 'suspended' })
    const untold = gateway.simulator.seed({ standing: 'out-of-support' })
    const accounts = [good, bad, untold].map(({ clientId, clientSecret, refreshToken }) => ({
      clientId,
      clientSecret,
      refreshToken,
    }))
    const fed = await (await gateway.postJson('/v2/accounts/feed', { accounts })).json()
    const ids = z.object({ account_ids: z.array(z.string()) }).parse(fed).account_ids
    const look = () => Promise.all(ids.map(accountOf))
    await expect.poll(async () => (await look()).map(({ enabled }) => enabled)).toEqual([true, false, true])
    await expect
      .poll(async () => (await look())[1]?.status.message)
      .toMatch(/did not work.*(suspended|locked)/i)
    expect((await look())[0]?.quota?.left).toBe(1_000_000)
    expect(chats()).toBe(0)
  })
})

const usageAnswer = z.strictObject({
  object: z.literal('usage'),
  key: z.string(),
  day: z.string(),
  today: z.looseObject({ requests: z.number(), credits: z.number() }),
  month: z.looseObject({ requests: z.number() }),
  models: z.array(z.looseObject({ model: z.string() })),
})

const as = (key: string) => ({ authorization: `Bearer ${key}` })
const ownUsage = async (headers: Record<string, string> = {}) => {
  const answer = await gateway.fetch('/v1/usage', { headers })
  expect(answer.status).toBe(200)
  return usageAnswer.parse(await answer.json())
}

describe("a key's own usage", () => {
  it('is told to that key alone, by day, month and model, over a restart', async () => {
    gateway = await startGatewayUnderTest({
      environment: { OPENAI_KEYS: 'sk-canary-one,sk-canary-two', ADMIN_PASSWORD: 'open sesame, please' },
    })
    for (let round = 0; round < 2; round += 1) expect((await send(as('sk-canary-one'))).status).toBe(200)
    const stream = { ...chat, stream: true, model: 'claude-sonnet-4' }
    const streamed = await gateway.postJson('/v1/chat/completions', stream, { 'x-api-key': 'sk-canary-one' })
    await streamed.text()
    expect((await send(as('sk-canary-two'))).status).toBe(200)
    // A request that is refused before it is played is no use.
    await gateway.postJson('/v1/chat/completions', {}, as('sk-canary-one'))

    await expect.poll(async () => (await ownUsage(as('sk-canary-one'))).today.requests).toBe(3)
    const one = await ownUsage(as('sk-canary-one'))
    expect(one).toMatchObject({
      today: { requests: 3, unanswered_requests: 0, credits: 0.09 },
      month: { requests: 3 },
      models: [
        { model: 'claude-sonnet-4', today: { requests: 1, credits: 0.03 } },
        { model: 'claude-sonnet-4.5', today: { requests: 2, credits: 0.06 } },
      ],
    })
    const two = await ownUsage(as('sk-canary-two'))
    expect(two.today.requests).toBe(1)
    expect(two.key).not.toBe(one.key)
    await gateway.restart()
    expect(await ownUsage(as('sk-canary-one'))).toEqual(one)
    expect((await gateway.fetch('/v1/usage')).status).toBe(401)
    expect((await gateway.fetch('/v1/usage', { headers: as('sk-canary-made-up') })).status).toBe(401)

    const files = readdirSync(gateway.dataDirectory, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => readFileSync(join(gateway.dataDirectory, name), 'latin1'))
    expect([JSON.stringify([one, two]), ...gateway.log, ...files].join('\n')).not.toContain('sk-canary')
  })

  it('and that of accounts are one in all processes on a database', { timeout: 20_000 }, async () => {
    gateway = await startGatewayUnderTest()
    const config = readConfig({
      PORT: '0',
      DATA_DIR: gateway.dataDirectory,
      AMAZON_Q_ENDPOINT: gateway.simulator.url,
      OIDC_ENDPOINT: gateway.simulator.url,
    })
    const other = await startGateway(config, pino({ level: 'silent' }), { version: '0.0.0-test' })
    const path = `/v2/accounts/${gateway.accountId}/usage`
    try {
      for (let round = 0; round < 6; round += 1) {
        const url = `${round % 2 === 0 ? gateway.url : other.url}/v1/chat/completions`
        const headers = { 'content-type': 'application/json' }
        const sent = await fetch(url, { method: 'POST', headers, body: JSON.stringify(chat) })
        expect(sent.status).toBe(200)
      }
      await expect
        .poll(async () => (await ownUsage()).today, { timeout: 10_000 })
        .toMatchObject({ requests: 6, credits: 0.18 })
      const { left } = await readNow(gateway.accountId)
      expect(left).toBe(999_999.82)
      await expect
        .poll(async () => usageSchema.parse(await (await fetch(other.url + path)).json()).left, {
          timeout: 10_000,
        })
        .toBe(left)
    } finally {
      await other.close()
    }
  })

  it('is that of all clients while no key is asked for, and counts requests without an answer', async () => {
    gateway = await startGatewayUnderTest()
    expect((await send()).status).toBe(200)
    gateway.simulator.plan({ behaviour: { kind: 'named', name: 'suspended' } })
    expect((await send(as('made-up'))).status).toBe(402)
    expect(await ownUsage(as('another'))).toMatchObject({
      key: 'open',
      today: {
        requests: 2,
        unanswered_requests: 1,
        credits: 0.03,
        tokens_by_source: { upstream: expect.any(Number) },
      },
    })
  })
})
