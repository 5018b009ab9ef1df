/**
 * What lies between the gateway and the service: connections, names, proxies. No account is to blame for it. That answers come
 * within the limit for connections shows in that they come at all: every other limit is longer than a test may take.
 */
import dns from 'node:dns'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, getCACertificates, setDefaultCACertificates } from 'node:tls'
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

async function ask(gateway: GatewayUnderTest, body = chat) {
  const answer = await gateway.postJson('/v1/chat/completions', body)
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
  /** More than any buffer on the way holds: what the service does not read has not been sent. */
  const long = { ...chat, messages: [{ role: 'user', content: 'long '.repeat(300_000) }] }

  it.each<[string, (socket: Socket) => void, typeof chat]>([
    ['is reset', (socket) => void socket.once('data', () => socket.resetAndDestroy()), chat],
    ['is closed', (socket) => void socket.once('data', () => socket.destroy()), chat],
    ['is reset in the middle', (socket) => void socket.once('data', () => socket.resetAndDestroy()), long],
    ['is closed in the middle', (socket) => void socket.once('data', () => socket.destroy()), long],
  ])('%s: tried on another account, and each attempt is in the log', async (_, treat, body) => {
    const port = await listen(createServer(treat))
    const gateway = await startGateway({ AMAZON_Q_ENDPOINT: `http://127.0.0.1:${port}` })
    const { clientId, clientSecret, refreshToken } = gateway.simulator.seed()
    await gateway.postJson('/v2/accounts', { clientId, clientSecret, refreshToken })
    expect((await ask(gateway, body)).status).toBe(502)
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

type Lookup = (done: (error: Error | null, addresses?: { address: string; family: number }[]) => void) => void

/** The service's name is looked up like this; all others as ever. */
function mockLookup(lookup: Lookup): void {
  const usual = dns.lookup
  vi.spyOn(dns, 'lookup').mockImplementation((...passed: unknown[]) => {
    const [host, , done] = passed
    if (host !== 'localhost' || typeof done !== 'function') return Reflect.apply(usual, dns, passed)
    return lookup((...found) => void Reflect.apply(done, undefined, found))
  })
}

const found: Lookup = (done) => setImmediate(() => done(null, [{ address: '127.0.0.1', family: 4 }]))
const failWith =
  (code: string): Lookup =>
  (done) =>
    setImmediate(() => done(Object.assign(new Error(`getaddrinfo ${code}`), { code })))

const answerWith = (line: string) => (socket: Socket) =>
  void socket.once('data', () => socket.end(`${line}\r\ncontent-length: 0\r\n\r\n`))
const tunnelBegun = (socket: Socket) =>
  void socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'))

/** What breaks on the way to the service, and how it is told of it; absent: as it should be. */
interface Fault {
  lookup?: Lookup
  /** What the proxy does with a connection. */
  proxy?: (socket: Socket) => void
}

/** The simulator by way of a name and TLS, with a proxy between or not; both can be broken and repaired. */
async function startOnRoad({ isProxied }: { isProxied: boolean }) {
  const fault: Fault = {}
  const open = new Set<Socket>()
  let servicePort = 0
  const forward = (socket: Socket, port: number) => {
    open.add(socket)
    const onward = connect({ host: '127.0.0.1', port })
    onward.on('error', () => socket.destroy()).on('close', () => socket.destroy())
    socket.on('close', () => onward.destroy())
    socket.pipe(onward).pipe(socket)
  }
  const certificate = createSelfSignedCertificate()
  const usualAuthorities = getCACertificates('default')
  setDefaultCACertificates([...usualAuthorities, certificate.cert])
  closing.push(async () => setDefaultCACertificates(usualAuthorities))
  const tls = createTlsServer(certificate)
  tls.on('secureConnection', (socket) => forward(socket, servicePort))
  const tlsPort = await listen(tls)
  const proxy = createServer((socket) => {
    if (fault.proxy !== undefined) return fault.proxy(socket)
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      forward(socket, tlsPort)
    })
  })
  mockLookup((done) => (fault.lookup ?? found)(done))
  const gateway = await startGateway({
    AMAZON_Q_ENDPOINT: `https://localhost:${tlsPort}`,
    ...(isProxied && { HTTPS_PROXY: `http://127.0.0.1:${await listen(proxy)}` }),
  })
  servicePort = Number(new URL(gateway.simulator.url).port)
  return {
    gateway,
    break(next: Fault) {
      Object.assign(fault, next)
      for (const socket of open) socket.destroy()
    },
    repair() {
      delete fault.lookup
      delete fault.proxy
    },
  }
}

const counted = z.object({
  accounts: z.array(
    z.object({
      enabled: z.boolean(),
      status: z.unknown(),
      error_count: z.int(),
      success_count: z.int(),
    }),
  ),
})
const countersOf = async (gateway: GatewayUnderTest) => counted.parse(await accountsOf(gateway))

describe('R10: what breaks on the way to the service', () => {
  it.each<[string, Fault]>([
    ['its name is not found', { lookup: failWith('ENOTFOUND') }],
    ['names cannot be looked up', { lookup: failWith('EAI_AGAIN') }],
    // Ten seconds and never are the same, where the limit is shorter.
    ['its name is looked up too slowly', { lookup: () => {} }],
    ['the proxy takes no connection', { proxy: (socket) => void socket.resetAndDestroy() }],
    ['the proxy demands other credentials', { proxy: answerWith('HTTP/1.1 407 No') }],
    ['the proxy does not let it through', { proxy: answerWith('HTTP/1.1 502 No') }],
    ['the proxy hangs at CONNECT', { proxy: () => {} }],
    ['the proxy hangs after CONNECT', { proxy: tunnelBegun }],
  ])('%s: 503, nothing is counted against or for an account, and it is over at once', async (_, fault) => {
    const road = await startOnRoad({ isProxied: fault.proxy !== undefined })
    const { gateway } = road
    expect((await ask(gateway)).status).toBe(200)
    const before = await countersOf(gateway)
    road.break(fault)
    for (let request = 0; request < 2; request += 1) {
      expect(await ask(gateway)).toEqual({ status: 503, retryAfter: '2' })
      expect(new Set(attemptsOf(gateway).map(({ outcome }) => outcome))).toEqual(new Set(['unreachable']))
    }
    expect(await countersOf(gateway)).toEqual(before)
    road.repair()
    // The next request asks anew, nothing is remembered of the fault: it need not even wait as long as it was told.
    expect((await ask(gateway)).status).toBe(200)
  })

  it('is waited for once, where that takes longer than a moment', async () => {
    mockLookup(() => {})
    const gateway = await startGateway({
      AMAZON_Q_ENDPOINT: 'https://localhost:1',
      CONNECT_TIMEOUT_SECONDS: '1.2',
    })
    expect(await ask(gateway)).toMatchObject({ status: 503 })
    expect(attemptsOf(gateway)).toMatchObject([{ outcome: 'unreachable' }])
    expect(await accountsOf(gateway)).toMatchObject(blameless)
  })

  it('also when nobody listens where the proxy should be', async () => {
    const server = createServer()
    const port = await listen(server)
    await new Promise((resolve) => void server.close(resolve))
    const gateway = await startGateway({
      AMAZON_Q_ENDPOINT: 'https://q.example',
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    })
    expect(await ask(gateway)).toMatchObject({ status: 503 })
    expect(await accountsOf(gateway)).toMatchObject(blameless)
  })
})
