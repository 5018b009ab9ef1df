/**
 * What lies between the gateway and the service: connections, names, proxies. No account is to blame for it. That answers come
 * within the limit for connections shows in that they come at all: every other limit is longer than a test may take.
 */
import dns from 'node:dns'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { createSelfSignedCertificate } from '../self-signed-certificate.ts'

const CONNECT_SECONDS = 0.4

const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
const requestLine = z.looseObject({
  msg: z.literal('request'),
  path: z.literal('/v1/chat/completions'),
  attempts: z.array(z.looseObject({ account: z.string(), outcome: z.string(), end: z.number() })),
})

let closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  vi.restoreAllMocks()
  for (const close of closing.toReversed()) await close()
  closing = []
})

async function startGateway(environment: Record<string, string>): Promise<GatewayUnderTest> {
  const gateway = await startGatewayUnderTest({
    environment: { CONNECT_TIMEOUT_SECONDS: String(CONNECT_SECONDS), ...environment },
  })
  closing.push(() => gateway.close())
  return gateway
}

/** A server that does with each connection what a test says. Answers its port. */
async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => {})
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  closing.push(async () => {
    sockets.forEach((socket) => socket.destroy())
    await new Promise((resolve) => void server.close(resolve))
  })
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

async function ask(gateway: GatewayUnderTest) {
  const answer = await gateway.postJson('/v1/chat/completions', chat)
  await answer.text()
  return { status: answer.status, retryAfter: answer.headers.get('retry-after') }
}

const accountsOf = async (gateway: GatewayUnderTest) => (await gateway.fetch('/v2/accounts')).json()
const blameless = { accounts: [{ enabled: true, error_count: 0, status: { kind: 'ready' } }] }

/** Of the last chat, as its line in the log has them. */
function attemptsOf(gateway: GatewayUnderTest) {
  const lines = gateway.log.flatMap((line) => requestLine.safeParse(JSON.parse(line)).data ?? [])
  return lines.at(-1)?.attempts ?? []
}

describe('R9: a connection that breaks while the request is sent', () => {
  it.each<[string, (socket: Socket) => void]>([
    ['is reset', (socket) => void socket.once('data', () => socket.resetAndDestroy())],
    ['is closed', (socket) => void socket.once('data', () => socket.destroy())],
  ])('%s: tried on another account, and each attempt is in the log', async (_, treat) => {
    const port = await listen(createServer(treat))
    const gateway = await startGateway({ AMAZON_Q_ENDPOINT: `http://127.0.0.1:${port}` })
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    await gateway.postJson('/v2/accounts', { clientId, clientSecret, refreshToken })
    expect((await ask(gateway)).status).toBe(502)
    const attempts = attemptsOf(gateway)
    expect(attempts).toMatchObject([
      { outcome: 'upstream-unavailable' },
      { outcome: 'upstream-unavailable', remedy: 'other-account' },
    ])
    expect(new Set(attempts.map(({ account }) => account)).size).toBe(2)
  })

  it('fails by its certificate: 503, and no account is to blame', async () => {
    const port = await listen(createTlsServer(createSelfSignedCertificate()))
    const gateway = await startGateway({ AMAZON_Q_ENDPOINT: `https://127.0.0.1:${port}` })
    expect(await ask(gateway)).toMatchObject({ status: 503, retryAfter: '2' })
    expect(attemptsOf(gateway)).toMatchObject([
      { outcome: 'unreachable' },
      { outcome: 'unreachable', remedy: 'repeat' },
    ])
    expect(await accountsOf(gateway)).toMatchObject(blameless)
  })
})

type Lookup = (host: string, options: object, done: (error: Error | null) => void) => void

/** The service's name is looked up like this; all others as ever. */
function mockLookup(lookup: Lookup): void {
  const usual = dns.lookup
  vi.spyOn(dns, 'lookup').mockImplementation((...passed: unknown[]) => {
    const [host, options, done] = passed
    if (host !== 'q.example' || typeof done !== 'function') return Reflect.apply(usual, dns, passed)
    return lookup(host, Object(options), (error) => void Reflect.apply(done, undefined, [error]))
  })
}

describe('R10: a service whose name is not found', () => {
  it('is 503 at once, and no account is to blame', async () => {
    mockLookup((_host, _options, done) => {
      setImmediate(() => done(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })))
    })
    const gateway = await startGateway({ AMAZON_Q_ENDPOINT: 'https://q.example' })
    expect(await ask(gateway)).toEqual({ status: 503, retryAfter: '2' })
    expect(await accountsOf(gateway)).toMatchObject(blameless)
  })

  it('or only slowly, is 503 within the limit for connections', async () => {
    mockLookup(() => {})
    const gateway = await startGateway({
      AMAZON_Q_ENDPOINT: 'https://q.example',
      CONNECT_TIMEOUT_SECONDS: '1.2',
    })
    expect(await ask(gateway)).toMatchObject({ status: 503 })
    expect(attemptsOf(gateway)).toMatchObject([{ outcome: 'unreachable' }])
    expect(await accountsOf(gateway)).toMatchObject(blameless)
  })
})

const refuse = (line: string) => (socket: Socket) => {
  socket.once('data', () => socket.end(`${line}\r\ncontent-length: 0\r\n\r\n`))
}

describe('R10: a proxy', () => {
  it.each<[string, ((socket: Socket) => void) | undefined]>([
    ['that takes no connection', undefined],
    ['that demands other credentials', refuse('HTTP/1.1 407 No')],
    ['that hangs at CONNECT', () => {}],
    [
      'that hangs after CONNECT',
      (socket) => void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n')),
    ],
  ])('%s is 503 within the limit, and no account is to blame', async (_, treat) => {
    const server = createServer(treat)
    const port = await listen(server)
    if (treat === undefined) await new Promise((resolve) => void server.close(resolve))
    const gateway = await startGateway({
      AMAZON_Q_ENDPOINT: 'https://q.example',
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    })
    expect(await ask(gateway)).toMatchObject({ status: 503 })
    expect(await accountsOf(gateway)).toMatchObject(blameless)
  })
})
