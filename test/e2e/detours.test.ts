/** Ways around the guards that other gateways fell for: spellings of paths, and headers that claim another path, host or address. */
import { connect } from 'node:net'
import { fastify, type FastifyInstance } from 'fastify'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPeers, installPeers } from '../../src/http/peer.ts'
import { createAccess } from '../../src/access/access.ts'
import { createClientKeys } from '../../src/access/client-keys.ts'
import { createLocalMode } from '../../src/access/local-mode.ts'
import { toGatewayError } from '../../src/conversation/failures.ts'
import { forOperator, installGuards } from '../../src/http/guards.ts'
import { createFakeClock } from '../fake-clock.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'
import { readServedRoutes, samplePath } from '../served-routes.ts'

const password = 'correct horse'
const bearer = `Authorization: Bearer ${password}`
const clientKey = 'sk-0123456789abcdef'

/** Sends the lines as they are; answers what came back until the other side closed. */
function sendRaw(port: number, lines: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`, 'latin1')
    })
    let text = ''
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    socket.on('close', () => resolve(text)).on('error', reject)
  })
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])

const spellings = [
  '/v2/accounts',
  '/v2/accounts/',
  '/v2/accounts//',
  '//v2/accounts',
  '///v2///accounts',
  '/v2//accounts',
  '/v2/accounts?',
  '/v2/accounts?x=/v1/models',
  '/v2/accounts#x',
  '/v2/accounts/?#',
  '/v2/%61ccounts',
  '/%76%32/accounts',
  '/%762/accounts',
  '/v2%2faccounts',
  '/v2%2Faccounts',
  '/v2/%2561ccounts',
  '/%2576%2532/accounts',
  '/v2/accounts%2f',
  '/v2/accounts%20',
  '/v2/accounts%09',
  '/v2/accounts%00',
  '/v2/accounts%0a',
  '/v2/accounts;',
  '/v2/accounts;x=y',
  '/v2;x/accounts',
  '/;/v2/accounts',
  '/V2/accounts',
  '/v2/ACCOUNTS',
  '/V2/Accounts',
  '\\v2\\accounts',
  '/v2\\accounts',
  '/\\v2/accounts',
  '/./v2/accounts',
  '/v2/./accounts',
  '/v1/../v2/accounts',
  '/v1/models/../../v2/accounts',
  '/v1/%2e%2e/v2/accounts',
  '/healthz/../v2/accounts',
  '/docs/../v2/accounts',
  '/docs/%2e%2e/v2/accounts',
  '/docs/..%2fv2/accounts',
  '/..;/v2/accounts',
  '/v2/accounts.json',
  '/v2/accounts/.',
  '/v2/accounts/..',
  '/v2/\xef\xbd\x81ccounts',
  '/%EF%BD%962/accounts',
  '/v2/accounts/%2e%2e/accounts',
  'http://localhost/v2/accounts',
  'http://localhost//v2/accounts',
  'https://localhost/v2/accounts',
  'http://evil.example/v2/accounts',
  'localhost/v2/accounts',
  '*',
  'v2/accounts',
  '/v1/models/v2/accounts',
  '/v1/v2/accounts',
  '/anthropic/v2/accounts',
]

/** Every character by its number. */
const encode = (text: string) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&')

/** The same tricks with any path. */
function spellingsOf(path: string): string[] {
  const [, version = '', first = '', ...rest] = path.split('/')
  const tail = rest.length > 0 ? `/${rest.join('/')}` : ''
  return [
    ...[
      '',
      '/',
      '//',
      '?',
      '#x',
      '/?#',
      '%2f',
      '%20',
      '%09',
      '%00',
      '%0a',
      ';',
      ';x=y',
      '.json',
      '/.',
      '/..',
      '%5c',
    ].map((end) => path + end),
    ...[
      '/',
      '//',
      '/.',
      '/v1/..',
      '/v1/models/../..',
      '/v1/%2e%2e',
      '/healthz/..',
      '/docs/..',
      '/docs/%2e%2e',
      '/..;',
      '/;',
      '\\',
    ].map((start) => start + path),
    ...['http://localhost', 'http://evil.example', 'https://localhost'].map((origin) => origin + path),
    `/${encode(version)}/${first}${tail}`,
    `/${version}/${encode(first)}${tail}`,
    `/${version}/${encode(first.slice(0, 1))}${first.slice(1)}${tail}`,
    `/${version}%2f${first}${tail}`,
    `/${version}/${encode('%')}61${first}${tail}`,
    `/${version}//${first}${tail}`,
    `/${version}/./${first}${tail}`,
    `/${version};x/${first}${tail}`,
    `/${version}\\${first}${tail}`,
    `/${version.toUpperCase()}/${first}${tail}`,
    `/${version}/${first.toUpperCase()}${tail}`,
    `/${version}/\xef\xbd\x81${first}${tail}`,
    `/v1${path}`,
    `/v1/models${path}`,
    path.slice(1),
  ]
}

/** Each with a key of a client and without. One connection for each, as odd ones are closed. */
async function statusesOf(port: number, method: string, targets: readonly string[]) {
  const asked = targets.flatMap((target) =>
    [[], [`x-api-key: ${clientKey}`]].map((lines) => ({ target, lines })),
  )
  return Promise.all(
    asked.map(async ({ target, lines }) => {
      const answer = await sendRaw(port, [
        `${method} ${target} HTTP/1.1`,
        'Host: localhost',
        'Content-Type: application/json',
        'Content-Length: 0',
        ...lines,
      ])
      return { method, target, lines, status: statusOf(answer) }
    }),
  )
}

const claims = [
  'X-Forwarded-Host: localhost',
  'X-Forwarded-Host: evil.example',
  'X-Forwarded-Host: localhost, evil.example',
  'X-Forwarded-Server: localhost',
  'X-Forwarded-Proto: https',
  'X-Forwarded-Proto: http',
  'X-Forwarded-Scheme: https',
  'X-Forwarded-Ssl: on',
  'X-Forwarded-Port: 8000',
  'X-Forwarded-For: 127.0.0.1',
  'X-Forwarded-For: ::1',
  'X-Forwarded-For: 192.0.2.1, 127.0.0.1',
  'X-Forwarded-For:',
  'x-forwarded-for: localhost',
  'X_Forwarded_For: 127.0.0.1',
  'X-Forwarded: for=127.0.0.1',
  'X-Forwarded-By: 127.0.0.1',
  'X-Forwarded-User: admin',
  'X-Forwarded-Client-Cert: x',
  'X-Forwarded-Prefix: /v1',
  'X-Forwarded-Prefix: /v2',
  'X-Forwarded-Path: /v1/models',
  'X-Forwarded-Uri: /healthz',
  'X-Forwarded-Method: GET',
  'Forwarded: for=127.0.0.1',
  'Forwarded: for=127.0.0.1;host=localhost;proto=https',
  'FORWARDED: for="[::1]"',
  'Forwarded-For: 127.0.0.1',
  'X-Real-IP: 127.0.0.1',
  'X_Real_IP: 127.0.0.1',
  'X-Client-IP: 127.0.0.1',
  'Client-IP: 127.0.0.1',
  'True-Client-IP: 127.0.0.1',
  'X-Cluster-Client-IP: 127.0.0.1',
  'X-Originating-IP: 127.0.0.1',
  'X-Remote-IP: 127.0.0.1',
  'X-Remote-Addr: 127.0.0.1',
  'X-ProxyUser-Ip: 127.0.0.1',
  'Fastly-Client-IP: 127.0.0.1',
  'Fly-Client-IP: 127.0.0.1',
  'CF-Connecting-IP: 127.0.0.1',
  'CF-Ray: 1',
  'CDN-Loop: cloudflare',
  'Via: 1.1 proxy',
  'X-Via: proxy',
  'X-Original-URL: /healthz',
  'X-Original-URL: /v2/accounts',
  'X-Rewrite-URL: /healthz',
  'X-Original-Host: localhost',
  'X-Host: localhost',
  'X-Envoy-External-Address: 127.0.0.1',
  'X-Amzn-Trace-Id: Root=1',
  'X-Azure-ClientIP: 127.0.0.1',
  'X-ARR-ClientIP: 127.0.0.1',
  'Tailscale-User-Login: admin',
  'Proxy-Connection: keep-alive',
  'Max-Forwards: 10',
]
/** No proxy adds them; they only try to change what is asked for. */
const overrides = [
  'X-HTTP-Method-Override: DELETE',
  'X-HTTP-Method: DELETE',
  'X-Method-Override: DELETE',
  'X-Http-Path-Override: /healthz',
  'X-Custom-IP-Authorization: 127.0.0.1',
  'X-Accel-Redirect: /v2/accounts',
  'X-Sendfile: /etc/passwd',
  'Destination: /v2/accounts',
]

describe('with a password', () => {
  let gateway: GatewayUnderTest
  let port = 0
  beforeAll(async () => {
    gateway = await startGatewayUnderTest({
      environment: { ADMIN_PASSWORD: password, OPENAI_KEYS: clientKey },
    })
    port = Number(new URL(gateway.url).port)
  })
  afterAll(() => gateway.close())

  it.each(spellings)('S3: nobody gets to the accounts by the spelling %j', async (spelling) => {
    const answer = await sendRaw(port, [`GET ${spelling} HTTP/1.1`, 'Host: localhost'])
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(statusOf(answer)).toBeLessThan(500)
    expect(answer).not.toContain(gateway.accountId)
  })

  it('S3: nobody gets to any route of the operator by any spelling, with a key of a client or without', async () => {
    const paths = new Set(
      (await readServedRoutes())
        .filter(({ access, path }) => access === 'operator' && path !== '/v2/accounts')
        .map(({ path }) => samplePath(path)),
    )
    expect(paths.size).toBeGreaterThan(15)
    for (const path of paths) {
      const targets = spellingsOf(path)
      expect(new Set(targets).size).toBeGreaterThanOrEqual(40)
      for (const method of ['GET', 'POST']) {
        const statuses = await statusesOf(port, method, targets)
        const odd = statuses.filter(({ status }) => !(status >= 400 && status < 500))
        expect(odd).toEqual([])
      }
    }
    expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
  }, 60_000)

  it.each([...claims, ...overrides])('S4: "%s" changes neither the route nor the decision', async (claim) => {
    const ask = (...lines: string[]) =>
      sendRaw(port, ['GET /v2/accounts HTTP/1.1', 'Host: localhost', claim, ...lines])
    expect(statusOf(await ask())).toBe(401)
    const allowed = await ask(bearer)
    expect([statusOf(allowed), allowed.includes(gateway.accountId)]).toEqual([200, true])
    expect(statusOf(await sendRaw(port, ['GET /nope HTTP/1.1', 'Host: localhost', claim, bearer]))).toBe(404)
  })

  it.each(['TRACE', 'PUT', 'LINK', 'PURGE'])('S53: %s is no method of any route', async (method) => {
    const answer = await sendRaw(port, [`${method} /v2/accounts HTTP/1.1`, 'Host: localhost', bearer])
    expect(statusOf(answer)).toBe(405)
    expect(answer).toMatch(/\r\nallow: GET, HEAD, POST\r\n/i)
  })

  it('S53: CONNECT makes no tunnel', async () => {
    const answer = await sendRaw(port, ['CONNECT localhost:80 HTTP/1.1', 'Host: localhost:80', bearer])
    expect(answer).not.toMatch(/^HTTP\/1\.1 2/)
  })
})

/** As fresh for each request as if none had come before: the first proxy would end local mode for all others. */
function freshAccess() {
  return createAccess({
    boundToLoopback: true,
    openApiAllowed: false,
    allowedOrigins: () => [],
    clientKeys: createClientKeys({
      listed: [],
      printOf: String,
      digestOf: String,
      created: { exist: () => false, admit: () => undefined },
    }),
    operators: { identify: () => Promise.reject(new TypeError('There is no password.')) },
    isPasswordSet: async () => false,
    localMode: createLocalMode({
      store: { read: async () => undefined, insert: async () => {} },
      clock: createFakeClock(),
      isPasswordSet: async () => false,
      announce: async () => {},
      report: () => {},
    }),
    isOwnUser: async () => true,
  })
}

describe('in local mode', () => {
  let app: FastifyInstance
  let port = 0

  beforeAll(async () => {
    app = fastify({
      http: { requireHostHeader: false },
      routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    })
    app.setErrorHandler(async (error, _, reply) =>
      reply.code(toGatewayError(error).failure.kind === 'forbidden' ? 403 : 400).send({}),
    )
    installPeers(app, createPeers([]))
    installGuards(app, {
      access: { check: (request) => freshAccess().check(request) },
      isOperatorHost: () => true,
    })
    app.get('/v2/accounts', { config: forOperator }, async () => ({ secret: 'canary' }))
    app.get('/v1/models', { config: { access: 'model' } }, async () => ({ secret: 'canary' }))
    port = Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port)
  })
  afterAll(() => app.close())

  it.each(['Host: localhost', 'Host: 127.0.0.1:8000', 'host: [::1]:8000'])('serves "%s"', async (host) => {
    expect(await sendRaw(port, ['GET /v2/accounts HTTP/1.1', host])).toContain('canary')
  })

  const paths = ['/v2/accounts', '/v1/models']
  it.each(claims)('S4: refuses whoever comes with "%s"', async (claim) => {
    for (const path of paths) {
      const answer = await sendRaw(port, [`GET ${path} HTTP/1.1`, 'Host: localhost', claim])
      expect([statusOf(answer), answer.includes('canary')]).toEqual([403, false])
    }
  })

  it.each([
    'Host: evil.example',
    'Host: localhost.evil.example',
    'Host: evil.example:8000',
    'Host: localhost.',
    'Host: 127.0.0.1.',
    'Host: 127.0.0.2',
    'Host: 127.1',
    'Host: 2130706433',
    'Host: 0x7f.1',
    'Host: 017700000001',
    'Host: 0.0.0.0',
    'Host: 0',
    'Host: [::]',
    'Host: [::ffff:127.0.0.1]',
    'Host: [0:0:0:0:0:0:0:1]',
    'Host: ::1',
    'Host: localhost@evil.example',
    'Host: evil.example@localhost',
    'Host: localhost:8000@evil.example',
    'Host: localhost, evil.example',
    'Host: localhost evil.example',
    'Host: localhost/evil.example',
    'Host: localhost#',
    'Host: localhost?',
    'Host: localhost:',
    'Host: localhost:80a',
    'Host: localhost:-1',
    'Host: LOCALHOST.LOCALDOMAIN',
    'Host: localtest.me',
    'Host: 127.0.0.1.nip.io',
    'Host: l\xf6calhost',
    'Host: xn--localhost',
    'Host: %6cocalhost',
    'Host:',
  ])('S4: refuses "%s", as a page would send it that bends a name to this machine', async (host) => {
    for (const path of paths) {
      const answer = await sendRaw(port, [`GET ${path} HTTP/1.1`, host])
      expect([403, 400]).toContain(statusOf(answer))
      expect(answer).not.toContain('canary')
    }
  })

  it.each<[string, string[]]>([
    ['two hosts', ['GET /v2/accounts HTTP/1.1', 'Host: localhost', 'Host: localhost']],
    ['no host', ['GET /v2/accounts HTTP/1.1']],
    ['HTTP/1.0', ['GET /v2/accounts HTTP/1.0', 'Host: localhost']],
    ['a whole URL of ours', ['GET http://localhost/v2/accounts HTTP/1.1', 'Host: localhost']],
    ['a whole URL of others', ['GET http://evil.example/v2/accounts HTTP/1.1', 'Host: localhost']],
    [
      'a whole URL of ours for another host',
      ['GET http://localhost/v2/accounts HTTP/1.1', 'Host: evil.example'],
    ],
    ['a name and a whole URL', ['GET https://localhost:443/v2/accounts HTTP/1.1', 'Host: localhost:443']],
    ['a folded header', ['GET /v2/accounts HTTP/1.1', 'Host: localhost', ' evil.example']],
    ['a blank before the colon', ['GET /v2/accounts HTTP/1.1', 'Host : localhost']],
  ])('S4: refuses %s', async (_, lines) => {
    const answer = await sendRaw(port, lines)
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(answer).not.toContain('canary')
  })
})
