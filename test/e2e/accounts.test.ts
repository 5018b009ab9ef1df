import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const chat = (content: string) => ({ model: 'claude-sonnet-4.5', messages: [{ role: 'user', content }] })

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
    expect(await (await gateway.fetch(path)).json()).toEqual(account)
    expect(await (await gateway.fetch('/v2/accounts')).json()).toEqual({ accounts: [account], count: 1 })
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
