import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { startTinyProxy, type TinyProxy } from '../tiny-proxy.ts'

const chat = (content: string) => ({
  model: 'claude-sonnet-4.5',
  messages: [{ role: 'user', content }],
})

describe('an outbound proxy', () => {
  let gateway: GatewayUnderTest
  let proxy: TinyProxy
  afterEach(async () => {
    await gateway.close()
    await proxy.close()
  })

  const ask = () => gateway.postJson('/v1/chat/completions', chat('hi'))
  const start = async (environment: Record<string, string> = {}, refuseWith?: number) => {
    proxy = await startTinyProxy(refuseWith === undefined ? {} : { refuseWith })
    const own = { HTTP_PROXY: `http://operator:canary-word@${proxy.host}` }
    gateway = await startGatewayUnderTest({ environment: { ...own, ...environment } })
  }

  it('carries sign-in and model calls, those to the endpoint overrides too', async () => {
    await start()
    expect((await ask()).status).toBe(200)
    const { url } = gateway.simulator
    // Once for the models of the account, once for the chat.
    const model = `POST ${url}/`
    expect(proxy.calls.map(({ line }) => line)).toEqual([`POST ${url}/token`, model, model])
    gateway.assertNoViolation()
  })

  it('is left out for the hosts of NO_PROXY', async () => {
    await start({ NO_PROXY: 'example.com,127.0.0.1' })
    expect((await ask()).status).toBe(200)
    expect(proxy.calls).toEqual([])
  })

  it.each([407, 502])(
    'that answers %i is told as our own trouble, and its password to nobody',
    async (status) => {
      await start({}, status)
      const answer = await ask()
      const text = await answer.text()
      expect(answer.status).toBe(503)
      const accounts = await (await gateway.fetch('/v2/accounts')).json()
      expect(accounts).toMatchObject({ accounts: [{ enabled: true, error_count: 0 }] })
      expect([text, ...gateway.log, JSON.stringify(accounts)].join('\n')).not.toContain('canary')
      // Where the proxy is, is the operator's business alone.
      expect(text).not.toContain(proxy.host)
      expect(gateway.log.join('')).toContain(proxy.host)
    },
  )
})

describe("an account's own proxy that is dead", () => {
  let gateway: GatewayUnderTest
  let proxyUrl: string
  beforeEach(async () => {
    const proxy = await startTinyProxy()
    await proxy.close()
    proxyUrl = proxy.url.replace('http://', 'http://name:canary-word@')
    gateway = await startGatewayUnderTest()
  })
  afterEach(() => gateway.close())

  const ask = () => gateway.postJson('/v1/chat/completions', chat('hi'))
  const look = async () => (await gateway.fetch(`/v2/accounts/${gateway.accountId}`)).json()
  const patch = (body: unknown) =>
    gateway.fetch(`/v2/accounts/${gateway.accountId}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const addSecond = () => {
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    return gateway.postJson('/v2/accounts', { clientId, clientSecret, refreshToken })
  }

  it.each([
    ['model calls', true],
    ['sign-in', false],
  ])('costs no client anything while another account serves: %s', async (_, isSignedIn) => {
    if (isSignedIn) await ask()
    await patch({ proxyUrl })
    await addSecond()
    const statuses: number[] = []
    for (let round = 0; round < 20; round += 1) statuses.push((await ask()).status)
    expect(statuses).toEqual(Array.from({ length: 20 }, () => 200))
    expect(await look()).toMatchObject({
      enabled: true,
      status: { kind: 'misconfigured', message: expect.stringContaining('proxyUrl') },
    })
    expect(gateway.log.join('')).not.toContain('canary')
  })

  it('is told to the client of the only account, but not where it is', async () => {
    await patch({ proxyUrl })
    for (let round = 0; round < 2; round += 1) {
      const answer = await ask()
      const text = await answer.text()
      expect(answer.status).toBe(402)
      expect(text).toContain('proxyUrl')
      expect(text).not.toContain('127.0.0.1')
    }
  })

  it('is over as soon as the operator takes it away', async () => {
    await patch({ proxyUrl })
    expect((await ask()).status).toBe(402)
    expect(await (await patch({ proxyUrl: null })).json()).toMatchObject({ status: { kind: 'ready' } })
    expect((await ask()).status).toBe(200)
  })

  it('is told to the operator who refreshes by hand', async () => {
    await patch({ proxyUrl })
    const answer = await gateway.fetch(`/v2/accounts/${gateway.accountId}/refresh`, { method: 'POST' })
    expect(answer.status).toBe(502)
    expect(await answer.text()).toContain('proxyUrl')
    expect(await look()).toMatchObject({ status: { kind: 'misconfigured' } })
  })
})

describe('S41: a test of a proxy, where there is none', () => {
  it('calls nothing, and is no event', async () => {
    const gateway = await startGatewayUnderTest({ withAccount: false })
    const answer = await gateway.postJson('/v2/proxy/test', {})
    expect(await answer.json()).toMatchObject({ outcome: 'unused' })
    const events = await (await gateway.fetch('/v2/events?kind=proxy-tested')).json()
    expect(events).toMatchObject({ events: [] })
    await gateway.close()
  })
})

describe('S41: a test of a proxy', () => {
  let gateway: GatewayUnderTest
  let proxy: TinyProxy
  beforeEach(async () => {
    proxy = await startTinyProxy()
    gateway = await startGatewayUnderTest({
      environment: { HTTP_PROXY: `http://operator:canary-word@${proxy.host}` },
      withAccount: false,
    })
  })
  afterEach(async () => {
    await gateway.close()
    await proxy.close()
  })

  const test = (body: object) => gateway.postJson('/v2/proxy/test', body)
  const eventsOf = async () => (await gateway.fetch('/v2/events?kind=proxy-tested')).json()

  it('goes to the service alone, by the proxy that is set, or by another one', async () => {
    const service = new URL(gateway.simulator.url).host
    expect(await (await test({})).json()).toMatchObject({ outcome: 'works', service })
    const other = await startTinyProxy({ refuseWith: 407 })
    expect(await (await test({ proxyUrl: other.url })).json()).toMatchObject({ outcome: 'wrong-credentials' })
    await other.close()
    expect(await (await test({ proxyUrl: other.url })).json()).toMatchObject({ outcome: 'unreachable' })
    const line = `HEAD ${gateway.simulator.url}/`
    expect([proxy, other].map(({ calls }) => calls.map((call) => call.line))).toEqual([[line], [line]])
  })

  it('tells nothing of what came back, and is an event without the name and password of the proxy', async () => {
    const other = await startTinyProxy({ answerHeaders: { 'x-told': 'told-by-the-proxy' } })
    const answer = await test({ proxyUrl: `http://somebody:canary-password@${other.host}` })
    const text = await answer.text()
    await other.close()
    expect(Object.keys(JSON.parse(text))).toEqual(['outcome', 'milliseconds', 'service'])
    const events = JSON.stringify(await eventsOf())
    expect(JSON.parse(events)).toMatchObject({
      events: [{ kind: 'proxy-tested', actor: { kind: 'operator' }, after: { proxy: other.host } }],
    })
    expect([text, events, ...gateway.log].join('\n')).not.toMatch(/canary|somebody|told-by-the-proxy/)
  })

  it.each([
    { proxyUrl: 'ftp://127.0.0.1:1' },
    { proxyUrl: 'http://127.0.0.1:1/path' },
    { target: 'http://a' },
  ])('of %j is refused, and nothing is called', async (body) => {
    expect((await test(body)).status).toBe(400)
    expect(await eventsOf()).toMatchObject({ events: [] })
    expect(proxy.calls).toEqual([])
  })

  it('is made six times a minute at most', async () => {
    const statuses: number[] = []
    for (let count = 0; count < 7; count += 1) statuses.push((await test({})).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429])
    expect(proxy.calls).toHaveLength(6)
  })
})
