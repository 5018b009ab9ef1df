/** What is asked of the service about accounts, by each binding, before the strict simulator. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Seed } from '../../../simulator/identity.ts'
import { startSimulator, type Simulator } from '../../../simulator/simulator.ts'
import { systemClock as clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import { createDispatchers, type Dispatchers } from '../../outbound/dispatchers.ts'
import type { Access } from '../upstream.ts'
import { createAmazonQ } from './client.ts'

const ARN = 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/TEST'
const member: Seed = {
  kind: 'identity-center',
  identity: { userId: 'd-1.user-1', email: 'person@example.com' },
  profiles: [{ arn: ARN, profileName: 'Team' }],
  allowance: {
    limit: 1000,
    used: 3.25,
    resetsAt: '2100-12-01T00:00:00Z',
    overage: { enabled: true, cap: 50, used: 2 },
    freeTrial: { limit: 500, used: 0, expiresAt: '2100-11-30T00:00:00Z' },
    bonuses: [{ code: 'WELCOME', limit: 20, used: 1.5, expiresAt: '2100-11-29T00:00:00Z' }],
  },
}

let simulator: Simulator
let dispatchers: Dispatchers
beforeAll(async () => {
  simulator = await startSimulator()
  dispatchers = createDispatchers({ connectTimeoutMs: 5000 })
})
afterEach(() => simulator.reset())
afterAll(async () => {
  await dispatchers.close()
  await simulator.close()
})

function inquirer(channel: string, seed: Seed, changes: Partial<Access> = {}) {
  const { accessToken } = simulator.seed(seed)
  const amazonQ = createAmazonQ({
    version: '0.0.0',
    ...dispatchers,
    clock,
    timeouts: { headersMs: 20_000, errorBodyMs: 5000 },
    newId: () => crypto.randomUUID(),
    endpoint: simulator.url,
  })
  const plain = { accountId: 'a', accessToken, channel, region: 'us-east-1', optsOut: true }
  return { amazonQ, access: { ...plain, ...changes }, signal: new AbortController().signal }
}

async function failureOf(promise: Promise<unknown>): Promise<string> {
  const thrown: unknown = await promise.catch((error: unknown) => error)
  if (thrown instanceof GatewayError) return thrown.failure.kind
  throw new Error('It did not fail as it should.')
}

describe.each([
  { channel: 'q-json', binding: 'aws-json' },
  { channel: 'q-rest', binding: 'rest-json' },
  { channel: 'kiro-runtime', binding: 'kiro-management' },
])('the channel $channel', ({ channel, binding }) => {
  it.each(['epoch-seconds', 'scientific', 'iso'] as const)(
    'tells who an account is and what it has used, with dates as %s',
    async (dateSpelling) => {
      simulator.change({ dateSpelling })
      const { amazonQ, access, signal } = inquirer(channel, member, { profileArn: ARN })
      const { facts, quota } = await amazonQ.readUsage(access, signal)
      expect(facts).toEqual({ userId: 'd-1.user-1', email: 'person@example.com', plan: 'KIRO PRO' })
      expect(quota).toEqual({
        readAt: expect.any(Date),
        planName: 'KIRO PRO',
        sources: [
          { kind: 'plan', used: 3.25, limit: 1000, endsAt: new Date('2100-12-01T00:00:00Z') },
          { kind: 'free-trial', used: 0, limit: 500, endsAt: new Date('2100-11-30T00:00:00Z') },
          { kind: 'bonus', name: 'WELCOME', used: 1.5, limit: 20, endsAt: new Date('2100-11-29T00:00:00Z') },
        ],
        overage: { isAllowed: true, used: 2, cap: 50 },
      })
      expect(simulator.journal.entries()).toMatchObject([
        { operation: 'GetUsageLimits', binding, outcome: { kind: 'answered' }, violations: [] },
      ])
    },
  )

  it('lists the profiles of an account, once, although both regions are one host', async () => {
    const { amazonQ, access, signal } = inquirer(channel, member)
    expect(await amazonQ.listProfiles(access, signal)).toEqual({
      profiles: [{ arn: ARN, name: 'Team' }],
      unanswered: [],
      isBuilderId: false,
    })
    const asked = { operation: 'ListAvailableProfiles', binding, outcome: { kind: 'answered' } }
    expect(simulator.journal.entries()).toMatchObject([asked, asked])
  })

  it('knows a Builder ID by what it is told', async () => {
    const { amazonQ, access, signal } = inquirer(channel, { kind: 'builder-id' })
    expect(await amazonQ.listProfiles(access, signal)).toEqual({
      profiles: [],
      unanswered: [],
      isBuilderId: true,
    })
  })

  it('lists models by the same profile and the same origin', async () => {
    const { amazonQ, access, signal } = inquirer(channel, member, { profileArn: ARN, origin: 'CLI' })
    expect((await amazonQ.listModels(access, signal)).length).toBeGreaterThan(0)
    const [asked] = simulator.journal.of('ListAvailableModels')
    expect(asked?.binding).toBe(binding)
    expect(`${asked?.path} ${JSON.stringify(asked?.body)}`).toMatch(/origin\W+CLI\b.*profileArn/)
  })

  it.each([
    ['suspended', 'suspended'],
    ['out-of-support', 'feature-gated'],
  ] as const)('tells that an account is %s', async (standing, kind) => {
    const { amazonQ, access, signal } = inquirer(channel, { ...member, standing }, { profileArn: ARN })
    expect(await failureOf(amazonQ.readUsage(access, signal))).toBe(kind)
    expect(await failureOf(amazonQ.listProfiles(access, signal))).toBe(kind)
  })

  it.each([true, false])('says whether the account opts out: %s', async (optsOut) => {
    const { amazonQ, access, signal } = inquirer(channel, member, { profileArn: ARN, optsOut })
    await amazonQ.readUsage(access, signal)
    expect(simulator.journal.entries()[0]?.headers).toMatchObject({
      'x-amzn-codewhisperer-optout': String(optsOut),
      'user-agent': expect.stringContaining('app/aqueduct'),
    })
  })
})
