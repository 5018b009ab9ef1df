/** Kinds of accounts, their profiles, and which of them a request must name. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type InquiryAnswer, inquire } from './inquiry-client.ts'
import { request, user } from './rules/sample-request.ts'
import { startSimulator, type Simulator } from './simulator.ts'
import { createTestClient, type TestClient } from './test-client.ts'
import { kindOfStartUrl } from './traits.ts'

const AMERICAN = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/AMERICAN'
const EUROPEAN = 'arn:aws:codewhisperer:eu-central-1:111122223333:profile/EUROPEAN'
const UNREADY = 'arn:aws:codewhisperer:us-east-1:111122223333:profile/UNREADY'
const OF_THE_SERVICE = 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX'
const KIRO_TARGET = 'KiroRuntimeService.GenerateAssistantResponse'
const bindings = ['aws-json', 'rest-json', 'kiro-management'] as const

let simulator: Simulator
let client: TestClient

beforeAll(async () => {
  simulator = await startSimulator()
  client = createTestClient(simulator)
})
afterAll(() => simulator.close())
beforeEach(() => simulator.reset())

function seed(kind: 'builder-id' | 'identity-center') {
  if (kind === 'builder-id') return simulator.seed()
  const unready = { arn: UNREADY, status: 'CREATING' } as const
  return simulator.seed({ profiles: [{ arn: AMERICAN, profileName: 'America' }, { arn: EUROPEAN }, unready] })
}

function arnsIn({ json }: InquiryAnswer): string[] {
  const { profiles }: { profiles: { arn: string }[] } = Object(json)
  return profiles.map(({ arn }) => arn)
}

describe('the kind of an account', () => {
  it.each([
    { startUrl: 'https://view.awsapps.com/start', kind: 'builder-id' },
    { startUrl: 'https://view.awsapps.com/start/#/', kind: 'builder-id' },
    { startUrl: 'https://d-1234567890.awsapps.com/start', kind: 'identity-center' },
    { startUrl: 'https://view-of-us.awsapps.com/start', kind: 'identity-center' },
  ])('at $startUrl is $kind', ({ startUrl, kind }) => {
    expect(kindOfStartUrl(startUrl)).toBe(kind)
  })

  it.each([
    { what: 'nothing', given: {}, kind: 'builder-id', arns: [] },
    { what: 'a profile', given: { profileArn: AMERICAN }, kind: 'identity-center', arns: [AMERICAN] },
    {
      what: 'profiles',
      given: { profiles: [{ arn: EUROPEAN }] },
      kind: 'identity-center',
      arns: [EUROPEAN],
    },
    {
      what: 'a kind and no profile',
      given: { kind: 'identity-center', profiles: [] },
      kind: 'identity-center',
      arns: [],
    },
  ] as const)('follows from $what', ({ given, kind, arns }) => {
    simulator.seed(given)
    const [account] = simulator.accounts()
    expect(account?.kind).toBe(kind)
    expect(account?.profiles.map(({ arn }) => arn)).toEqual(arns)
  })

  it('brings one profile in each region of the switch', () => {
    simulator.change({ profileRegions: ['us-east-1', 'eu-central-1'] })
    simulator.seed({ kind: 'identity-center' })
    expect(simulator.accounts()).toMatchObject([
      {
        profiles: [
          { arn: expect.stringMatching(/^arn:aws:codewhisperer:us-east-1:\d{12}:profile\/[A-Z]{12}$/) },
          { arn: expect.stringContaining(':eu-central-1:') },
        ],
      },
    ])
  })

  it('can be changed with profiles and identity, by a control route', async () => {
    const { id } = simulator.seed()
    const { status } = await client.control('PATCH', `accounts/${id}`, {
      kind: 'identity-center',
      profiles: [{ arn: AMERICAN }],
      identity: { email: 'ada@example.com' },
    })
    expect(status).toBe(200)
    expect((await client.control('GET', 'accounts')).json).toMatchObject([
      {
        kind: 'identity-center',
        profiles: [{ arn: AMERICAN }],
        identity: { userId: expect.stringMatching(/^d-/), email: 'ada@example.com' },
      },
    ])
  })
})

describe.each(bindings)('profiles over %s', (binding) => {
  const list = (accessToken: string, more: { input?: Record<string, string | number>; host?: string } = {}) =>
    inquire(simulator, 'ListAvailableProfiles', { accessToken, binding, ...more })

  it('come with their names, and in pages', async () => {
    const { accessToken, clientId } = seed('identity-center')
    const first = await list(accessToken, { input: { maxResults: 2 } })
    expect(first.json).toMatchObject({
      profiles: [
        {
          arn: AMERICAN,
          profileName: 'America',
          status: 'ACTIVE',
          identityDetails: { ssoIdentityDetails: { oidcClientId: clientId } },
        },
        { arn: EUROPEAN },
      ],
      nextToken: '2',
    })
    const second = await list(accessToken, { input: { maxResults: 2, nextToken: '2' } })
    expect(arnsIn(second)).toEqual([UNREADY])
    expect(second.json).not.toHaveProperty('nextToken')
  })

  it.each([
    { host: 'q.us-east-1.amazonaws.com', arns: [AMERICAN, UNREADY] },
    { host: 'management.eu-central-1.kiro.dev:443', arns: [EUROPEAN] },
    { host: 'simulator:80', arns: [AMERICAN, EUROPEAN, UNREADY] },
  ])('are those of the region at $host', async ({ host, arns }) => {
    const { accessToken } = seed('identity-center')
    expect(arnsIn(await list(accessToken, { host }))).toEqual(arns)
  })

  it.each([
    { what: 'a Builder ID', input: {}, status: 403, message: /^AWS Builder ID is not supported/ },
    { what: 'an odd question', input: { profileArn: AMERICAN }, status: 400, message: /^Improperly formed/ },
  ])('are refused to $what', async ({ input, status, message }) => {
    const { accessToken } = seed(status === 403 ? 'builder-id' : 'identity-center')
    const answer = await list(accessToken, { input })
    expect(answer).toMatchObject({ status, json: { message: expect.stringMatching(message) } })
  })

  it('fail as planned, and are told by the journal', async () => {
    const { accessToken } = seed('identity-center')
    const behaviour = { kind: 'named', name: 'unavailable' } as const
    for (const operation of ['ListAvailableProfiles', 'GetUsageLimits'] as const) {
      simulator.plan({ operation, times: 1, behaviour })
      const { status, errorType, json } = await inquire(simulator, operation, { accessToken, binding })
      expect(status).toBe(503)
      expect(binding === 'aws-json' ? json['__type'] : errorType).toMatch(/ServiceUnavailableException$/)
      expect(simulator.journal.of(operation)).toMatchObject([{ binding, outcome: { kind: 'refused' } }])
    }
    expect(arnsIn(await list(accessToken))).toHaveLength(3)
  })
})

const BUILDER_ID = 'AWS Builder ID is not supported for this operation.'
const NOT_AUTHORIZED = 'User is not authorized to make this call.'
const REQUIRED = 'profileArn is required for this request.'

describe('the profile of a chat request', () => {
  it.each([
    { kind: 'builder-id', at: 'q', sent: undefined, says: undefined },
    { kind: 'builder-id', at: 'q', sent: OF_THE_SERVICE, says: BUILDER_ID },
    { kind: 'builder-id', at: 'q', sent: AMERICAN, says: BUILDER_ID },
    { kind: 'builder-id', at: 'kiro', sent: undefined, says: REQUIRED },
    { kind: 'builder-id', at: 'kiro', sent: OF_THE_SERVICE, says: undefined },
    { kind: 'builder-id', at: 'kiro', sent: AMERICAN, says: NOT_AUTHORIZED },
    { kind: 'identity-center', at: 'q', sent: undefined, says: NOT_AUTHORIZED },
    { kind: 'identity-center', at: 'q', sent: AMERICAN, says: undefined },
    { kind: 'identity-center', at: 'q', sent: EUROPEAN, says: undefined },
    { kind: 'identity-center', at: 'q', sent: UNREADY, says: NOT_AUTHORIZED },
    { kind: 'identity-center', at: 'q', sent: OF_THE_SERVICE, says: NOT_AUTHORIZED },
    { kind: 'identity-center', at: 'kiro', sent: undefined, says: REQUIRED },
    { kind: 'identity-center', at: 'kiro', sent: EUROPEAN, says: undefined },
    { kind: 'identity-center', at: 'kiro', sent: OF_THE_SERVICE, says: NOT_AUTHORIZED },
  ] as const)('of $kind at $at, $sent: $says', async ({ kind, at, sent, says }) => {
    const { accessToken } = seed(kind)
    const headers: Record<string, string> = at === 'kiro' ? { 'x-amz-target': KIRO_TARGET } : {}
    const body = { ...request(user('Hi')), profileArn: sent }
    const response = await client.send(body, { accessToken, headers })
    const message: unknown = response.ok ? undefined : Object(await response.json()).message
    const status = says === REQUIRED ? 400 : 403
    expect([response.status, message]).toEqual([says === undefined ? 200 : status, says])
  })

  it('does not matter when the switch is off', async () => {
    simulator.change({ profilePolicy: false })
    const { accessToken } = seed('identity-center')
    expect((await client.say('Hi', { accessToken })).status).toBe(200)
  })
})

describe('the profile of an inquiry', () => {
  it.each([
    { kind: 'builder-id', inquiry: 'GetUsageLimits', sent: undefined, says: undefined },
    { kind: 'builder-id', inquiry: 'GetUsageLimits', sent: OF_THE_SERVICE, says: undefined },
    { kind: 'builder-id', inquiry: 'GetUsageLimits', sent: AMERICAN, says: BUILDER_ID },
    { kind: 'builder-id', inquiry: 'ListAvailableModels', sent: undefined, says: undefined },
    { kind: 'builder-id', inquiry: 'ListAvailableModels', sent: OF_THE_SERVICE, says: BUILDER_ID },
    { kind: 'identity-center', inquiry: 'GetUsageLimits', sent: undefined, says: NOT_AUTHORIZED },
    { kind: 'identity-center', inquiry: 'GetUsageLimits', sent: AMERICAN, says: undefined },
    { kind: 'identity-center', inquiry: 'ListAvailableModels', sent: undefined, says: NOT_AUTHORIZED },
    { kind: 'identity-center', inquiry: 'ListAvailableModels', sent: EUROPEAN, says: undefined },
  ] as const)('$inquiry of $kind, $sent: $says', async ({ kind, inquiry, sent, says }) => {
    const { accessToken } = seed(kind)
    const input = { origin: 'KIRO_CLI', ...(sent !== undefined && { profileArn: sent }) }
    for (const binding of ['aws-json', 'rest-json'] as const) {
      const { status, json } = await inquire(simulator, inquiry, { accessToken, binding, input })
      expect([status, json['message']]).toEqual(says === undefined ? [200, undefined] : [403, says])
    }
  })

  it('must live in the region of the host', async () => {
    const { accessToken } = seed('identity-center')
    const ask = (profileArn: string) =>
      inquire(simulator, 'GetUsageLimits', {
        accessToken,
        binding: 'rest-json',
        input: { profileArn },
        host: 'q.eu-central-1.amazonaws.com',
      })
    expect((await ask(EUROPEAN)).status).toBe(200)
    expect((await ask(AMERICAN)).status).toBe(403)
  })

  it('may be that of the service where Kiro asks for a Builder ID', async () => {
    const { accessToken } = seed('builder-id')
    const input = { origin: 'KIRO_CLI', profileArn: OF_THE_SERVICE }
    const question = { accessToken, binding: 'kiro-management', input } as const
    expect((await inquire(simulator, 'ListAvailableModels', question)).status).toBe(200)
    expect((await inquire(simulator, 'GetUsageLimits', question)).status).toBe(200)
  })
})
