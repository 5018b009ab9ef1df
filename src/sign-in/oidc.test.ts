import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { text } from 'node:stream/consumers'
import { Agent } from 'undici'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { ProxyError } from '../outbound/proxy-error.ts'
import { createOidc, createOidcEndpoints } from './oidc.ts'

type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

const refresh = {
  clientId: 'client-1',
  clientSecret: 'canary-client-secret',
  refreshToken: 'canary-refresh-token',
  region: 'us-east-1',
}

describe('refreshTokens', () => {
  let handler: Handler
  let server: Server
  let endpoint = ''
  let dispatcher: Agent
  const clock = createFakeClock()
  beforeEach(async () => {
    server = createServer((request, response) => void handler(request, response))
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    endpoint = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
    dispatcher = new Agent({ connect: { timeout: 5000 } })
  })
  afterEach(async () => {
    await dispatcher.destroy()
    server.closeAllConnections()
    await new Promise((resolve) => void server.close(resolve))
  })

  const answer = (status: number, body: unknown, headers: Record<string, string> = {}): void => {
    handler = (_request, response) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers })
      response.end(typeof body === 'string' ? body : JSON.stringify(body))
    }
  }
  const refreshTokens = () =>
    createOidc({
      endpointFor: createOidcEndpoints(endpoint),
      dispatcherFor: () => dispatcher,
      clock,
    }).refreshTokens(refresh)

  it('tells the date that the service says it is', async () => {
    const dates: unknown[] = []
    answer(400, { error: 'slow_down' }, { date: 'Sun, 22 Nov 2026 10:00:00 GMT' })
    const oidc = createOidc({
      endpointFor: createOidcEndpoints(endpoint),
      dispatcherFor: () => dispatcher,
      clock,
      onDate: (date) => void dates.push(date),
    })
    await oidc.refreshTokens(refresh)
    expect(dates).toEqual(['Sun, 22 Nov 2026 10:00:00 GMT'])
  })

  it("goes by the account's own proxy, and tells the trouble that there is with it", async () => {
    const asked: unknown[] = []
    const oidc = createOidc({
      endpointFor: createOidcEndpoints(endpoint),
      dispatcherFor(url, proxyUrl) {
        asked.push([url.href, proxyUrl])
        throw new ProxyError(new URL('http://name:canary@p:1'), 'is closed')
      },
      clock,
    })
    const reason = 'The sign-in service could not be reached: the proxy p:1 is closed.'
    expect(await oidc.refreshTokens({ ...refresh, proxyUrl: 'http://name:canary@p:1' })).toEqual({
      kind: 'own-proxy-failed',
      reason,
    })
    expect(asked).toEqual([[`${endpoint}/token`, 'http://name:canary@p:1']])
    // Without one it is the operator's, for which no account is to blame.
    expect(await oidc.refreshTokens(refresh)).toEqual({ kind: 'unavailable', reason })
  })

  it('posts the refresh grant to /token as the service wants it', async () => {
    const seen: unknown[] = []
    handler = async (request, response) => {
      const body = await text(request)
      seen.push([request.method, request.url, request.headers['content-type'], JSON.parse(body)])
      response.end(JSON.stringify({ accessToken: 'a', tokenType: 'Bearer', expiresIn: 900 }))
    }
    expect(await refreshTokens()).toEqual({ kind: 'refreshed', accessToken: 'a', expiresInSeconds: 900 })
    const { region: _region, ...credentials } = refresh
    expect(seen).toEqual([
      ['POST', '/token', 'application/json', { ...credentials, grantType: 'refresh_token' }],
    ])
  })

  it.each([
    [
      { accessToken: 'a', refreshToken: 'r', expiresIn: 3600 },
      { refreshToken: 'r', expiresInSeconds: 3600 },
    ],
    [{ accessToken: 'a' }, { expiresInSeconds: 3600 }],
    [{ accessToken: 'a', expiresIn: -5 }, { expiresInSeconds: 1 }],
    [{ accessToken: 'a', expiresIn: 1e300 }, { expiresInSeconds: 2_592_000 }],
  ])('reads the tokens of %o', async (body, expected) => {
    answer(200, body)
    expect(await refreshTokens()).toEqual({ kind: 'refreshed', accessToken: 'a', ...expected })
  })

  it.each([
    [400, 'invalid_grant'],
    [401, 'invalid_client'],
    [400, 'expired_token'],
    [400, 'unauthorized_client'],
  ])('takes %i %s for a refusal', async (status, error) => {
    answer(status, { error, error_description: 'Invalid refresh token provided' })
    expect(await refreshTokens()).toEqual({
      kind: 'refused',
      error,
      description: 'Invalid refresh token provided',
    })
  })

  it.each([
    ['InvalidGrantException', 'invalid_grant'],
    ['com.amazonaws.ssooidc#InvalidClientException:http://internal.amazon.com/x', 'invalid_client'],
  ])('reads the error name from the header %s where the body has none', async (header, error) => {
    answer(400, { message: 'x' }, { 'x-amzn-errortype': header })
    expect(await refreshTokens()).toEqual({ kind: 'refused', error, description: '' })
  })

  it('believes the body before the header', async () => {
    answer(400, { error: 'invalid_grant' }, { 'x-amzn-errortype': 'InvalidClientException' })
    expect(await refreshTokens()).toMatchObject({ kind: 'refused', error: 'invalid_grant' })
  })

  it.each([
    [400, { error: 'slow_down' }],
    [400, { error: 'x'.repeat(100) }],
    [429, { error: 'invalid_grant' }],
    [500, { error: 'server_error' }],
    [500, { error: 'invalid_grant' }],
    [503, 'Service Unavailable'],
    [403, '<html>blocked by the proxy</html>'],
    [302, { error: 'invalid_grant' }],
    [200, 'no JSON'],
    [200, { accessToken: '' }],
    [200, { accessToken: 'with\r\nline-break' }],
    [200, `{"accessToken":"${'a'.repeat(70_000)}"}`],
  ])('takes %i %o for a passing trouble that says nothing about the token', async (status, body) => {
    answer(status, body)
    expect(await refreshTokens()).toMatchObject({ kind: 'unavailable' })
  })

  it('gives up after 15 seconds, also when the answer has begun', async () => {
    const reached = Promise.withResolvers<void>()
    handler = (_request, response) => {
      response.write('{"accessToken":')
      reached.resolve()
    }
    const result = refreshTokens()
    await reached.promise
    clock.advance(14_999)
    clock.advance(1)
    expect(await result).toEqual({
      kind: 'unavailable',
      reason: 'The sign-in service could not be reached: no answer within 15 seconds.',
    })
  })

  it('leaves no timer behind', async () => {
    answer(200, { accessToken: 'a' })
    await refreshTokens()
    expect(clock.pending()).toBe(0)
  })

  it('says that the connection was cut', async () => {
    handler = (request) => void request.socket.destroy()
    expect(await refreshTokens()).toEqual({
      kind: 'unavailable',
      reason: 'The sign-in service could not be reached: UND_ERR_SOCKET.',
    })
  })

  it('never tells a secret that the service sends back', async () => {
    const description = `bad ${refresh.refreshToken} of ${refresh.clientSecret}\r\n\u001b[31m`
    answer(400, { error: 'invalid_grant', error_description: description })
    expect(await refreshTokens()).toEqual({
      kind: 'refused',
      error: 'invalid_grant',
      description: 'bad [hidden] of [hidden] [31m',
    })
  })
})

describe('createOidcEndpoints', () => {
  it.each(['us-east-1', 'eu-central-1', 'ap-southeast-2', 'us-gov-west-1'])('S41: knows %s', (region) => {
    expect(createOidcEndpoints(undefined)(region)).toBe(`https://oidc.${region}.amazonaws.com`)
    expect(createOidcEndpoints('http://localhost:1')(region)).toBe('http://localhost:1')
  })

  it.each([
    '',
    'evil.example/',
    'us-east-1.evil.example/',
    'us-east-1\n',
    'US-EAST-1',
    '@evil-1',
    'us-east',
    'us-evil-1',
    'xx-yy-9',
    '__proto__',
  ])('S41: makes no host name of %j, which is no region of AWS', (region) => {
    expect(createOidcEndpoints(undefined)(region)).toBeUndefined()
  })
})
