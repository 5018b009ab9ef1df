/** Whom the gateway connects to: those that its settings name, and nobody else. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import { connect, createServer, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const chat = { model: 'claude-sonnet-4.5', max_tokens: 10, messages: [{ role: 'user', content: 'hi' }] }
const CREATED = 'net.client.socket'

/** Names that were looked up, and `address:port` of each attempt to connect, in this process. */
function watchSockets() {
  const seen = new Set<string>()
  function watch(message: unknown): void {
    if (typeof message !== 'object' || message === null) return
    const socket: unknown = Reflect.get(message, 'socket')
    if (!(socket instanceof Socket)) return
    socket
      .on('lookup', (_error, _address, _family, host: string) => seen.add(host))
      .on('connectionAttempt', (address: string, port: number) => seen.add(`${address}:${port}`))
  }
  subscribe(CREATED, watch)
  return { seen, end: () => unsubscribe(CREATED, watch) }
}

let watched: ReturnType<typeof watchSockets> | undefined
let gateway: GatewayUnderTest | undefined
afterEach(async () => {
  watched?.end()
  await gateway?.close()
})

const placeOf = (url: string) => `127.0.0.1:${new URL(url).port}`

describe('what a gateway connects to', () => {
  it('S65: is the service of its settings alone, from its start to its end', async () => {
    watched = watchSockets()
    gateway = await startGatewayUnderTest()
    const ours = [placeOf(gateway.url)]
    for (const path of ['/v1/messages', '/v1/chat/completions', '/v1/messages/count_tokens']) {
      expect((await gateway.postJson(path, chat)).status).toBe(200)
    }
    for (const path of ['/healthz', '/docs', '/openapi.json', '/v1/models', '/v1/usage', '/v2/accounts']) {
      expect((await gateway.fetch(path)).status).toBe(200)
    }
    expect((await gateway.postJson('/v2/auth/start', {})).status).toBe(200)
    await gateway.restart()
    ours.push(placeOf(gateway.url))
    await gateway.fetch('/healthz')
    const allowed = new Set([...ours, placeOf(gateway.simulator.url), '127.0.0.1', 'localhost'])
    expect([...watched.seen].filter((place) => !allowed.has(place))).toEqual([])
    expect(watched.seen).toContain(placeOf(gateway.simulator.url))
  })

  it('would be seen, whoever it was', async () => {
    watched = watchSockets()
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const socket = connect(port, 'localhost').on('error', () => {})
    await once(socket, 'close')
    server.close()
    expect(watched.seen).toContain('localhost')
    expect([...watched.seen].some((place) => place.endsWith(`:${port}`))).toBe(true)
  })
})

describe('a region that AWS does not have', () => {
  const secrets = { clientId: 'odd-client', clientSecret: 'odd-secret', refreshToken: 'odd-token' }
  const odd = ['us-evil-1', 'evil.example/', 'us-east-1.evil.example', 'US-EAST-1', '']

  it('S41: is refused wherever one can be given', async () => {
    gateway = await startGatewayUnderTest()
    const { accountId } = gateway
    for (const region of odd) {
      for (const name of ['region', 'signInRegion']) {
        const fields = { [name]: region }
        const single = await gateway.postJson('/v2/accounts', { ...secrets, ...fields })
        expect([single.status, await single.text()]).toEqual([400, expect.stringContaining(name)])
        const patched = await gateway.fetch(`/v2/accounts/${accountId}`, {
          method: 'PATCH',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(fields),
        })
        expect([patched.status, await patched.text()]).toEqual([400, expect.stringContaining(name)])
        const accounts = [{ ...secrets, ...fields }]
        for (const path of ['/v2/accounts/batch', '/v2/accounts/feed']) {
          expect([200, 400]).toContain((await gateway.postJson(path, { accounts })).status)
        }
        const exported = { format: 'aqueduct-accounts', version: 1, accounts }
        const imported = await gateway.postJson('/v2/accounts/import', { export: exported })
        expect(await imported.json()).toMatchObject({ created: 0, invalid: 1 })
      }
      const begun = await gateway.postJson('/v2/auth/start', { region })
      expect([begun.status, await begun.text()]).toEqual([400, expect.stringContaining('region')])
    }
    expect(JSON.stringify(gateway.simulator.journal.entries())).not.toContain('odd-')
    expect(await (await gateway.fetch('/v2/accounts')).json()).toMatchObject({ count: 1 })
  })
})
