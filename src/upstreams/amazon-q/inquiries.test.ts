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
    'tells who an account is, with dates as %s',
    async (dateSpelling) => {
      simulator.change({ dateSpelling })
      const { amazonQ, access, signal } = inquirer(channel, member, { profileArn: ARN })
      expect(await amazonQ.readFacts(access, signal)).toEqual({
        userId: 'd-1.user-1',
        email: 'person@example.com',
        plan: 'KIRO PRO',
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
    expect(await failureOf(amazonQ.readFacts(access, signal))).toBe(kind)
    expect(await failureOf(amazonQ.listProfiles(access, signal))).toBe(kind)
  })

  it.each([true, false])('says whether the account opts out: %s', async (optsOut) => {
    const { amazonQ, access, signal } = inquirer(channel, member, { profileArn: ARN, optsOut })
    await amazonQ.readFacts(access, signal)
    expect(simulator.journal.entries()[0]?.headers).toMatchObject({
      'x-amzn-codewhisperer-optout': String(optsOut),
      'user-agent': expect.stringContaining('app/aqueduct'),
    })
  })
})
