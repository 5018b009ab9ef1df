/** What answers cost, what an account is told of it, and what happens when it has no more. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Seed, SeededAccount } from './identity.ts'
import { startSimulator, type Simulator } from './simulator.ts'
import { createTestClient, type TestClient } from './test-client.ts'

const NOW = Date.UTC(2026, 10, 22, 12)

let now = NOW
let simulator: Simulator
let client: TestClient

beforeAll(async () => {
  const time = { now: () => now, after: () => () => undefined }
  simulator = await startSimulator({ time })
  client = createTestClient(simulator)
})
afterAll(() => simulator.close())
beforeEach(() => {
  now = NOW
  simulator.reset()
})

async function usageText({ accessToken }: SeededAccount, query = ''): Promise<string> {
  const response = await fetch(`${simulator.url}/getUsageLimits${query}`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  return response.text()
}

async function usageOf(account: SeededAccount, query?: string): Promise<Record<string, unknown>> {
  return Object(JSON.parse(await usageText(account, query)))
}

/** Asks, reads the answer to its end, and tells of a refusal. */
async function ask({ accessToken }: SeededAccount, prompt = 'Hi') {
  const response = await client.say(prompt, { accessToken })
  const text = await response.text()
  if (response.ok) return { status: response.status, text }
  const { message, reason } = Object(JSON.parse(text))
  return { status: response.status, message, reason }
}

const QUOTA = { status: 402, message: 'You have reached the limit.', reason: 'MONTHLY_REQUEST_COUNT' }
const OVERAGE = {
  status: 402,
  message: 'You have reached the limit for overages.',
  reason: 'OVERAGE_REQUEST_LIMIT_EXCEEDED',
}

describe('an answer', () => {
  it('costs what it says that it costs', async () => {
    const account = simulator.seed({ creditsPerRequest: 1.25 })
    const { text } = await ask(account)
    expect(text).toContain('"usage":1.25')
    expect(await usageOf(account)).toMatchObject({
      usageBreakdownList: [{ currentUsage: 1, currentUsageWithPrecision: 1.25 }],
    })
  })

  it('costs what the switch says, for accounts that say nothing else', async () => {
    simulator.change({ creditsPerRequest: 2 })
    const account = simulator.seed()
    expect((await ask(account, '[[sim:one-tool]]')).text).toContain('"usage":2')
    expect(simulator.accounts()).toMatchObject([{ allowance: { used: 2 } }])
  })

  it('costs as much when it is lost', async () => {
    await expect(ask(simulator.seed(), '[[sim:lost-answer]]')).rejects.toThrow(TypeError)
    expect(simulator.accounts()).toMatchObject([{ allowance: { used: 0.03 } }])
  })

  it('costs nothing when it is a refusal', async () => {
    const account = simulator.seed()
    await ask(account, '[[sim:throttled]]')
    await ask(account, '')
    expect(simulator.accounts()).toMatchObject([{ allowance: { used: 0 } }])
  })
})

describe('an account without credits', () => {
  const poor: Seed = { creditsPerRequest: 1, allowance: { limit: 2 } }

  it('is refused until the month is over', async () => {
    const account = simulator.seed({ ...poor, accessTokenLifeSeconds: 1e9 })
    const statuses = [await ask(account), await ask(account)].map(({ status }) => status)
    expect(statuses).toEqual([200, 200])
    expect(await ask(account)).toEqual(QUOTA)
    const { nextDateReset } = await usageOf(account)
    expect(nextDateReset).toBe(Date.UTC(2026, 11, 1) / 1000)
    now = Number(nextDateReset) * 1000
    expect((await ask(account)).status).toBe(200)
    expect(simulator.accounts()).toMatchObject([{ allowance: { used: 1 } }])
  })

  it('goes on where overage is enabled, up to its cap', async () => {
    const overage = { enabled: true, cap: 1 }
    const account = simulator.seed({ ...poor, allowance: { limit: 1, overage } })
    const statuses = [await ask(account), await ask(account)].map(({ status }) => status)
    expect(statuses).toEqual([200, 200])
    expect(await ask(account)).toEqual(OVERAGE)
    expect(await usageOf(account)).toMatchObject({
      overageConfiguration: { overageStatus: 'ENABLED', overageLimit: 1 },
      usageBreakdownList: [{ currentUsage: 1, currentOverages: 1, overageCharges: 0.04 }],
    })
  })

  it('can be given some by a control route', async () => {
    const account = simulator.seed({ allowance: { limit: 1, used: 1 } })
    expect(await ask(account)).toEqual(QUOTA)
    await client.control('PATCH', `accounts/${account.id}`, { allowance: { limit: 5 } })
    expect((await ask(account)).status).toBe(200)
    expect(simulator.accounts()).toMatchObject([{ allowance: { limit: 5, used: 1.03 } }])
  })
})

describe('usage limits', () => {
  it('tell plan, trial, bonuses and overage', async () => {
    const account = simulator.seed({
      allowance: {
        subscription: 'PRO_PLUS',
        limit: 2000,
        used: 12.5,
        freeTrial: { limit: 500, used: 3, expiresAt: '2026-11-01T00:00:00Z' },
        bonuses: [
          { code: 'WELCOME', limit: 10, used: 1, expiresAt: '2026-12-01T00:00:00Z' },
          { code: 'EMPTY', limit: 10, used: 10, expiresAt: '2026-12-01T00:00:00Z' },
        ],
      },
    })
    expect(await usageOf(account, '?origin=KIRO_CLI&resourceType=AGENTIC_REQUEST')).toMatchObject({
      daysUntilReset: 9,
      nextDateReset: 1_796_083_200,
      subscriptionInfo: { type: 'Q_DEVELOPER_STANDALONE_PRO_PLUS', subscriptionTitle: 'KIRO PRO+' },
      overageConfiguration: { overageStatus: 'DISABLED' },
      usageBreakdownList: [
        {
          resourceType: 'AGENTIC_REQUEST',
          currentUsage: 12,
          currentUsageWithPrecision: 12.5,
          usageLimit: 2000,
          freeTrialInfo: { freeTrialStatus: 'EXPIRED', currentUsage: 3, usageLimit: 500 },
          bonuses: [
            { bonusCode: 'WELCOME', status: 'ACTIVE', expiresAt: 1_796_083_200 },
            { bonusCode: 'EMPTY', status: 'EXHAUSTED' },
          ],
        },
      ],
    })
  })

  it.each([
    { dateSpelling: 'epoch-seconds', spelled: '"nextDateReset":1796083200,' },
    { dateSpelling: 'scientific', spelled: '"nextDateReset":1.7960832E9,' },
    { dateSpelling: 'iso', spelled: '"nextDateReset":"2026-12-01T00:00:00.000Z",' },
  ] as const)('spell dates as the switch says: $dateSpelling', async ({ dateSpelling, spelled }) => {
    simulator.change({ dateSpelling })
    expect(await usageText(simulator.seed())).toContain(spelled)
  })

  it('tell the e-mail address only to those who ask for it', async () => {
    const account = simulator.seed({ identity: { userId: 'd-1.ada', email: 'ada@example.com' } })
    expect((await usageOf(account))['userInfo']).toEqual({ userId: 'd-1.ada' })
    expect((await usageOf(account, '?isEmailRequired=true'))['userInfo']).toEqual({
      userId: 'd-1.ada',
      email: 'ada@example.com',
    })
  })

  it.each([
    { standing: 'suspended', reason: 'TEMPORARILY_SUSPENDED' },
    { standing: 'out-of-support', reason: 'FEATURE_NOT_SUPPORTED' },
  ] as const)('are refused to an account that is $standing, as all else is', async ({ standing, reason }) => {
    const account = simulator.seed({ standing })
    expect(await usageOf(account)).toMatchObject({ reason })
    expect(await ask(account)).toMatchObject({ status: 403, reason })
    simulator.configure(account.id, { standing: 'good' })
    expect((await ask(account)).status).toBe(200)
  })

  it('are refused to a question that is not as modelled', async () => {
    const { message } = await usageOf(simulator.seed(), '?colour=red')
    expect(message).toBe('Improperly formed request.')
  })
})
