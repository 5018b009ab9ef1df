/** What the operator's routes show and take: members that were looked at one by one, and no others. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

let gateway: GatewayUnderTest
beforeAll(async () => {
  gateway = await startGatewayUnderTest()
})
afterAll(() => gateway.close())

const operation = z.looseObject({
  responses: z.record(z.string(), z.looseObject({ content: z.unknown() })).optional(),
})
const documented = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operation)) })
/** They answer as the model APIs do. */
const TRIALS = ['POST /v2/chat/test', 'POST /v2/responses/test', 'POST /v2/messages/test']

interface Shape {
  names: string[]
  /** Places that take members of any name. */
  open: string[]
}

/** Every member that a JSON schema names. */
function shapeOf(schema: unknown, path = ''): Shape {
  if (typeof schema !== 'object' || schema === null) return { names: [], open: [] }
  const own = Object.entries(schema).flatMap(([key, value]): Shape[] => {
    if (key === 'properties') {
      const members: [string, unknown][] = Object.entries(z.record(z.string(), z.unknown()).parse(value))
      return members.map(([name, member]) => {
        const inside = shapeOf(member, `${path}.${name}`)
        return { names: [name, ...inside.names], open: inside.open }
      })
    }
    return typeof value === 'object' ? [shapeOf(value, path)] : []
  })
  const isOpen =
    'properties' in schema && !('additionalProperties' in schema && schema.additionalProperties === false)
  return {
    names: own.flatMap(({ names }) => names),
    open: [...(isOpen ? [path] : []), ...own.flatMap(({ open }) => open)],
  }
}

async function readAnswerShapes(): Promise<Map<string, Shape>> {
  const { paths } = documented.parse(await (await gateway.fetch('/openapi.json')).json())
  const routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]): [string, Shape] => {
      return [`${method.toUpperCase()} ${path}`, shapeOf(responses?.['200']?.content)]
    }),
  )
  return new Map(routes.filter(([route]) => route.includes(' /v2/') && !TRIALS.includes(route)))
}

/** Reviewed: nothing here is a secret. Who adds a name has looked at what stands behind it. */
const REVIEWED = [
  'account accountId account_id account_ids accounts allowed at authId body by cap channel clientId concurrencyLimit count created',
  'created_at creditsPerDay deleted email enabled endsAt error error_count exhausted expiresIn expires_at failed findings',
  'fingerprints forecast headers id identity ignored index input_tokens interval kind label last_refresh_status',
  'last_refresh_time lastRequestAt left limit message method model models name notes optOut origin other overage path plan',
  'priority profileArn profileInUse quota readAt readable region registrationExpiresAt remaining request requests resetsAt',
  'results rule sessions severity signInRegion signIns since sources standInId startUrl status success_count tags triedAt',
  'account_tags actor address addresses after before cache_read_tokens cache_write_tokens checked cipher ciphertext concurrent_requests credits',
  'credits_per_day credits_per_month duplicates events exportedAt format hash intact invalid kdf key keyId keys last_used_at limits month n',
  'nextCursor nonce output_tokens p prefix previousHash problems r reason replaced_until requests_per_minute revoked_at salt subject through',
  'today tokens_by_source tokens_per_day tokens_per_month unanswered_requests unsteadySince usage version via what',
  'in_effect password scope signed_out token tokens detail failedTries nextTryAt revision pausedUntil',
  'in_effect password scope signed_out token tokens detail failedTries nextTryAt',
  // Of settings and of the gateway itself.
  'applies bytes database freeBytes default encryption group inConsole isInConsole isSet isWhole last_seen_at least lockedBy most node own pending platform',
  'problem revision settings source startedAt type unit unknown value words workers',
  // Of a test of a proxy.
  'milliseconds service',
  // Of calls and traffic: names of things, numbers and times.
  'accountIds attempts beats calls cancelled client clientErrors content dialect end failure firstTokenMs firstTokenP50Ms firstTokenP95Ms',
  'underWay from heldBack inputTokens minutes modelUsed ok outcome outputTokens picked placement points quotaLeft remedy repairs requestId shed skipped spared',
  'couldServe hasImages hasTools lead moreSkipped oldest requestBytes sent steps told tries',
  'stepSeconds stopReason stream throttled to totalMs upstreamErrors usageSource why',
  'byStatus code data event hours environment inFlight lastHour lastMinute ready topics total waiting',
  // Of what was recorded of calls: how much, until when, and the recording itself, which is redacted.
  'keepHours rules captured dropped kept bytes oldestAt callIds most bodyBytes purged expiresAt answer form isCut hidden secrets media fields text startedAt',
  'firstTokenP99Ms totalP50Ms totalP95Ms totalP99Ms seconds flow oldestSeconds sum previous failures',
  // Of health and of the pool: numbers, and names of checks.
  'badAt checks known renewsAt runsOutAt state unit value warnAt',
  // Of clients: templates of what is written into them.
  'alias api basePath calledFrom check cmd commands deepLink en language parts pieces powershell programs quoting remarks rivals setups sh shells text',
  'title value variants zh-CN',
  // Of models.
  'contextWindow displayName efforts maxOutput rate takesDocuments takesImages thinks',
  'until updated_at url used userCode userId verificationUri verificationUriComplete warnings weight',
].flatMap((names) => names.split(' '))
/** Whether a secret is there, and its fingerprint: of eight hexadecimal digits, which the schema demands. */
const ABOUT_SECRETS = [
  'hasClientSecret hasRefreshToken hasAccessToken hasProxyUrl clientSecret refreshToken accessToken proxyUrl',
].flatMap((names) => names.split(' '))

describe('S30: answers', () => {
  it('of all operator routes are made by a closed schema', async () => {
    const shapes = await readAnswerShapes()
    expect(shapes.size).toBeGreaterThan(15)
    const without = [...shapes].filter(([, { names, open }]) => names.length === 0 || open.length > 0)
    expect(
      without.map(([route]) => `${route}: declare answering(schema), see src/http/admin/answers.ts`),
    ).toEqual([])
  })

  it('have the reviewed members', async () => {
    const shapes = [...(await readAnswerShapes()).values()]
    const names = [...new Set(shapes.flatMap((shape) => shape.names))]
    expect(names.toSorted()).toEqual([...new Set([...REVIEWED, ...ABOUT_SECRETS])].toSorted())
    const suspicious = names.filter((name) =>
      /secret|token|passw|credential|cookie|private|hash|sealed|key/i.test(name),
    )
    expect(suspicious.toSorted()).toEqual([
      'accessToken',
      'cache_read_tokens',
      'cache_write_tokens',
      'clientSecret',
      'firstTokenMs',
      'firstTokenP50Ms',
      'firstTokenP95Ms',
      'firstTokenP99Ms',
      'hasAccessToken',
      'hasClientSecret',
      'hasRefreshToken',
      // Of events, in their chain.
      'hash',
      'inputTokens',
      'input_tokens',
      // Once, of a key that was just made.
      'key',
      'keyId',
      'keys',
      'outputTokens',
      'output_tokens',
      // Where it comes from.
      'password',
      'previousHash',
      'refreshToken',
      // How many were left out.
      'secrets',
      // Once, of a token for scripts that was just made.
      'token',
      'tokens',
      'tokens_by_source',
      'tokens_per_day',
      'tokens_per_month',
    ])
  })

  it('tell of secrets whether they are there, and which', async () => {
    const account = await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
    expect(account).toMatchObject({
      hasClientSecret: true,
      fingerprints: { clientSecret: expect.stringMatching(/^[0-9a-f]{8}$/), proxyUrl: null },
    })
  })
})

/** What a caller would like to set, and the gateway alone does. */
const readOnly = {
  id: 'canary-id',
  created_at: '1999-01-01T00:00:00Z',
  updated_at: '1999-01-01T00:00:00Z',
  success_count: 4711,
  error_count: 4711,
  last_refresh_status: 'canary',
  last_refresh_time: '1999-01-01T00:00:00Z',
  status: { kind: 'disabled', by: 'canary' },
  fingerprints: { clientSecret: 'canary00' },
  identity: { userId: 'canary' },
  learnedProfile: { kind: 'none' },
  profileInUse: 'canary',
  tokenVersion: 4711,
  token_version: 4711,
  revision: 4711,
  sealed: 'canary',
  secrets: 'canary',
  strikes: 4711,
  backoff: { denials: 4711 },
  readable: false,
  signIn: { startUrl: 'https://canary.example' },
  expires_at: '2999-01-01T00:00:00Z',
  quota: { left: 4711 },
  isAdmin: true,
}

const signInOf = () => {
  const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
  return { clientId, clientSecret, refreshToken }
}
const listAll = async () => (await gateway.fetch('/v2/accounts')).text()
const lookAtAccount = async () => (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).text()
const TAKEN = /canary|4711|1999-|2999-/

describe('S30: what is the gateway’s own to set', () => {
  it('is passed over when an account is made, as scripts send all kinds of things along, and never taken', async () => {
    const answers = await Promise.all([
      gateway.postJson('/v2/accounts', { ...readOnly, ...signInOf() }),
      gateway.postJson('/v2/accounts/batch', { accounts: [{ ...readOnly, ...signInOf() }], ...readOnly }),
      gateway.postJson('/v2/accounts/feed', { accounts: [{ ...readOnly, ...signInOf() }], ...readOnly }),
      gateway.postJson('/v2/auth/start', { ...readOnly, label: 'sign-in' }),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    for (const answer of answers) expect(await answer.text()).not.toMatch(TAKEN)
    expect(await listAll()).not.toMatch(TAKEN)
    expect(await (await gateway.fetch('/v2/auth')).text()).not.toMatch(TAKEN)
  })

  it.each(Object.entries(readOnly))('is refused in a change: %s', async (name, value) => {
    const before = await lookAtAccount()
    const answer = await gateway.fetch(`/v2/accounts/${gateway.accountId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ [name]: value, label: 'changed' }),
    })
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(name)
    expect(await lookAtAccount()).toBe(before)
  })
})
