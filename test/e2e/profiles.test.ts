/** Which profile each kind of account names on each channel, what clients see of it, and what is known after a restart. */
import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { Seed } from '../../simulator/identity.ts'
import { unreachable } from '../../src/conversation/unreachable.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const US = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/ONE'
const EU = 'arn:aws:codewhisperer:eu-central-1:123456789012:profile/TWO'
const WRONG = 'arn:aws:codewhisperer:us-east-1:123456789012:profile/WRONG'
const OWN = 'arn:aws:codewhisperer:us-east-1:638616132270:profile/AAAACCCCXXXX'

const BUILDER_ID = 'https://view.awsapps.com/start'
const ENTERPRISE = 'https://example.awsapps.com/start'

const named = (arn: string, profileName: string) => ({ arn, profileName })

interface Holder {
  seed: Seed
  /** As its sign-in told; absent: it was handed in as tokens. */
  startUrl?: string
  rightArn: string
}
const holders = {
  'Builder ID': { seed: { kind: 'builder-id' }, startUrl: BUILDER_ID, rightArn: OWN },
  'one profile': {
    seed: { kind: 'identity-center', profiles: [named(US, 'Team')] },
    startUrl: ENTERPRISE,
    rightArn: US,
  },
  'two profiles': {
    seed: { kind: 'identity-center', profiles: [named(US, 'Team'), named(EU, 'Others')] },
    startUrl: ENTERPRISE,
    rightArn: EU,
  },
  'other region': {
    seed: { kind: 'identity-center', profiles: [named(EU, 'Team')] },
    startUrl: ENTERPRISE,
    rightArn: EU,
  },
  'unknown, a Builder ID': { seed: { kind: 'builder-id' }, rightArn: OWN },
  'unknown, one profile': {
    seed: { kind: 'identity-center', profiles: [named(US, 'Team')] },
    rightArn: US,
  },
} satisfies Record<string, Holder>

const channels = ['q-json', 'q-rest', 'kiro-runtime'] as const
const choices = ['auto', 'none', 'right', 'wrong'] as const
type HolderName = keyof typeof holders
type Channel = (typeof channels)[number]
type Choice = (typeof choices)[number]

interface Expected {
  status: number
  repaired: string | null
  /** As the account is shown. */
  inUse: string | null
  /** That its request named, if it was answered. */
  sent?: string | undefined
}

const answered = (
  inUse: string | null,
  sent: string | undefined,
  repaired: string | null = null,
): Expected => ({
  status: 200,
  repaired,
  inUse,
  sent,
})
const refused = (inUse: string | null): Expected => ({ status: 402, repaired: null, inUse })

function expectedOf(name: HolderName, channel: Channel, choice: Choice): Expected {
  const { seed, rightArn } = holders[name]
  const isKiro = channel === 'kiro-runtime'
  const isBuilderId = seed.kind === 'builder-id'
  switch (choice) {
    case 'none':
      return isBuilderId && !isKiro ? answered('none', undefined) : refused('none')
    case 'right':
      return isBuilderId && !isKiro ? refused(rightArn) : answered(rightArn, rightArn)
    case 'wrong':
      return refused(WRONG)
    case 'auto':
      return expectedOfAuto(name, isKiro)
    default:
      return unreachable(choice)
  }
}

function expectedOfAuto(name: HolderName, isKiro: boolean): Expected {
  switch (name) {
    case 'Builder ID':
      return answered(null, isKiro ? OWN : undefined)
    case 'one profile':
      return answered(US, US)
    case 'two profiles':
      return refused(null)
    case 'other region':
      return answered(EU, EU)
    case 'unknown, a Builder ID':
      return isKiro ? answered(OWN, OWN) : answered(null, undefined)
    case 'unknown, one profile':
      return answered(US, US, isKiro ? null : 'other-profile')
    default:
      return unreachable(name)
  }
}

const holderNames: HolderName[] = [
  'Builder ID',
  'one profile',
  'two profiles',
  'other region',
  'unknown, a Builder ID',
  'unknown, one profile',
]
const cases = holderNames.flatMap((name) =>
  channels.flatMap((channel) => choices.map((choice) => ({ name, channel, choice }))),
)

const made = z.looseObject({ id: z.string() })
const failure = z.object({ error: z.object({ message: z.string() }) })
const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }

async function add(
  gateway: GatewayUnderTest,
  seed: Seed,
  settings: object,
): Promise<{ id: string; there: string }> {
  const { id: there, clientId, clientSecret, refreshToken } = gateway.simulator.seed(seed)
  const body = { clientId, clientSecret, refreshToken, ...settings }
  const answer = await gateway.postJson('/v2/accounts', body)
  return { id: made.parse(await answer.json()).id, there }
}

const ask = (gateway: GatewayUnderTest, id: string) =>
  gateway.postJson(`/v2/chat/test?account_id=${id}`, chat)

async function show(gateway: GatewayUnderTest, id: string) {
  const answer = await gateway.fetch(`/v2/accounts/${id}`)
  const view = z.looseObject({
    profileInUse: z.string().nullable(),
    status: z.looseObject({ kind: z.string(), message: z.string() }),
  })
  return view.parse(await answer.json())
}

/** As a sign-in would have left it. Only while the gateway stands still. */
function setStartUrls(gateway: GatewayUnderTest, startUrls: ReadonlyMap<string, string>): void {
  const database = new BetterSqlite3(join(gateway.dataDirectory, 'data.sqlite3'))
  const statement = database.prepare('update accounts set start_url = ? where id = ?')
  for (const [id, startUrl] of startUrls) statement.run(startUrl, id)
  database.close()
}

const keyOf = (...parts: string[]) => parts.join(' · ')

describe('the profile policy', () => {
  let gateway: GatewayUnderTest
  const accounts = new Map<string, { id: string; there: string }>()
  const accountOf = (key: string) => {
    const account = accounts.get(key)
    if (account === undefined) throw new Error(`No account for ${key}.`)
    return account
  }
  const seen = new Map<string, Omit<Expected, 'inUse'> & { message: string }>()
  const known = new Map<string, string | null>()

  beforeAll(async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    const startUrls = new Map<string, string>()
    for (const { name, channel, choice } of cases) {
      const holder: Holder = holders[name]
      const profileArn = { auto: 'auto', none: 'none', right: holder.rightArn, wrong: WRONG }[choice]
      // Disabled, so that nothing is learned before it is known how they sign in.
      const account = await add(gateway, holder.seed, { channel, profileArn, enabled: false })
      accounts.set(keyOf(name, channel, choice), account)
      if (holder.startUrl !== undefined) startUrls.set(account.id, holder.startUrl)
    }
    await gateway.stop()
    setStartUrls(gateway, startUrls)
    await gateway.restart()
    for (const [key, { id, there }] of accounts) {
      const answer = await ask(gateway, id)
      const { status, headers } = answer
      const text = await answer.text()
      const sent = gateway.simulator.journal
        .of('GenerateAssistantResponse')
        .findLast(({ accountId, outcome }) => accountId === there && outcome.kind === 'answered')
      seen.set(key, {
        status,
        repaired: headers.get('x-aqueduct-repaired'),
        sent: Reflect.get(Object(sent?.body), 'profileArn'),
        message: text,
      })
    }
    await gateway.restart()
    for (const [key, { id }] of accounts) known.set(key, (await show(gateway, id)).profileInUse)
  }, 60_000)
  afterAll(() => gateway.close())

  it.each(cases)('of $name on $channel with $choice', ({ name, channel, choice }) => {
    const key = keyOf(name, channel, choice)
    const { status, repaired, sent, inUse } = expectedOf(name, channel, choice)
    expect(seen.get(key)).toMatchObject({ status, repaired, sent })
    expect(known.get(key)).toBe(inUse)
  })

  it.each(channels)(
    'leaves the choice among several to the operator, and names them, on %s',
    async (channel) => {
      const key = keyOf('two profiles', channel, 'auto')
      const { message } = failure.parse(JSON.parse(seen.get(key)?.message ?? '')).error
      expect(message).toBe('The account has several profiles; its operator should set its profileArn.')
      const { id } = accountOf(key)
      await gateway.fetch(`/v2/accounts/${id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ enabled: true }),
      })
      await ask(gateway, id)
      const { status } = await show(gateway, id)
      expect(status.kind).toBe('misconfigured')
      for (const text of [`Team (${US})`, `Others (${EU})`, 'profileArn']) {
        expect(status.message).toContain(text)
        expect(gateway.log.join('')).toContain(text)
      }
    },
  )

  it('asks the service no more for what was learned', async () => {
    gateway.simulator.journal.clear()
    const { id } = accountOf(keyOf('unknown, one profile', 'q-json', 'auto'))
    const answer = await ask(gateway, id)
    expect([answer.status, answer.headers.get('x-aqueduct-repaired')]).toEqual([200, null])
    expect(gateway.simulator.journal.of('ListAvailableProfiles')).toEqual([])
  })

  it.each([
    ['Builder ID', 'q-json', 'auto', undefined],
    ['Builder ID', 'kiro-runtime', 'auto', OWN],
    ['other region', 'q-rest', 'auto', EU],
    ['one profile', 'q-json', 'wrong', WRONG],
  ])('is what the preview shows of %s on %s with %s', async (name, channel, choice, profileArn) => {
    const { id } = accountOf(keyOf(name, channel, choice))
    const answer = await gateway.postJson('/v2/translate', {
      api: 'openai-chat',
      account_id: id,
      request: chat,
    })
    const { request, notes } = z
      .looseObject({ request: z.looseObject({ body: z.looseObject({}) }), notes: z.array(z.string()) })
      .parse(await answer.json())
    expect(request.body['profileArn']).toBe(profileArn)
    expect(notes).toEqual([])
  })

  it('is said to be unknown in a preview while it is', async () => {
    const { id } = accountOf(keyOf('two profiles', 'q-json', 'auto'))
    const answer = await gateway.postJson('/v2/translate', {
      api: 'openai-chat',
      account_id: id,
      request: chat,
    })
    expect(await answer.json()).toMatchObject({ notes: [expect.stringContaining('is not known yet')] })
  })
})

describe('clients of an account with several profiles', () => {
  let gateway: GatewayUnderTest
  beforeEach(async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
  })
  afterEach(() => gateway.close())

  it.each(['/v1/chat/completions', '/v1/messages'])('are not told them by %s', async (path) => {
    const { id } = await add(gateway, holders['two profiles'].seed, { channel: 'kiro-runtime' })
    const body = { ...chat, max_tokens: 10 }
    for (const words of ['should set its profileArn', 'waits for its operator']) {
      const answer = await gateway.postJson(path, body)
      const text = await answer.text()
      expect(answer.status).toBe(402)
      expect(text).toContain(words)
      expect(text).not.toMatch(/arn:aws|123456789012|Others/)
    }
    expect((await show(gateway, id)).status.message).toContain(EU)
  })
})

describe('an account whose profile nobody knows', () => {
  let gateway: GatewayUnderTest
  beforeEach(async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
  })
  afterEach(() => gateway.close())

  const seed: Seed = { kind: 'identity-center', profiles: [named(US, 'Team')] }
  const failProfiles = (times?: number) =>
    gateway.simulator.plan({
      operation: 'ListAvailableProfiles',
      behaviour: { kind: 'refusal', refusal: { name: 'InternalServerException', message: 'Broken.' } },
      ...(times !== undefined && { times }),
    })

  it('is refused as before when no region can tell, and is asked for again later', async () => {
    failProfiles()
    const { id } = await add(gateway, seed, {})
    const answer = await ask(gateway, id)
    expect(answer.status).toBe(402)
    const { message } = failure.parse(await answer.json()).error
    expect(message).toContain('could not be found out')
    const { profileInUse, status } = await show(gateway, id)
    expect(profileInUse).toBeNull()
    expect(status).toMatchObject({ kind: 'misconfigured', message: expect.stringContaining(message) })
    expect(gateway.log.join('')).toContain('could not be looked up')

    gateway.simulator.clearPlans()
    const again = await ask(gateway, id)
    expect([again.status, again.headers.get('x-aqueduct-repaired')]).toEqual([200, 'other-profile'])
    expect((await show(gateway, id)).profileInUse).toBe(US)
  })

  it('is refused without more ado when there is none', async () => {
    const { id } = await add(gateway, { kind: 'identity-center', profiles: [] }, {})
    const answer = await ask(gateway, id)
    expect(answer.status).toBe(402)
    expect(failure.parse(await answer.json()).error.message).not.toContain('could not be found out')
    expect((await show(gateway, id)).profileInUse).toBeNull()
  })

  it('works with the profile of the region that answers', async () => {
    failProfiles(1)
    const { id } = await add(gateway, seed, {})
    expect((await ask(gateway, id)).status).toBe(200)
    expect((await show(gateway, id)).profileInUse).toBe(US)
  })

  it('is named in the log by what was done', async () => {
    const { id } = await add(gateway, seed, {})
    await ask(gateway, id)
    expect(gateway.log.join('')).toMatch(/"remedy":"profile-lookup"/)
  })
})

describe('an account that the service shuts out', () => {
  let gateway: GatewayUnderTest
  beforeEach(async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
  })
  afterEach(() => gateway.close())

  it.each([
    ['out-of-support', 'This feature is no longer supported for your account.'],
    ['suspended', "We've locked your account as a security precaution."],
  ] as const)(
    'is %s in the words of the service, for clients, operators and the log',
    async (standing, words) => {
      const { id } = await add(gateway, { standing }, {})
      const answer = await ask(gateway, id)
      expect([answer.status, answer.headers.get('x-should-retry')]).toEqual([402, 'false'])
      expect(failure.parse(await answer.json()).error.message).toContain(words)
      expect((await show(gateway, id)).status).toMatchObject({
        kind: 'parked',
        message: expect.stringContaining(words),
      })
      expect(gateway.log.some((line) => line.includes(words))).toBe(true)
      expect(gateway.simulator.journal.of('ListAvailableProfiles')).toEqual([])
    },
  )
})
