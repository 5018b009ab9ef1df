import BetterSqlite3 from 'better-sqlite3'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { hostileQueries } from '../hostile-queries.ts'

const password = 'correct horse battery'
const authorization = `Bearer ${password}`
const eventPage = z.object({
  events: z.array(
    z.object({
      id: z.number(),
      at: z.string(),
      kind: z.string(),
      actor: z.record(z.string(), z.string().nullable()),
      subject: z.object({ kind: z.string(), id: z.string(), name: z.string().nullable() }).nullable(),
      before: z.record(z.string(), z.json()).nullable(),
      after: z.record(z.string(), z.json()).nullable(),
      reason: z.string().nullable(),
    }),
  ),
  nextCursor: z.string().nullable(),
})
const verification = z.object({
  intact: z.boolean(),
  checked: z.number(),
  problems: z.array(z.object({ kind: z.string(), id: z.number() })),
})
const made = z.looseObject({ id: z.string() })

let gateway: GatewayUnderTest
afterEach(() => gateway.close())
const start = async (environment: Record<string, string> = { ADMIN_PASSWORD: password }) => {
  gateway = await startGatewayUnderTest({ environment })
}

const ask = (path: string) => gateway.fetch(path, { headers: { authorization } })
const read = async (query = '') => eventPage.parse(await (await ask(`/v2/events${query}`)).json())
const verify = async () => verification.parse(await (await ask('/v2/events/verify')).json())
const send = (method: string, path: string, body?: unknown) =>
  gateway.fetch(path, {
    method,
    headers: { authorization, ...(body !== undefined && { 'content-type': 'application/json' }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
const chat = (text: string) =>
  gateway.postJson('/v1/chat/completions', {
    model: 'claude-sonnet-4.5',
    messages: [{ role: 'user', content: text }],
  })
const openDatabaseFile = () => new BetterSqlite3(join(gateway.dataDirectory, 'data.sqlite3'))

const idIn = (text: string) => /"id":"([^"]+)"/.exec(text)?.[1] ?? 'none'

/** All that the operator can do beside accounts; each answers what it says when it is done. */
async function actOnce(): Promise<[string, number][]> {
  const statuses: [string, number][] = []
  async function act(kind: string, method: string, path: string, body?: unknown): Promise<string> {
    const answer = await send(method, path, body)
    statuses.push([kind, answer.status])
    return answer.text()
  }
  await act('operator-signed-in', 'POST', '/v2/session', { password })
  await act('operator-refused', 'POST', '/v2/session', { password: 'canary-guess' })
  const token = idIn(await act('admin-token-created', 'POST', '/v2/tokens', { name: 'mine', scope: 'read' }))
  await act('admin-token-removed', 'DELETE', `/v2/tokens/${token}`)
  const key = idIn(await act('key-created', 'POST', '/v2/keys', { name: 'one' }))
  await act('key-changed', 'PATCH', `/v2/keys/${key}`, { name: 'two' })
  await act('key-rotated', 'POST', `/v2/keys/${key}/rotate`, {})
  await act('key-removed', 'DELETE', `/v2/keys/${key}`)
  await act('accounts-exported', 'POST', '/v2/accounts/export', { format: 'csv' })
  const exported = { format: 'aqueduct-accounts', version: 1, accounts: [] }
  await act('accounts-imported', 'POST', '/v2/accounts/import', { export: exported })
  const wished = { password: 'canary battery staple', current_password: password }
  await act('password-set', 'POST', '/v2/password', wished)
  return statuses
}

describe('what the operator does', () => {
  it('S60: is told with who did it and what changed, without secrets', async () => {
    await start()
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const secrets = [clientSecret, refreshToken, 'canary-note', 'canary-of-a-proxy', 'canary-secret']
    const account = { clientId, clientSecret, refreshToken, label: 'one', other: { note: 'canary-note' } }
    const { id } = made.parse(await (await send('POST', '/v2/accounts', account)).json())
    const path = `/v2/accounts/${id}`
    await send('PATCH', path, { label: 'two', enabled: false, tags: ['x'] })
    await send('PATCH', path, {
      clientSecret: 'canary-secret',
      proxyUrl: 'http://u:canary-of-a-proxy@127.0.0.1:1',
    })
    await send('PATCH', path, { label: 'two' })
    await send('PATCH', path, { weight: -1 })
    await send('DELETE', path)
    await send('DELETE', path)

    const { events } = await read(`?subject=${id}`)
    expect(events.map(({ kind, before, after }) => ({ kind, before, after }))).toMatchObject([
      { kind: 'account-removed', before: { label: 'two', clientId, tags: ['x'] }, after: null },
      { kind: 'account-changed', before: {}, after: { replaced: ['clientSecret', 'proxyUrl'] } },
      {
        kind: 'account-changed',
        before: { label: 'one', enabled: true, status: 'ready', tags: [] },
        after: { label: 'two', enabled: false, status: 'disabled', tags: ['x'] },
      },
      {
        kind: 'account-created',
        before: null,
        after: { label: 'one', enabled: true, with: ['clientSecret', 'refreshToken', 'other'] },
      },
    ])
    expect(events.map(({ actor }) => actor)).toEqual(
      events.map(() => ({ kind: 'operator', via: 'password', name: null, address: '127.0.0.1' })),
    )
    const everything = await (await ask('/v2/events?limit=200')).text()
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
    expect(await verify()).toMatchObject({ intact: true, problems: [] })
  })

  it('S60: is told of batches, of feeds, and of sign-ins by who started them', async () => {
    await start({})
    const batch = { accounts: [gateway.simulator.seed(), gateway.simulator.seed()] }
    await gateway.postJson('/v2/accounts/batch', batch)
    await gateway.postJson('/v2/accounts/feed', { accounts: [gateway.simulator.seed()] })
    await expect
      .poll(async () => (await read('?kind=account-status')).events)
      .toMatchObject([
        { actor: { kind: 'gateway' }, before: { status: 'disabled' }, after: { status: 'ready' } },
      ])
    const created = (await read('?kind=account-created')).events
    // One is the account that the test began with.
    expect(created.map(({ actor }) => [actor['kind'], actor['via']])).toEqual(
      Array.from({ length: 4 }, () => ['operator', 'local']),
    )
  })

  it('S60: is told of sign-ins, tokens, keys, exports, imports and passwords, each before its answer', async () => {
    await start()
    const acted = await actOnce()
    expect(acted.filter(([kind, status]) => status !== (kind === 'operator-refused' ? 401 : 200))).toEqual([])
    const { events } = await read('?limit=200')
    const told = events.map(({ kind }) => kind).toReversed()
    expect(told.filter((kind) => acted.some(([each]) => each === kind))).toEqual(acted.map(([kind]) => kind))
    expect(events.filter(({ actor }) => actor['kind'] === 'operator').length).toBeGreaterThan(9)
    expect(JSON.stringify(events)).not.toContain('canary')
  })

  it('S60: is acknowledged by no answer when it cannot be recorded, whatever it is', async () => {
    await start()
    const database = openDatabaseFile()
    database.exec('alter table events rename to gone')
    const acted = await actOnce()
    database.exec('alter table gone rename to events')
    database.close()
    // What was not said to be made is not there to be changed.
    expect(acted.filter(([, status]) => status !== 503 && status !== 404)).toEqual([])
    expect(acted.filter(([, status]) => status === 503).length).toBeGreaterThan(6)
  })

  it('S60: is not done when it cannot be recorded, and the answer says so', async () => {
    await start()
    const database = openDatabaseFile()
    database.exec('alter table events rename to gone')
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    const path = `/v2/accounts/${gateway.accountId}`
    const accounts = [gateway.simulator.seed(), gateway.simulator.seed()]
    const exported = { format: 'aqueduct-accounts', version: 1, accounts }
    const answers = [
      await send('POST', '/v2/accounts', { clientId, clientSecret, refreshToken }),
      await send('PATCH', path, { enabled: false }),
      await send('DELETE', path),
      await send('POST', '/v2/keys', { name: 'mine' }),
      await send('POST', '/v2/accounts/import', { export: exported }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503, 503, 503])
    expect(await answers[1]?.text()).toContain('not_recorded')
    expect((await chat('hi')).status).toBe(200)
    database.exec('alter table gone rename to events')
    database.close()
    expect(await (await ask('/v2/accounts')).json()).toMatchObject({
      count: 1,
      accounts: [{ enabled: true }],
    })
    expect(await (await ask('/v2/keys')).json()).toMatchObject({ keys: [] })
    expect((await send('PATCH', path, { enabled: false })).status).toBe(200)
    expect(await verify()).toMatchObject({ intact: true })
  })
})

describe('what the gateway does', () => {
  it('S60: is told when an account is suspended, also over a restart', async () => {
    await start()
    await chat('[[sim:suspended]]')
    await gateway.restart()
    const { events } = await read()
    expect(events.map(({ kind }) => kind)).toEqual([
      'gateway-started',
      'gateway-stopped',
      'account-status',
      'account-created',
      'gateway-started',
    ])
    expect(events[2]).toMatchObject({
      actor: { kind: 'gateway' },
      subject: { id: gateway.accountId, name: 'test' },
      before: { status: 'ready' },
      after: { status: 'parked' },
    })
    expect(gateway.log.some((line) => line.includes('events continue'))).toBe(true)
  })

  it('S60: is told when a proxy ends local mode', async () => {
    await start({})
    await gateway.fetch('/healthz', { headers: { 'x-forwarded-for': '192.0.2.1' } })
    const database = openDatabaseFile()
    const rows = database
      .prepare("select actor_address, after from events where kind = 'local-mode-ended'")
      .all()
    database.close()
    expect(rows).toEqual([
      { actor_address: '127.0.0.1', after: '{"method":"GET","path":"/healthz","header":"x-forwarded-for"}' },
    ])
  })

  it('S60: a start cries out when an entry was taken away', async () => {
    await start()
    await gateway.stop()
    const database = openDatabaseFile()
    database.exec('delete from events where id = 2')
    database.close()
    await gateway.restart()
    const cries = gateway.log.filter((line) => line.includes('were tampered with'))
    expect(cries).toHaveLength(1)
    expect(cries[0]).toContain('"level":50')
    expect(await verify()).toMatchObject({ intact: false, problems: [{ kind: 'broken', id: 3 }] })
  })
})

describe('GET /v2/events', () => {
  it('leads through the pages', async () => {
    await start()
    for (const label of ['1', '2', '3']) {
      await send('PATCH', `/v2/accounts/${gateway.accountId}`, { label })
    }
    const first = await read('?kind=account-changed&limit=2')
    const second = await read(`?kind=account-changed&limit=2&cursor=${first.nextCursor}`)
    expect([first, second].map(({ events }) => events.map(({ after }) => after))).toEqual([
      [{ label: '3' }, { label: '2' }],
      [{ label: '1' }],
    ])
    expect(second.nextCursor).toBeNull()
  })

  it.each(['subject', 'actor'])('S47: searches for no more than 64 characters of the %s', async (name) => {
    await start()
    const statuses = [64, 65].map(
      async (length) => (await ask(`/v2/events?${name}=${'%25'.repeat(length)}`)).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 400])
  })

  it('S47, F19: answers 200 or 400 to hostile filters and forged cursors, never anything else', async () => {
    await start()
    const cursor = (await read('?limit=1')).nextCursor ?? ''
    expect(cursor).not.toBe('')
    const believed: string[] = []
    const statuses = new Map<number, number>()
    for (const { path, isForged } of hostileQueries({ seed: 19, count: 300, cursor })) {
      const { status } = await ask(path)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      if (isForged && status !== 400) believed.push(path)
    }
    expect(believed).toEqual([])
    expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual([200, 400])
    expect(await verify()).toMatchObject({ intact: true })
  })
})
