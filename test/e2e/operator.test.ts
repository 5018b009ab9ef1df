import { join } from 'node:path'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { RoutePolicy } from '../../src/http/guards.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { readServedRoutes, samplePath } from '../served-routes.ts'

const password = 'correct horse'
const key = 'sk-0123456789abcdef'
const json = { 'content-type': 'application/json' }
const fromOwnPage = { 'x-aqueduct-csrf': '1', 'sec-fetch-site': 'same-origin' }
const bearer = (secret: string) => ({ authorization: `Bearer ${secret}` })

let gateway: GatewayUnderTest
const start = async (environment: Record<string, string> = {}, withAccount = false) => {
  gateway = await startGatewayUnderTest({ environment, withAccount })
}

async function signIn(secret = password, headers: Record<string, string> = {}): Promise<string> {
  const answer = await gateway.postJson('/v2/session', { password: secret }, headers)
  expect(answer.status).toBe(200)
  return /^[^;]+/.exec(answer.headers.get('set-cookie') ?? '')?.[0] ?? ''
}

const statusWith = async (headers: Record<string, string>, path = '/v2/accounts') =>
  (await gateway.fetch(path, { headers })).status

function withDatabase<Answer>(work: (database: BetterSqlite3.Database) => Answer): Answer {
  const database = new BetterSqlite3(join(gateway.dataDirectory, 'data.sqlite3'))
  try {
    return work(database)
  } finally {
    database.close()
  }
}

const names = z.array(z.object({ name: z.string() }))
/** All that is stored, but for what the throttle and its turns count, and for the events of those who were refused. */
function readDatabase(): string {
  return withDatabase((database) => {
    const tables = names.parse(database.prepare("select name from sqlite_master where type = 'table'").all())
    const kept = tables
      .map(({ name }) => name)
      // Refused calls are in the log of calls as well, a moment after they were answered.
      .filter((name) => !/^(calls$|password_attempts|revisions|leases|usage_|events$|data_keys)/.test(name))
    return JSON.stringify(kept.map((name) => [name, rowsOf(database, name)]))
  })
}

function rowsOf(database: BetterSqlite3.Database, table: string): unknown[] {
  const rows = z
    .array(z.looseObject({ name: z.unknown().optional() }))
    .parse(database.prepare(`select * from "${table}"`).all())
  return table === 'settings' ? rows.filter(({ name }) => name !== 'events-head') : rows
}

describe('a session', () => {
  beforeAll(() => start({ ADMIN_PASSWORD: password }))
  afterAll(() => gateway.close())

  it('S10, S11: is signed into, used and signed out of', async () => {
    const answer = await gateway.postJson('/v2/session', { password })
    expect(answer.headers.get('set-cookie')).toMatch(
      /^aqueduct_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=604800$/,
    )
    expect(await answer.json()).toMatchObject({ via: 'session', expires_at: expect.any(String) })
    const cookie = await signIn()
    expect(await statusWith({ cookie })).toBe(200)
    expect(await (await gateway.fetch('/v2/session', { headers: { cookie } })).json()).toMatchObject({
      via: 'session',
      password: 'environment',
    })
    const bye = await gateway.fetch('/v2/session', { method: 'DELETE', headers: { cookie, ...fromOwnPage } })
    expect([bye.status, bye.headers.get('set-cookie')]).toEqual([200, expect.stringContaining('Max-Age=0')])
    expect(await statusWith({ cookie })).toBe(401)
  })

  it('S11: is in no address and no answer, and means nothing in an address', async () => {
    const cookie = await signIn()
    const [, id = ''] = cookie.split('=')
    const view = await (await gateway.fetch('/v2/session', { headers: { cookie } })).text()
    expect(view).not.toContain(id)
    for (const path of [
      `/v2/accounts?${cookie}`,
      `/v2/accounts?session=${id}`,
      `/v2/accounts?access_token=${id}`,
      `/v2/accounts;${cookie}`,
    ]) {
      expect([401, 404]).toContain(await statusWith({}, path))
    }
    expect(gateway.log.join('\n')).not.toContain(id)
  })

  it('S10: is another one after each sign-in, which ends the one before', async () => {
    const first = await signIn()
    const second = await signIn(password, { cookie: first })
    expect(second).not.toBe(first)
    expect([await statusWith({ cookie: first }), await statusWith({ cookie: second })]).toEqual([401, 200])
  })

  it('S10: outlives a restart, but not another password', async () => {
    const cookie = await signIn()
    await gateway.restart()
    expect(await statusWith({ cookie })).toBe(200)
    withDatabase((database) => database.exec("update operator_sessions set proof = replace(proof, 'a', 'b')"))
    expect(await statusWith({ cookie })).toBe(401)
  })

  it.each<[string, string, Record<string, string>]>([
    ['no header of ours', 'PATCH', { 'sec-fetch-site': 'same-origin' }],
    ['another value of it', 'PATCH', { ...fromOwnPage, 'x-aqueduct-csrf': 'true' }],
    ['no word of the browser', 'PATCH', { 'x-aqueduct-csrf': '1' }],
    ['a cross-site page', 'PATCH', { ...fromOwnPage, 'sec-fetch-site': 'cross-site' }],
    ['a page of a sibling domain', 'PATCH', { ...fromOwnPage, 'sec-fetch-site': 'same-site' }],
    ['a typed address', 'PATCH', { ...fromOwnPage, 'sec-fetch-site': 'none' }],
    ['a word that is no such word', 'PATCH', { ...fromOwnPage, 'sec-fetch-site': 'same-origin, none' }],
    ['an unknown word', 'PATCH', { ...fromOwnPage, 'sec-fetch-site': 'friend' }],
    ['a foreign origin', 'PATCH', { 'x-aqueduct-csrf': '1', origin: 'https://evil.example' }],
    ['an origin of another port', 'PATCH', { 'x-aqueduct-csrf': '1', origin: 'http://127.0.0.1:1' }],
    ['no origin at all, by its word', 'PATCH', { 'x-aqueduct-csrf': '1', origin: 'null' }],
    [
      'an origin that begins like ours',
      'PATCH',
      { 'x-aqueduct-csrf': '1', origin: 'http://127.0.0.1.evil.example' },
    ],
    ['an empty origin', 'PATCH', { 'x-aqueduct-csrf': '1', origin: '' }],
    [
      'a form',
      'POST',
      { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' },
    ],
    ['a form of old browsers', 'POST', { 'content-type': 'text/plain', origin: 'null' }],
    [
      'a form with files',
      'POST',
      { 'content-type': 'multipart/form-data; boundary=x', 'sec-fetch-site': 'cross-site' },
    ],
    ['a form without a word', 'POST', { 'content-type': 'text/plain' }],
    [
      'a beacon',
      'POST',
      { 'content-type': 'text/plain', 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'cross-site' },
    ],
    ['a beacon of a sibling', 'POST', { ...json, 'sec-fetch-site': 'same-site' }],
    [
      'fetch without CORS',
      'POST',
      { 'content-type': 'text/plain', 'sec-fetch-mode': 'no-cors', origin: 'https://evil.example' },
    ],
    [
      'a top-level form',
      'POST',
      { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
    ],
    ['a reload of one', 'POST', { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'none' }],
    ['a deletion', 'DELETE', { 'sec-fetch-site': 'cross-site' }],
    ['a deletion without our header', 'DELETE', { 'sec-fetch-site': 'same-origin' }],
    ['a deletion without a word', 'DELETE', { 'x-aqueduct-csrf': '1' }],
    [
      'an overridden method',
      'POST',
      { ...json, 'x-http-method-override': 'DELETE', 'sec-fetch-site': 'cross-site' },
    ],
    ['an image', 'GET', { 'sec-fetch-dest': 'image', 'sec-fetch-site': 'cross-site' }],
    ['a script', 'GET', { 'sec-fetch-dest': 'script', 'sec-fetch-site': 'cross-site' }],
    ['a frame', 'GET', { 'sec-fetch-dest': 'iframe', 'sec-fetch-site': 'same-site' }],
    ['fetch that reads', 'GET', { origin: 'https://evil.example' }],
  ])('S40: takes nothing from %s', async (_, method, headers) => {
    const cookie = sharedCookie ?? (sharedCookie = await signIn())
    const before = readDatabase()
    const path = method === 'POST' ? '/v2/tokens' : '/v2/accounts/x'
    const body = JSON.stringify({ name: 'evil', scope: 'full' })
    const answer = await gateway.fetch(path, {
      method,
      headers: { ...(method === 'PATCH' && json), ...headers, cookie },
      ...(['POST', 'PATCH'].includes(method) && { body }),
    })
    expect(answer.status).toBe(403)
    expect(readDatabase()).toBe(before)
  })

  it('S40: changes nothing by GET, and takes changes from its own page', async () => {
    const cookie = sharedCookie ?? (sharedCookie = await signIn())
    const before = readDatabase()
    for (const path of ['/v2/accounts', '/v2/session', '/v2/sessions', '/v2/tokens', '/v2/auth']) {
      expect(await statusWith({ cookie, 'sec-fetch-site': 'none' }, path)).toBe(200)
    }
    expect(readDatabase()).toBe(before)
    const body = { name: 'mine', scope: 'read' }
    const made = await gateway.postJson('/v2/tokens', body, { cookie, ...fromOwnPage })
    expect(made.status).toBe(200)
    const { origin } = new URL(gateway.url)
    const byOrigin = { cookie, 'x-aqueduct-csrf': '1', origin }
    expect((await gateway.postJson('/v2/tokens', body, byOrigin)).status).toBe(200)
  })

  it('S12: is not locked out by what others guess at its own address', async () => {
    const cookie = sharedCookie ?? (sharedCookie = await signIn())
    const guesses = await Promise.all(
      Array.from({ length: 12 }, (_, n) => gateway.postJson('/v2/session', { password: `guess ${n}` })),
    )
    expect(guesses.filter(({ status }) => status === 429).length).toBeGreaterThan(5)
    expect(guesses.filter(({ status }) => status === 200)).toEqual([])
    const waiting = guesses.find(({ status }) => status === 429)
    expect(Number(waiting?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect(await statusWith(bearer(password))).toBe(429)
    expect(await statusWith({ cookie })).toBe(200)
  })
})
let sharedCookie: string | undefined

const createdToken = z.looseObject({ id: z.string(), token: z.string() })

describe('tokens', () => {
  beforeAll(() => start({ ADMIN_PASSWORD: password, ADMIN_BEARER_PASSWORD: 'false' }))
  afterAll(() => gateway.close())

  it('S17: are made, shown once, scoped and taken back, where the password itself is not taken', async () => {
    expect(await statusWith(bearer(password))).toBe(401)
    const headers = { cookie: await signIn(), ...fromOwnPage }
    const make = async (name: string, scope: string) =>
      createdToken.parse(await (await gateway.postJson('/v2/tokens', { name, scope }, headers)).json())
    const reading = await make('reader', 'read')
    const full = await make('deploy', 'full')
    const list = await (await gateway.fetch('/v2/tokens', { headers })).text()
    expect(list).toContain('"reader"')
    expect(list).not.toContain('qt_')
    expect(readDatabase()).not.toContain(full.token.slice(3))

    expect(await statusWith(bearer(reading.token))).toBe(200)
    expect(await (await gateway.fetch('/v2/session', { headers: bearer(full.token) })).json()).toMatchObject({
      via: 'token',
      name: 'deploy',
    })
    const change = (token: string) => gateway.postJson('/v2/accounts', {}, bearer(token))
    expect([(await change(reading.token)).status, (await change(full.token)).status]).toEqual([403, 400])
    for (const [path, body] of [
      ['/v2/tokens', { name: 'child', scope: 'full' }],
      ['/v2/password', { password: 'battery staple', current_password: password }],
    ] as const) {
      expect((await gateway.postJson(path, body, bearer(full.token))).status).toBe(403)
    }
    const removal = { method: 'DELETE', headers }
    expect((await gateway.fetch(`/v2/tokens/${full.id}`, removal)).status).toBe(200)
    expect((await gateway.fetch(`/v2/tokens/${full.id}`, removal)).status).toBe(404)
    expect(await statusWith(bearer(full.token))).toBe(401)
    expect(gateway.log.join('\n')).not.toContain(full.token)
  })

  it('S29: the password still confirms an export with secrets', async () => {
    const headers = { cookie: await signIn(), ...fromOwnPage }
    const exportWith = async (secret: string) => {
      const body = { include_secrets: true, passphrase: 'a long passphrase', password: secret }
      return (await gateway.postJson('/v2/accounts/export', body, headers)).status
    }
    expect([await exportWith('wrong horse'), await exportWith(password)]).toEqual([401, 200])
  })

  it('S30: are made of known fields alone', async () => {
    const headers = { cookie: await signIn(), ...fromOwnPage }
    for (const more of [
      { id: 'x' },
      { digest: 'x' },
      { expires_at: '2099-01-01T00:00:00Z' },
      { expires_in_days: 0 },
    ]) {
      const answer = await gateway.postJson('/v2/tokens', { name: 'a', scope: 'full', ...more }, headers)
      expect(answer.status).toBe(400)
    }
  })
})

const set = (body: Record<string, string>, headers: Record<string, string> = {}) =>
  gateway.postJson('/v2/password', body, headers)

describe('the password', () => {
  afterEach(() => gateway.close())

  it('S7: is set in local mode, by one of those who try at once, and takes its place', async () => {
    await start()
    expect((await gateway.postJson('/v2/session', { password })).status).toBe(400)
    expect((await set({ password: 'change-me' })).status).toBe(400)
    const both = await Promise.all([set({ password }), set({ password: 'battery staple' })])
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    const [mine, other] =
      both[0]?.status === 200 ? [password, 'battery staple'] : ['battery staple', password]
    expect(await statusWith({})).toBe(401)
    expect(await statusWith(bearer(other))).toBe(401)
    expect(await statusWith(bearer(mine))).toBe(200)
    // A proxy in front is no danger any more.
    expect(await statusWith({ ...bearer(mine), 'x-forwarded-for': '192.0.2.1' })).toBe(200)
    await gateway.restart()
    expect([await statusWith({}), await statusWith(bearer(mine))]).toEqual([401, 200])
  })

  it('S10: is changed by who knows the one before, and ends all sessions at once', async () => {
    await start()
    await set({ password })
    const cookie = await signIn()
    const headers = { cookie, ...fromOwnPage }
    expect((await set({ password: 'battery staple' }, headers)).status).toBe(400)
    const wrong = { password: 'battery staple', current_password: 'a guess' }
    expect((await set(wrong, headers)).status).toBe(401)
    expect(await statusWith({ cookie })).toBe(200)
    const answer = await set({ password: 'battery staple', current_password: password }, headers)
    expect(await answer.json()).toMatchObject({ in_effect: true })
    expect(await statusWith({ cookie })).toBe(401)
    expect(await statusWith({ cookie: await signIn('battery staple') })).toBe(200)
  })

  it('is stored beside that of the environment, which goes before it', async () => {
    await start({ ADMIN_PASSWORD: password })
    const body = { password: 'battery staple', current_password: password }
    const answer = await set(body, bearer(password))
    expect(await answer.json()).toMatchObject({
      in_effect: false,
      message: expect.stringContaining('environment'),
    })
    expect([await statusWith(bearer(password)), await statusWith(bearer('battery staple'))]).toEqual([
      200, 401,
    ])
  })

  it('may be given as its hash', async () => {
    const hash = '$scrypt$ln=14,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$JbN2hANm9NOw4h5BRHZnbjzQ6Jr0QwNWojTOC2WgIbU'
    await start({ ADMIN_PASSWORD_HASH: hash })
    expect([await statusWith({}), await statusWith(bearer(password))]).toEqual([401, 200])
  })

  it.each([
    'hash',
    '$2b$12$abcdefghijklmnopqrstuv',
    '$scrypt$ln=4,r=1,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw',
    '$scrypt$ln=30,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$AAECAwQFBgcICQoLDA0ODw',
  ])('S18: is not given as %s', async (hash) => {
    await expect(start({ ADMIN_PASSWORD_HASH: hash })).rejects.toThrow('ADMIN_PASSWORD_HASH')
    await start()
  })
})

describe('every route of the operator', () => {
  const routes: RoutePolicy[] = []
  let expired = ''
  let accountId = ''
  beforeAll(async () => {
    routes.push(...(await readServedRoutes()).filter(({ access }) => access === 'operator'))
    await start({ OPENAI_KEYS: key, ADMIN_PASSWORD: password })
    // Nothing is done about one that is switched off, so that nothing changes by itself.
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const account = { clientId, clientSecret, refreshToken, enabled: false, label: 'canary' }
    const added = await gateway.postJson('/v2/accounts', account, bearer(password))
    accountId = z.looseObject({ id: z.string() }).parse(await added.json()).id
    expired = await signIn()
    const longAgo = new Date(Date.now() - 13 * 3_600_000).toISOString()
    withDatabase((database) => database.prepare('update operator_sessions set last_seen_at = ?').run(longAgo))
  })
  afterAll(() => gateway.close())

  it('S2: answers nobody without a credential, with a client key, an ended session or a wrong password', async () => {
    expect(routes.length).toBeGreaterThan(30)
    const before = readDatabase()
    const carried: Record<string, string>[] = [
      {},
      bearer(key),
      { 'x-api-key': key },
      { cookie: expired, ...fromOwnPage },
      { cookie: `aqueduct_session=${'a'.repeat(43)}`, ...fromOwnPage },
      bearer(`qt_${'a'.repeat(43)}`),
      bearer('wrong horse'),
    ]
    for (const { method, path } of routes) {
      for (const headers of carried) {
        const target = samplePath(path.replace('/accounts/:id', `/accounts/${accountId}`))
        const answer = await gateway.fetch(target, {
          method,
          headers: { ...json, ...headers },
          ...(['POST', 'PATCH'].includes(method) && { body: '{}' }),
        })
        const text = await answer.text()
        expect([401, 429], `${method} ${path}`).toContain(answer.status)
        expect(text).not.toMatch(/canary|accounts"/)
      }
    }
    expect(readDatabase()).toBe(before)
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  })

  it('S53: takes the methods that it names, and says so', async () => {
    for (const path of new Set(routes.map((route) => route.path))) {
      const declared = routes.filter((route) => route.path === path).map(({ method }) => method)
      const method = declared.includes('PUT') ? 'PROPFIND' : 'PUT'
      const answer = await gateway.fetch(samplePath(path), { method })
      expect([path, answer.status]).toEqual([path, 405])
      expect((answer.headers.get('allow') ?? '').split(', ')).toEqual(expect.arrayContaining(declared))
    }
  })

  it('S55: tells nobody about itself by the health check', async () => {
    const health = z.record(z.string(), z.unknown()).parse(await (await gateway.fetch('/healthz')).json())
    expect(Object.keys(health).toSorted()).toEqual(['accounts', 'database', 'status', 'version'])
    expect(health['accounts']).toEqual({ usable: 0 })
    expect((await gateway.fetch('/metrics')).status).toBe(404)
  })
})
