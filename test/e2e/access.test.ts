import { readFileSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startGatewayUnderTest, type GatewayUnderTest } from '../gateway-under-test.ts'

const password = 'correct horse'
const key = 'sk-0123456789abcdef'
const chat = JSON.stringify({ model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] })

let gateway: GatewayUnderTest
const start = async (environment: Record<string, string> = {}, withAccount = false) => {
  gateway = await startGatewayUnderTest({ environment, withAccount })
}
/** By loopback, whatever address the gateway is bound to. */
const portOf = () => Number(new URL(gateway.url).port)

/** Sends the lines as they are; answers what came back until the gateway closed. */
function sendRaw(lines: readonly string[], body = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(portOf(), '127.0.0.1', () => {
      socket.write(`${lines.join('\r\n')}\r\n\r\n${body}`, 'latin1')
    })
    let text = ''
    socket.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
    })
    socket.on('close', () => resolve(text)).on('error', reject)
  })
}
const statusOf = (answer: string) => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])

async function statusFor(target: string, headers: readonly string[] = ['Host: localhost'], version = '1.1') {
  return statusOf(await sendRaw([`GET ${target} HTTP/${version}`, ...headers, 'Connection: close']))
}
const post = (headers: readonly string[]) =>
  sendRaw(
    ['POST /v1/chat/completions HTTP/1.1', ...headers, `Content-Length: ${chat.length}`, 'Connection: close'],
    chat,
  )
const bearer = (secret: string) => `Authorization: Bearer ${secret}`

describe('local mode', () => {
  beforeAll(() => start())
  afterAll(() => gateway.close())

  it.each(['localhost', '127.0.0.1', '[::1]', 'LocalHost:1'])('serves the operator at %s', async (host) => {
    expect(await statusFor('/v2/accounts', [`Host: ${host}`])).toBe(200)
    expect(await statusFor('/v2/accounts', [`hOsT: ${host}`, 'Sec-Fetch-Site: none'])).toBe(200)
  })

  it.each<[string, string[], string]>([
    ['HTTP/1.0, as old proxies speak it', ['Host: localhost'], '1.0'],
    ['HTTP/1.0 without a Host', [], '1.0'],
    ['a foreign page', ['Host: localhost', 'Origin: https://evil.example'], '1.1'],
    ['a foreign page that hides its origin', ['Host: localhost', 'Origin: null'], '1.1'],
    ['a foreign page that only loads', ['Host: localhost', 'Sec-Fetch-Site: cross-site'], '1.1'],
  ])('refuses %s, and goes on', async (_, headers, version) => {
    const lines = [`GET /v2/accounts HTTP/${version}`, ...headers, 'Connection: close']
    const answer = await sendRaw(lines)
    expect(statusOf(answer)).toBe(403)
    expect(answer).toContain('ADMIN_PASSWORD')
    expect(await statusFor('/v2/accounts')).toBe(200)
  })
})

describe('the end of local mode', () => {
  afterEach(() => gateway.close())

  it.each<[string, string, string[]]>([
    ['a foreign Host', '/v2/accounts', ['Host: evil.example']],
    ['a foreign Host on a route of the models', '/v1/models', ['Host: evil.example']],
    ['a foreign Host where nothing is', '/nope', ['Host: evil.example']],
    ['a foreign Host at the health check', '/healthz', ['Host: evil.example']],
    ['a second Host', '/v2/accounts', ['Host: localhost', 'Host: evil.example']],
    ['an absolute target', 'http://evil.example/v2/accounts', ['Host: localhost']],
    ['X-Forwarded-For', '/v2/accounts', ['Host: localhost', 'X-Forwarded-For: 127.0.0.1']],
    ['Forwarded, in capitals', '/v2/accounts', ['Host: localhost', 'FORWARDED: for=127.0.0.1']],
    ['Via', '/v2/accounts', ['Host: localhost', 'Via: 1.1 canary-of-a-header']],
  ])('S4: ends for good with %s', async (_, target, headers) => {
    await start()
    await statusFor(target, headers)
    expect(await statusFor('/v2/accounts')).toBe(403)
    const line = gateway.log.find((each) => each.includes('set ADMIN_PASSWORD'))
    expect(line).toContain('"level":50')
    expect(gateway.log.join('\n')).not.toContain('canary')
  })

  it('refuses an open model to what does not come straight from this machine', async () => {
    await start()
    for (const headers of [
      ['Host: evil.example'],
      ['Host: localhost', 'X-Real-IP: 1.2.3.4'],
      ['Host: localhost', 'Sec-Fetch-Site: cross-site'],
      ['Host: localhost', 'Origin: https://evil.example', 'Content-Type: text/plain'],
    ]) {
      const answer = await post(headers)
      expect(statusOf(answer)).toBe(403)
      expect(answer).toContain('OPENAI_KEYS')
    }
  })
})

describe('with keys', () => {
  beforeAll(() => start({ OPENAI_KEYS: `${key},short-key` }, true))
  afterAll(() => gateway.close())

  it.each<[string, string[], number]>([
    ['the key', [bearer(key)], 200],
    ['the key in lower case letters of the scheme', [`authorization: bearer ${key}`], 200],
    ['the key as x-api-key', [`x-api-key: ${key}`], 200],
    ['a wrong key beside the right one', [bearer('sk-wrong'), `x-api-key: ${key}`], 200],
    ['the key behind a proxy', [bearer(key), 'Host: gateway.example', 'X-Forwarded-For: 1.2.3.4'], 200],
    ['the key from a page', [bearer(key), 'Origin: https://chat.example', 'Sec-Fetch-Site: cross-site'], 200],
    ['no key', [], 401],
    ['a wrong key', [bearer('sk-wrong')], 401],
    ['a part of the key', [bearer(key.slice(0, -1))], 401],
  ])('%s gives the right answer', async (_, headers, status) => {
    const host = headers.some((line) => line.startsWith('Host:')) ? [] : ['Host: localhost']
    expect(statusOf(await post([...host, ...headers]))).toBe(status)
  })

  it.each(['key', 'api_key', 'api-key', 'x-api-key', 'access_token', 'authorization'])(
    'S5: takes no key from ?%s=',
    async (name) => {
      const answer = await gateway.fetch(`/v1/chat/completions?${name}=${key}`, {
        method: 'POST',
        body: chat,
      })
      expect(answer.status).toBe(401)
    },
  )

  it('S18: warns of keys that can be guessed, without showing them', () => {
    expect(gateway.log.filter((line) => line.includes('"shortKeys":1'))).toHaveLength(1)
    expect(gateway.log.join('\n')).not.toContain('short-key')
  })
})

describe('with a password', () => {
  beforeAll(() =>
    start({ ADMIN_PASSWORD: password, OPENAI_KEYS: key, PUBLIC_URL: 'https://gateway.example' }),
  )
  afterAll(() => gateway.close())

  it('demands it of everybody, wherever the request comes from', async () => {
    const answers = await Promise.all(
      [
        ['Host: localhost', bearer(password)],
        ['Host: gateway.example', 'X-Forwarded-For: 1.2.3.4', bearer(password)],
        ['Host: localhost'],
        ['Host: localhost', `x-api-key: ${password}`],
        ['Host: localhost', `Authorization: Basic ${Buffer.from(`admin:${password}`).toString('base64')}`],
      ].map((headers) => statusFor('/v2/accounts', headers)),
    )
    expect(answers).toEqual([200, 200, 401, 401, 401])
    expect(await statusFor('/v2/accounts', ['Host: a', bearer(password), 'Sec-Fetch-Site: cross-site'])).toBe(
      403,
    )
    expect(await statusFor(`/v2/accounts?password=${password.replace(' ', '%20')}`)).toBe(401)
  })

  const operatorPaths = [
    '/v2/accounts',
    '/v2/accounts/',
    '//v2//accounts',
    '/v2/%61ccounts',
    '/V2/accounts',
    '/v2/auth',
    '/v2/auth/status/1',
    '/v2/auth/claim/1',
    '/v2/auth/cancel/1',
    '/v2/auth/start',
  ]
  const otherSpellings = [
    '/v1/../v2/accounts',
    '/./v2/accounts',
    '/v2/accounts;x',
    '/v2\\accounts',
    '/v2/accounts%00',
  ]
  it.each([
    ...operatorPaths,
    ...otherSpellings,
    'http://localhost/v2/accounts',
    'http://evil.example//v2/accounts',
  ])('S3: lets nobody in without it by the spelling %s', async (target) => {
    const status = await statusFor(target)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(status).toBeLessThan(500)
  })

  it('S12: makes one who guesses wait, and says for how long', async () => {
    const guesses = Array.from({ length: 12 }, (_, n) => [
      'Host: localhost',
      bearer(`guess ${n}`),
      // What the guesser says about his address changes nothing.
      `X-Forwarded-For: 192.0.2.${n}`,
    ])
    const statuses = await Promise.all(guesses.map((headers) => statusFor('/v2/accounts', headers)))
    const howMany = (wanted: number) => statuses.filter((status) => status === wanted).length
    expect([howMany(401), howMany(429)]).toEqual([5, 7])
    const lines = ['GET /v2/accounts HTTP/1.1', 'Host: localhost', bearer(password), 'Connection: close']
    expect(await sendRaw(lines)).toMatch(/^HTTP\/1\.1 429[^]+retry-after: \d+\r\n/i)
  })
})

// A spelling of 127.0.0.1 that counts as no loopback address: the tests open no port to the network.
const asOnNetwork = '127.1'

describe('on a network', () => {
  afterEach(() => gateway.close())

  it('S55: starts without key and password, closed but for its health', async () => {
    await start({ HOST: asOnNetwork })
    const model = await post(['Host: localhost'])
    expect(statusOf(model)).toBe(403)
    expect(model).toMatch(/OPENAI_KEYS.+ALLOW_OPEN_API=1/)
    const operator = await sendRaw(['GET /v2/accounts HTTP/1.1', 'Host: localhost', 'Connection: close'])
    expect(statusOf(operator)).toBe(503)
    expect(operator).toContain('set ADMIN_PASSWORD')
    expect(await statusFor('/healthz', ['Host: gateway.example'])).toBe(200)
    expect(gateway.log.filter((line) => line.includes('"level":40'))).toHaveLength(2)
  })

  it('S64: serves an open API only when it is told to, with a warning', async () => {
    await start({ HOST: asOnNetwork, ALLOW_OPEN_API: '1', ADMIN_PASSWORD: password })
    // 401: it went through to the accounts, of which there are none.
    const answer = await post(['Host: gateway.example', 'X-Forwarded-For: 1.2.3.4'])
    expect([statusOf(answer), answer.includes('no_account')]).toEqual([401, true])
    expect(statusOf(await post(['Host: gateway.example', 'Sec-Fetch-Site: cross-site']))).toBe(403)
    expect(gateway.log.filter((line) => line.includes('ALLOW_OPEN_API'))).toHaveLength(1)
  })
})

describe('secrets', () => {
  afterEach(() => gateway.close())

  it('S20: are in no answer, no line of the log and no file, wherever they came in', async () => {
    const masterKey = '0f1e2d3c4b5a69788796a5b4c3d2e1f00112233445566778899aabbccddeeff0'
    await start({
      ADMIN_PASSWORD: 'canary-password',
      OPENAI_KEYS: 'sk-canary-key-0123',
      MASTER_KEY: masterKey,
    })
    const { clientSecret, refreshToken, accessToken, clientId } = gateway.simulator.seed()
    const authorization = 'Bearer canary-password'
    const answers: string[] = []
    const note = async (answer: Promise<Response>) => void answers.push(await (await answer).text())

    const account = { clientId, clientSecret, refreshToken, accessToken }
    await note(gateway.postJson('/v2/accounts', account, { authorization }))
    await note(
      gateway.postJson(
        '/v2/accounts',
        { ...account, clientSecret: 7, other: accessToken },
        { authorization },
      ),
    )
    await note(gateway.fetch('/v2/accounts', { headers: { authorization } }))
    await note(gateway.fetch('/v2/accounts', { headers: { authorization: 'Bearer canary-guess' } }))
    await note(gateway.fetch('/v1/nope?key=sk-canary-key-0123'))
    for (const fault of ['hi', '[[sim:suspended]]', '[[sim:html-502]]', '[[sim:exception-mid-stream]]']) {
      const body = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: fault }] }
      await note(gateway.postJson('/v1/chat/completions', body, { 'x-api-key': 'sk-canary-key-0123' }))
    }
    await note(
      gateway.fetch('/v1/chat/completions', {
        method: 'POST',
        headers: { 'x-api-key': 'sk-canary-key-0123' },
        body: `{"a": ${refreshToken}`,
      }),
    )

    const files = readdirSync(gateway.dataDirectory).map((name) =>
      readFileSync(join(gateway.dataDirectory, name), 'latin1'),
    )
    const everything = [...answers, ...gateway.log, ...files].join('\n')
    const secrets = ['canary', masterKey, clientSecret, refreshToken, accessToken]
    expect(answers.join('')).toContain('chat.completion')
    expect(secrets.filter((secret) => everything.includes(secret))).toEqual([])
    expect(readdirSync(gateway.dataDirectory)).not.toContain('master.key')
  })
})

const apiPaths = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

describe('every route of the operator', () => {
  beforeAll(() => start({ OPENAI_KEYS: key, ADMIN_PASSWORD: password }, true))
  afterAll(() => gateway.close())

  const routes: [string, string][] = [
    ['GET', '/v2/accounts'],
    ['GET', '/v2/accounts/changes'],
    ['GET', '/v2/accounts/page'],
    ['POST', '/v2/accounts'],
    ['POST', '/v2/accounts/batch'],
    ['POST', '/v2/accounts/feed'],
    ['POST', '/v2/accounts/export'],
    ['POST', '/v2/accounts/import'],
    ['POST', '/v2/secrets/rotate'],
    ['GET', '/v2/settings'],
    ['PATCH', '/v2/settings'],
    ['GET', '/v2/system'],
    ['POST', '/v2/proxy/test'],
    ['GET', '/v2/operator-sessions'],
    ['DELETE', '/v2/operator-sessions/x'],
    ['GET', '/v2/accounts/x'],
    ['PATCH', '/v2/accounts/x'],
    ['DELETE', '/v2/accounts/x'],
    ['POST', '/v2/accounts/x/refresh'],
    ['GET', '/v2/accounts/x/usage'],
    ['POST', '/v2/accounts/x/usage'],
    ['GET', '/v2/keys'],
    ['POST', '/v2/keys'],
    ['GET', '/v2/keys/x'],
    ['PATCH', '/v2/keys/x'],
    ['DELETE', '/v2/keys/x'],
    ['POST', '/v2/keys/x/rotate'],
    ['GET', '/v2/sessions'],
    ['GET', '/v2/events'],
    ['GET', '/v2/events/verify'],
    ['GET', '/v2/traffic'],
    ['GET', '/v2/calls/x/bodies'],
    ['GET', '/v2/captures'],
    ['DELETE', '/v2/captures'],
    ['PUT', '/v2/captures/rules/x'],
    ['DELETE', '/v2/captures/rules/x'],
    ['GET', '/v2/traffic/latency'],
    ['GET', '/v2/traffic/top'],
    ['GET', '/v2/traffic/accounts'],
    ['GET', '/v2/traffic/accounts/x'],
    ['GET', '/v2/calls'],
    ['GET', '/v2/calls/histogram'],
    ['GET', '/v2/calls/export'],
    ['GET', '/v2/calls/x'],
    ['GET', '/v2/quota'],
    ['GET', '/v2/health-checks'],
    ['GET', '/v2/feed'],
    ['GET', '/v2/setups'],
    ['GET', '/v2/session'],
    ['DELETE', '/v2/session'],
    ['POST', '/v2/password'],
    ['GET', '/v2/tokens'],
    ['POST', '/v2/tokens'],
    ['DELETE', '/v2/tokens/x'],
    ['GET', '/v2/auth'],
    ['POST', '/v2/auth/start'],
    ['GET', '/v2/auth/status/x'],
    ['POST', '/v2/auth/claim/x'],
    ['POST', '/v2/auth/cancel/x'],
    ['POST', '/v2/chat/test'],
    ['POST', '/v2/responses/test'],
    ['POST', '/v2/messages/test'],
    ['GET', '/v2/models'],
    ['POST', '/v2/translate'],
  ]

  it('S2: is in this table', async () => {
    const document = apiPaths.parse(await (await gateway.fetch('/openapi.json')).json())
    const served = Object.entries(document.paths).flatMap(([path, methods]) =>
      path.startsWith('/v2/')
        ? Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{\w+\}/, 'x')}`)
        : [],
    )
    // Whoever is not known yet may sign in.
    const closed = served.filter((route) => route !== 'POST /v2/session')
    expect(closed.toSorted()).toEqual(routes.map((route) => route.join(' ')).toSorted())
  })

  it.each(routes)(
    'S2: %s %s is closed to whoever has a client key, no key or a wrong password',
    async (method, path) => {
      const carried: Record<string, string>[] = [
        {},
        { authorization: `Bearer ${key}` },
        { 'x-api-key': key },
        { authorization: 'Bearer wrong horse' },
      ]
      for (const headers of carried) {
        const body = method === 'POST' || method === 'PATCH' ? { body: chat } : {}
        const answer = await gateway.fetch(path, {
          method,
          headers: { 'content-type': 'application/json', ...headers },
          ...body,
        })
        expect([401, 429]).toContain(answer.status)
      }
      expect(gateway.simulator.journal.of('GenerateAssistantResponse')).toEqual([])
    },
  )
})
