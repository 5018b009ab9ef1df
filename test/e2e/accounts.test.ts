import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const view = z.looseObject({
  id: z.string(),
  label: z.string().nullable(),
  enabled: z.boolean(),
  error_count: z.number(),
  success_count: z.number(),
  last_refresh_status: z.string(),
  status: z.looseObject({ kind: z.string(), message: z.string() }),
})

const chat = (content: string) => ({ model: 'claude-sonnet-4.5', messages: [{ role: 'user', content }] })

/** Resolves when the account has been asked for its models, for which it has to sign in first. */
const listed = ({ simulator }: GatewayUnderTest) =>
  simulator.journal.waitFor(
    ({ operation, outcome }) => operation === 'ListAvailableModels' && outcome.kind === 'answered',
  )

describe('accounts', () => {
  let gateway: GatewayUnderTest
  afterEach(() => gateway.close())

  it('are made, shown, listed and removed by the operator', async () => {
    gateway = await startGatewayUnderTest({ withAccount: false })
    const none = await gateway.postJson('/v1/chat/completions', chat('hi'))
    expect(none.status).toBe(401)
    expect(await none.json()).toMatchObject({
      error: { message: expect.stringContaining('POST /v2/accounts') },
    })

    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const created = await gateway.postJson('/v2/accounts', {
      label: 'mine',
      clientId,
      clientSecret,
      refreshToken,
      accessToken: null,
    })
    const account = await created.json()
    expect(account).toMatchObject({
      label: 'mine',
      clientId,
      enabled: true,
      last_refresh_status: 'never',
      hasClientSecret: true,
      hasRefreshToken: true,
      hasAccessToken: false,
    })
    const path = `/v2/accounts/${Reflect.get(Object(account), 'id')}`
    // It has signed in by now, to ask for its models.
    await listed(gateway)
    const signedIn = await (await gateway.fetch(path)).json()
    expect(signedIn).toMatchObject({ label: 'mine', clientId, enabled: true, hasAccessToken: true })
    expect(await (await gateway.fetch('/v2/accounts')).json()).toEqual({ accounts: [signedIn], count: 1 })
    expect(await (await gateway.fetch('/healthz')).json()).toMatchObject({
      status: 'ok',
      accounts: { usable: 1 },
    })
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(200)

    const removed = await gateway.fetch(path, { method: 'DELETE' })
    expect(await removed.json()).toEqual({ deleted: path.split('/').at(-1) })
    expect((await gateway.fetch(path)).status).toBe(404)
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(401)
  })

  it('are refreshed once when their token is refused, however many requests notice', async () => {
    gateway = await startGatewayUnderTest()
    await gateway.postJson('/v1/chat/completions', chat('hi'))
    const [simulated] = gateway.simulator.accounts()
    gateway.simulator.revoke(simulated?.id ?? '', 'access-tokens')
    const before = gateway.simulator.journal.refreshes()
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => gateway.postJson('/v1/chat/completions', chat('hi'))),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
    expect(gateway.simulator.journal.refreshes() - before).toBe(1)
  })

  it('that must sign in again are told as such, with what to do', async () => {
    gateway = await startGatewayUnderTest()
    const [simulated] = gateway.simulator.accounts()
    gateway.simulator.revoke(simulated?.id ?? '', 'session')
    const answer = await gateway.postJson('/v1/messages', { ...chat('hi'), max_tokens: 10 })
    expect(answer.status).toBe(402)
    expect(answer.headers.get('x-should-retry')).toBe('false')
    expect(await answer.json()).toMatchObject({
      type: 'error',
      error: { type: 'billing_error', message: expect.stringContaining('sign this account in again') },
    })
  })

  it('keep their secrets: none is in an answer, a log line or a file', async () => {
    gateway = await startGatewayUnderTest({
      withAccount: false,
      environment: { OPENAI_KEYS: 'sk-canary-key' },
    })
    const seeded = gateway.simulator.seed()
    const secrets = ['sk-canary-key', seeded.clientSecret, seeded.refreshToken, seeded.accessToken]
    const answers: string[] = []
    const collect = async (answer: Promise<Response>) => void answers.push(await (await answer).text())

    await collect(
      gateway.postJson('/v2/accounts', { ...seeded, id: undefined, other: { note: seeded.refreshToken } }),
    )
    const key = { authorization: 'Bearer sk-canary-key' }
    await collect(gateway.postJson('/v1/chat/completions', chat('hi'), key))
    await collect(gateway.postJson('/v1/chat/completions', chat('[[sim:suspended]]'), key))
    gateway.simulator.revoke(seeded.id, 'session')
    await collect(gateway.postJson('/v1/chat/completions', chat('hi'), key))
    await collect(gateway.postJson('/v1/chat/completions', chat('hi'), { authorization: 'Bearer sk-wrong' }))
    await collect(gateway.fetch('/v2/accounts'))

    const files = readdirSync(gateway.dataDirectory).map((name) =>
      readFileSync(join(gateway.dataDirectory, name), 'latin1'),
    )
    const everything = [...answers, ...gateway.log, ...files].join('\n')
    expect(answers.join('')).toContain('chat.completion')
    expect(gateway.log.length).toBeGreaterThan(5)
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
  })
})

describe('a pool of two accounts', () => {
  let gateway: GatewayUnderTest
  let names: string[] = []
  beforeEach(async () => {
    gateway = await startGatewayUnderTest()
    const seeded = gateway.simulator.seed()
    await gateway.postJson('/v2/accounts', {
      ...seeded,
      id: undefined,
      accessToken: undefined,
      label: 'second',
    })
    names = gateway.simulator.accounts().map(({ id }) => id)
  })
  afterEach(async () => {
    gateway.assertNoViolation()
    await gateway.close()
  })

  const refuseOn = (accountId: string | undefined, name: string) =>
    gateway.simulator.plan({ accountId: accountId ?? '', behaviour: { kind: 'named', name } })
  const list = async () => {
    const answer = await gateway.fetch('/v2/accounts?sort_order=asc')
    return z.object({ accounts: z.array(view) }).parse(await answer.json()).accounts
  }

  it.each([
    'throttled-429',
    'monthly-limit',
    'suspended',
    'feature-gate',
    'not-authorized',
    'internal-error',
  ])('hides from the client that one of them is answered %s', async (name) => {
    refuseOn(names[0], name)
    for (let round = 0; round < 6; round += 1) {
      const stream = round % 2 === 0
      const answer = await gateway.postJson('/v1/chat/completions', { ...chat('hi'), stream })
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain(stream ? '[DONE]' : 'You said: hi')
    }
  })

  it('asks an account that was suspended never again, and says so', async () => {
    refuseOn(names[0], 'suspended')
    const sent = () =>
      gateway.simulator.journal
        .of('GenerateAssistantResponse')
        .filter(({ accountId }) => accountId === names[0])
    for (let round = 0; round < 30 && sent().length === 0; round += 1) {
      await gateway.postJson('/v1/chat/completions', chat('hi'))
    }
    for (let round = 0; round < 10; round += 1) await gateway.postJson('/v1/chat/completions', chat('hi'))
    expect(sent()).toHaveLength(1)
    expect((await list())[0]).toMatchObject({ enabled: true, status: { kind: 'parked' } })
  })

  it('that both rest answers 429 with the time to wait', async () => {
    for (const name of names) refuseOn(name, 'credit-rate')
    const first = await gateway.postJson('/v1/chat/completions', chat('hi'))
    expect([first.status, first.headers.get('retry-after')]).toEqual([429, '60'])
    const next = await gateway.postJson('/v1/messages', { ...chat('hi'), max_tokens: 10 })
    expect([next.status, next.headers.get('retry-after')]).toEqual([429, '60'])
    expect(await next.json()).toMatchObject({ error: { type: 'rate_limit_error' } })
  })

  it('waits for an account that is ready within seconds', async () => {
    for (const name of names) {
      gateway.simulator.plan({ times: 1, accountId: name, behaviour: { kind: 'named', name: 'throttled' } })
    }
    const both = await gateway.postJson('/v1/chat/completions', chat('hi'))
    expect(both.status).toBe(429)
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(200)
  })

  it('that both wait for the operator answers 402 with what to do, until he enables them', async () => {
    for (const name of names) refuseOn(name, 'suspended')
    const first = await gateway.postJson('/v1/chat/completions', chat('hi'))
    expect(first.status).toBe(402)
    const next = await gateway.postJson('/v1/chat/completions', chat('hi'))
    expect(next.status).toBe(402)
    expect(next.headers.get('x-should-retry')).toBe('false')
    expect(await next.json()).toMatchObject({
      error: { message: expect.stringMatching(/waits for its operator: .*enable it again/) },
    })
    gateway.simulator.clearPlans()
    const [account] = await list()
    const patched = await patch(gateway, `/v2/accounts/${account?.id}`, { enabled: true })
    expect(await patched.json()).toMatchObject({ enabled: true, status: { kind: 'ready' } })
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(200)
  })

  it('remembers statuses and counters over a restart', async () => {
    refuseOn(names[0], 'suspended')
    for (let round = 0; round < 12; round += 1) await gateway.postJson('/v1/chat/completions', chat('hi'))
    const before = await list()
    expect(before).toMatchObject([{ status: { kind: 'parked' } }, { success_count: 12 }])
    await gateway.restart()
    gateway.simulator.clearPlans()
    expect(await list()).toEqual(before)
    const sentBefore = gateway.simulator.journal.of('GenerateAssistantResponse').length
    for (let round = 0; round < 4; round += 1) await gateway.postJson('/v1/chat/completions', chat('hi'))
    const sent = gateway.simulator.journal.of('GenerateAssistantResponse').slice(sentBefore)
    expect(new Set(sent.map(({ accountId }) => accountId))).toEqual(new Set([names[1]]))
  })

  it('leaves the others alone when a chat is tested on one, whatever its status', async () => {
    const [first, second] = await list()
    await patch(gateway, `/v2/accounts/${first?.id}`, { enabled: false })
    for (const stream of [false, true]) {
      const answer = await gateway.postJson(`/v2/chat/test?account_id=${first?.id}`, {
        ...chat('hi'),
        stream,
      })
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain(stream ? '[DONE]' : 'You said: hi')
    }
    expect((await gateway.postJson('/v2/chat/test', chat('hi'))).status).toBe(200)
    expect(await list()).toMatchObject([
      { success_count: 2, enabled: false },
      { success_count: 1, id: second?.id },
    ])
    refuseOn(names[0], 'suspended')
    const refused = await gateway.postJson(`/v2/chat/test?account_id=${first?.id}`, chat('hi'))
    expect(refused.status).toBe(402)
    expect((await gateway.postJson('/v2/chat/test?account_id=nobody', chat('hi'))).status).toBe(404)
  })
})

async function patch(gateway: GatewayUnderTest, path: string, body: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' }
  return gateway.fetch(path, { method: 'PATCH', headers, body: JSON.stringify(body) })
}

describe('the operator', () => {
  let gateway: GatewayUnderTest
  beforeEach(async () => {
    gateway = await startGatewayUnderTest()
  })
  afterEach(() => gateway.close())

  it('S30: changes settings, of which no secret comes back', async () => {
    const changes = {
      label: 'renamed',
      tags: ['team-a'],
      weight: 3,
      priority: 2,
      concurrencyLimit: 5,
      models: ['claude-sonnet-4.5'],
      region: 'eu-central-1',
      profileArn: 'none',
    }
    const proxyUrl = 'http://user:canary-proxy@127.0.0.1:1'
    const path = `/v2/accounts/${gateway.accountId}`
    const answer = await patch(gateway, path, { ...changes, proxyUrl })
    const text = await answer.text()
    expect(JSON.parse(text)).toMatchObject({ ...changes, hasProxyUrl: true })
    expect(text).not.toContain('canary')
    const cleared = await patch(gateway, path, {
      proxyUrl: null,
      models: null,
      concurrencyLimit: null,
      label: null,
    })
    expect(await cleared.json()).toMatchObject({
      hasProxyUrl: false,
      models: null,
      concurrencyLimit: null,
      label: null,
      tags: ['team-a'],
    })
    expect(gateway.log.join('')).not.toContain('canary')
  })

  it.each([
    [{ id: 'x', success_count: 3 }, 'id, success_count'],
    [{ clientID: 'x' }, 'clientID'],
    [{ weight: 'heavy' }, 'weight'],
    [{ weight: -1 }, 'weight: must be a number from 0 to 1000'],
    [{ priority: 1.5 }, 'priority: Input should be an integer'],
    [{ priority: 1001 }, 'priority: must be a whole number from -1000 to 1000'],
    [
      { concurrencyLimit: 0 },
      'concurrencyLimit: must be a whole number from 1 to 1000, or null for no limit',
    ],
    [{ tags: [''] }, 'tags.0: must be 1 to 200 characters'],
    [{ label: 'x'.repeat(201) }, 'label: must be at most 200 characters'],
    [{ clientId: 'an id' }, 'clientId: must be visible ASCII characters without blanks'],
    [{ models: [] }, 'models: must name at least one model; null means all'],
    [{ models: ['claude-sonnet-4.5', 'gpt-4o'] }, 'models: gpt-4o is not known here. Choose one of: '],
    [{ proxyUrl: 'socks5://x' }, 'proxyUrl'],
    [{ proxyUrl: 'http://127.0.0.1:1/path' }, 'proxyUrl'],
    [{ proxyUrl: 'http://127.0.0.1:1?x' }, 'proxyUrl'],
    [{ proxyUrl: 'http://127.0.0.1:1#x' }, 'proxyUrl'],
    [{ proxyUrl: 'http://%zz@127.0.0.1:1' }, 'proxyUrl'],
    [{ profileArn: 'arn:aws:s3:::x' }, 'profileArn'],
    [{ region: '../x' }, 'region'],
  ])('S30: is told that %j cannot be set', async (body, named) => {
    const before = await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
    const answer = await patch(gateway, `/v2/accounts/${gateway.accountId}`, body)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toMatchObject({ error: { message: expect.stringContaining(named) } })
    expect(await (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()).toEqual(before)
  })

  it('names models and proxies as people write them', async () => {
    const answer = await patch(gateway, `/v2/accounts/${gateway.accountId}`, {
      models: ['claude-sonnet-4-5-20250929', 'CLAUDE-SONNET-4.5', 'claude-opus-4-6'],
      proxyUrl: '127.0.0.1:1',
    })
    expect(await answer.json()).toMatchObject({
      models: ['claude-sonnet-4.5', 'claude-opus-4.6'],
      hasProxyUrl: true,
    })
    await patch(gateway, `/v2/accounts/${gateway.accountId}`, { proxyUrl: null })
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(200)
  })

  it.each(['', '/batch', '/feed'])(
    'cannot make accounts with unknown models: POST /v2/accounts%s',
    async (suffix) => {
      const account = { ...gateway.simulator.seed(), id: undefined, models: ['gpt-4o'] }
      const body = suffix === '' ? account : { accounts: [account] }
      const answer = await gateway.postJson(`/v2/accounts${suffix}`, body)
      expect(answer.status).toBe(suffix === '/batch' ? 200 : 400)
      expect(await answer.text()).toContain('models: gpt-4o is not known here.')
      expect(await (await gateway.fetch('/v2/accounts')).json()).toMatchObject({ count: 1 })
    },
  )

  it.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/refresh'],
  ])('gets 404 for %s of an unknown account%s', async (method, suffix) => {
    const init = method === 'PATCH' ? { headers: { 'content-type': 'application/json' }, body: '{}' } : {}
    const answer = await gateway.fetch(`/v2/accounts/nobody${suffix}`, { method, ...init })
    expect(answer.status).toBe(404)
    expect(await answer.json()).toMatchObject({ error: { code: 'account_not_found' } })
  })

  it('refreshes by hand, and gets 502 with the reason when that is refused', async () => {
    const path = `/v2/accounts/${gateway.accountId}/refresh`
    await listed(gateway)
    const before = gateway.simulator.journal.refreshes()
    const refreshed = await gateway.fetch(path, { method: 'POST' })
    expect(await refreshed.json()).toMatchObject({ last_refresh_status: 'success', hasAccessToken: true })
    // Many programs name a content type although they send nothing.
    const headers = { 'content-type': 'application/json' }
    expect((await gateway.fetch(path, { method: 'POST', headers })).status).toBe(200)
    expect(gateway.simulator.journal.refreshes() - before).toBe(2)
    gateway.simulator.revoke(gateway.simulator.accounts()[0]?.id ?? '', 'session')
    for (let round = 0; round < 2; round += 1) {
      const refused = await gateway.fetch(path, { method: 'POST' })
      expect(refused.status).toBe(502)
      expect(await refused.json()).toMatchObject({
        error: { message: expect.stringContaining('invalid_grant') },
      })
    }
  })

  it('signs an account in again by giving it other credentials', async () => {
    gateway.simulator.revoke(gateway.simulator.accounts()[0]?.id ?? '', 'session')
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(402)
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(402)
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const body = { clientId, clientSecret, refreshToken }
    const patched = await patch(gateway, `/v2/accounts/${gateway.accountId}`, body)
    expect(await patched.json()).toMatchObject({ id: gateway.accountId, status: { kind: 'ready' } })
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(200)
  })

  it('hands in a batch, and hears about each account', async () => {
    const one = { ...gateway.simulator.seed(), label: 'one' }
    const bodies = [one, { clientId: 'x' }, { ...one, label: 'again' }, 7]
    const answer = await gateway.postJson('/v2/accounts/batch', { accounts: bodies })
    expect(await answer.json()).toEqual({
      created: 1,
      failed: 3,
      results: [
        { index: 0, status: 'created', id: expect.any(String) },
        { index: 1, status: 'invalid', error: 'clientSecret: Field required' },
        { index: 2, status: 'duplicate', id: expect.any(String), error: expect.stringContaining('already') },
        { index: 3, status: 'invalid', error: expect.any(String) },
      ],
    })
  })

  it('feeds accounts, which are checked in the background and then switched on', async () => {
    const good = gateway.simulator.seed()
    const bad = { ...gateway.simulator.seed(), refreshToken: 'canary-wrong' }
    const answer = await gateway.postJson('/v2/accounts/feed', { accounts: [good, bad] })
    const fed = z
      .object({ status: z.literal('processing'), message: z.string(), account_ids: z.array(z.string()) })
      .parse(await answer.json())
    expect(fed.account_ids).toHaveLength(2)
    const look = async () =>
      Promise.all(
        fed.account_ids.map(async (id) =>
          view.parse(await (await gateway.fetch(`/v2/accounts/${id}`)).json()),
        ),
      )
    await expect
      .poll(async () => (await look()).map(({ last_refresh_status: status }) => status))
      .toEqual(['success', 'failed'])
    await expect.poll(async () => (await look())[0]?.enabled).toBe(true)
    await expect.poll(async () => (await look())[1]?.status.message).toContain('invalid_grant')
    expect((await look())[1]?.enabled).toBe(false)
  })

  it('lists by status and order', async () => {
    const seeded = gateway.simulator.seed()
    await gateway.postJson('/v2/accounts', { ...seeded, label: 'off', enabled: false })
    await gateway.postJson('/v1/chat/completions', chat('hi'))
    const labels = async (query: string) => {
      const answer = await gateway.fetch(`/v2/accounts${query}`)
      const { accounts, count } = z
        .object({ accounts: z.array(view), count: z.number() })
        .parse(await answer.json())
      expect(count).toBe(accounts.length)
      return accounts.map(({ label }) => label)
    }
    expect(await labels('')).toEqual(['off', 'test'])
    expect(await labels('?sort_order=asc')).toEqual(['test', 'off'])
    expect(await labels('?enabled=true')).toEqual(['test'])
    expect(await labels('?enabled=false')).toEqual(['off'])
    expect(await labels('?sort_by=success_count&sort_order=desc')).toEqual(['test', 'off'])
    expect((await gateway.fetch('/v2/accounts?sort_by=label')).status).toBe(400)
  })

  it('lets an account rest for a while, which outlives a restart', async () => {
    const change = async (body: unknown) => {
      const answer = await gateway.fetch(`/v2/accounts/${gateway.accountId}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
      return answer.json()
    }
    const before = Date.now()
    const paused = await change({ pauseSeconds: 3600 })
    const { pausedUntil } = z.object({ pausedUntil: z.string() }).parse(paused)
    expect(Date.parse(pausedUntil)).toBeGreaterThan(before + 3_590_000)
    expect(paused).toMatchObject({
      enabled: true,
      status: { kind: 'paused', until: pausedUntil, why: { code: 'paused', until: pausedUntil } },
    })
    await gateway.restart()
    const refused = await gateway.postJson('/v1/chat/completions', chat('hi'))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([
      429,
      expect.stringMatching(/^3[56]\d\d$/),
    ])
    const events = await (await gateway.fetch('/v2/events?kind=account-changed&limit=1')).json()
    expect(events).toMatchObject({
      events: [{ before: { pausedUntil: null }, after: { pausedUntil: expect.any(String) } }],
    })
    expect(await change({ pausedUntil: null })).toMatchObject({
      pausedUntil: null,
      status: { kind: 'ready' },
    })
    expect((await gateway.postJson('/v1/chat/completions', chat('hi'))).status).toBe(200)
    expect(await change({ pausedUntil: '2001-01-01T00:00:00Z' })).toMatchObject({ pausedUntil: null })
    for (const bad of [{ pauseSeconds: 0 }, { pauseSeconds: 32 * 86_400 }, { pausedUntil: 'tomorrow' }]) {
      expect(await change(bad)).toMatchObject({ error: { param: Object.keys(bad)[0] } })
    }
    for (const end of [null, '2100-01-01T00:00:00Z']) {
      const refusal = { param: 'pauseSeconds', message: expect.stringContaining('pausedUntil') }
      expect(await change({ pauseSeconds: 60, pausedUntil: end })).toMatchObject({ error: refusal })
    }
  })

  it('lists in pages, and then what has changed', async () => {
    const page = z.object({
      accounts: z.array(view).nullable(),
      total: z.number(),
      revision: z.number(),
      nextCursor: z.string().nullish(),
    })
    const read = async (path: string) => {
      const { accounts, ...rest } = page.parse(await (await gateway.fetch(`/v2/accounts/${path}`)).json())
      return { labels: accounts?.map(({ label }) => label), ...rest }
    }
    for (const label of ['b', 'c']) await gateway.addAccount({ label })
    const first = await read('page?limit=2')
    expect(first).toMatchObject({ labels: ['c', 'b'], total: 3 })
    const cursor = first.nextCursor ?? ''
    expect(await read(`page?limit=2&cursor=${cursor}`)).toMatchObject({ labels: ['test'], nextCursor: null })
    expect((await read('page?limit=9&sort_order=asc&enabled=1')).labels).toEqual(['test', 'b', 'c'])

    const { revision } = await read('page')
    expect(await read(`changes?since=${revision}`)).toEqual({ labels: [], total: 3, revision })
    await gateway.addAccount({ label: 'd' })
    const changed = await read(`changes?since=${revision}`)
    expect(changed).toMatchObject({ labels: ['d'], total: 4 })
    expect(changed.revision).toBeGreaterThan(revision)
    expect((await read('changes?since=0&limit=3')).labels).toBeUndefined()
  })

  it.each([
    ['page?limit=0', 'limit'],
    ['page?limit=1001', 'limit'],
    ['page?cursor=x', 'cursor'],
    [`page?cursor=${Buffer.from('["2026","a"]').toString('base64url')}`, 'cursor'],
    ['page?sort_by=label', 'error'],
    ['changes', 'since'],
    ['changes?since=-1', 'since'],
  ])('refuses %s', async (path, field) => {
    const answer = await gateway.fetch(`/v2/accounts/${path}`)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain(field)
  })

  it('cannot send more than a megabyte', async () => {
    const answer = await gateway.postJson('/v2/accounts', { clientId: 'x'.repeat(1_000_001) })
    expect(answer.status).toBe(413)
  })
})
