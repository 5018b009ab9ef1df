import dns from 'node:dns'
import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { inspect } from 'node:util'
import { request } from 'undici'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { closeAfterEach } from '../../test/close-after-each.ts'
import { createSelfSignedCertificate } from '../../test/self-signed-certificate.ts'
import { startTinyProxy, type TinyProxy } from '../../test/tiny-proxy.ts'
import { createTrustedCertificate } from '../../test/trusted-certificate.ts'
import { createDispatchers, type Dispatchers } from './dispatchers.ts'
import { ProxyError } from './proxy-error.ts'

const certificate = createTrustedCertificate()
const keep = closeAfterEach()

function portOf(server: Pick<Server, 'address'>): number {
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

const dispatchers = (options: Partial<Parameters<typeof createDispatchers>[0]> = {}) =>
  keep(createDispatchers({ connectTimeoutMs: 10_000, ...options }))
const proxy = async (wishes?: Parameters<typeof startTinyProxy>[0]): Promise<TinyProxy> =>
  keep(await startTinyProxy(wishes))

const linesOf = ({ calls }: TinyProxy) => calls.map(({ line }) => line)

describe.each(['http', 'https'])('calls of %s addresses', (protocol) => {
  let target = ''
  let listener: RequestListener
  beforeEach(async () => {
    listener = (incoming, outgoing) => void outgoing.end(`${incoming.url} ${incoming.headers.host}`)
    const listen: RequestListener = (incoming, outgoing) => listener(incoming, outgoing)
    const server = protocol === 'https' ? createHttpsServer(certificate, listen) : createHttpServer(listen)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    target = `${protocol}://127.0.0.1:${portOf(server)}`
    keep({
      async close() {
        server.closeAllConnections()
        await new Promise((resolve) => void server.close(resolve))
      },
    })
  })

  const call = ({ dispatcherFor }: Dispatchers, proxyUrl?: string, signal?: AbortSignal) => {
    const url = new URL('/path?x=1', target)
    const dispatcher = dispatcherFor(url, proxyUrl)
    return request(url, { dispatcher, ...(signal && { signal }), headers: { accept: 'x' } })
  }
  const textOf = async (...parts: Parameters<typeof call>) => (await call(...parts)).body.text()
  const failureOf = (...parts: Parameters<typeof call>): Promise<unknown> =>
    textOf(...parts).catch((error: unknown) => error)

  /** How the proxy is asked for the target. */
  const expectedLine = () =>
    protocol === 'https' ? `CONNECT ${new URL(target).host}` : `GET ${target}/path?x=1`
  const answer = () => `/path?x=1 ${new URL(target).host}`

  it('are direct without a setting', async () => {
    expect(await textOf(dispatchers())).toBe(answer())
  })

  it('go through HTTP_PROXY', async () => {
    const usual = await proxy()
    expect(await textOf(dispatchers({ httpProxy: usual.url }))).toBe(answer())
    expect(linesOf(usual)).toEqual([expectedLine()])
  })

  it('go through HTTPS_PROXY when they are https', async () => {
    const [usual, secure] = [await proxy(), await proxy()]
    expect(await textOf(dispatchers({ httpProxy: usual.url, httpsProxy: secure.url }))).toBe(answer())
    expect([linesOf(usual), linesOf(secure)]).toEqual(
      protocol === 'https' ? [[], [expectedLine()]] : [[expectedLine()], []],
    )
  })

  it('go past HTTP_PROXY when NO_PROXY has their host', async () => {
    const usual = await proxy()
    expect(await textOf(dispatchers({ httpProxy: usual.url, noProxy: '127.0.0.1' }))).toBe(answer())
    expect(linesOf(usual)).toEqual([])
  })

  it("go through an account's own proxy, whatever else is set", async () => {
    const [usual, own] = [await proxy(), await proxy()]
    const both = dispatchers({ httpProxy: usual.url, noProxy: '*' })
    expect(await textOf(both, own.url)).toBe(answer())
    expect([linesOf(usual), linesOf(own)]).toEqual([[], [expectedLine()]])
  })

  it('show credentials to the proxy and to nobody else', async () => {
    const usual = await proxy()
    listener = (incoming, outgoing) => void outgoing.end(JSON.stringify(incoming.headers))
    const received = await textOf(dispatchers({ httpProxy: `http://name:w%40rd@${usual.host}` }))
    expect(usual.calls.map(({ authorization }) => authorization)).toEqual([
      `Basic ${Buffer.from('name:w@rd').toString('base64')}`,
    ])
    expect(received).not.toMatch(/proxy-authorization/i)
  })

  it('stream: each piece arrives before the next one is sent', async () => {
    const usual = await proxy()
    const pieces = ['one', 'two', 'three']
    const next: (() => void)[] = []
    listener = (_incoming, outgoing) => {
      next.push(() => {
        const piece = pieces.shift()
        if (piece === undefined) outgoing.end()
        else outgoing.write(piece)
      })
      outgoing.flushHeaders()
    }
    const { body } = await call(dispatchers({ httpProxy: usual.url }))
    const seen: string[] = []
    next[0]?.()
    for await (const chunk of body) {
      seen.push(String(chunk))
      next[0]?.()
    }
    expect(seen).toEqual(['one', 'two', 'three'])
  })

  it('end at the service when they are aborted', async () => {
    const usual = await proxy()
    const client = new AbortController()
    const closed = new Promise((resolve) => {
      listener = (_incoming, outgoing) => {
        outgoing.on('close', resolve)
        outgoing.write('begun')
      }
    })
    const { body } = await call(dispatchers({ httpProxy: usual.url }), undefined, client.signal)
    body.on('error', () => {}).once('data', () => client.abort())
    await closed
    expect(body.destroyed).toBe(true)
  })

  it.each([407, 502, 503])('fail as the proxy’s own failure when it answers %i', async (status) => {
    const usual = await proxy({ refuseWith: status })
    const error = await failureOf(dispatchers({ httpProxy: `http://canary:word@${usual.host}` }))
    expect(error).toBeInstanceOf(ProxyError)
    expect(String(error)).toContain(`the proxy ${usual.host} `)
    expect(String(error)).toContain(`(${status})`)
    expect(inspect(error, { depth: 10 })).not.toContain('canary')
    expect(linesOf(usual)).toHaveLength(1)
  })

  it('fail as the proxy’s own failure when nobody listens there', async () => {
    const gone = await startTinyProxy()
    await gone.close()
    const error = await failureOf(dispatchers({ httpProxy: `http://canary:word@${gone.host}` }))
    expect(error).toBeInstanceOf(ProxyError)
    expect(String(error)).toContain('cannot be reached (ECONNREFUSED)')
    expect(inspect(error, { depth: 10 })).not.toContain('canary')
  })

  it('serve again after the proxy has come back', async () => {
    const gone = await startTinyProxy()
    await gone.close()
    const back = dispatchers({ httpProxy: gone.url })
    expect(await failureOf(back)).toBeInstanceOf(ProxyError)
    await proxy({ port: Number(new URL(gone.url).port) })
    expect(await textOf(back)).toBe(answer())
  })

  it('leave the service’s own 502 to the caller', async () => {
    const usual = await proxy()
    listener = (_incoming, outgoing) =>
      void outgoing.writeHead(502, { 'x-amzn-requestid': 'r' }).end('broken')
    const { statusCode, body } = await call(dispatchers({ httpProxy: usual.url }))
    expect([statusCode, await body.text()]).toEqual([502, 'broken'])
  })

  it('have no cap on connections', async () => {
    const usual = await proxy()
    let waiting = 0
    const finish: (() => void)[] = []
    const all = 50
    listener = (_incoming, outgoing) => {
      finish.push(() => outgoing.end('done'))
      waiting += 1
      if (waiting === all) for (const each of finish) each()
    }
    const many = dispatchers({ httpProxy: usual.url })
    const texts = await Promise.all(Array.from({ length: all }, () => textOf(many)))
    expect(new Set(texts)).toEqual(new Set(['done']))
  })
})

const MINUTE_MS = 60_000
const pass = (ms: number) => void vi.setSystemTime(Date.now() + ms)

describe('a name that has another address than before', () => {
  let url: URL
  let connections = 0
  let finish: (() => void) | undefined
  /** What the name stands for; nobody listens at 127.0.0.2. */
  let address: string

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const server = createHttpServer((incoming, outgoing) => {
      if (incoming.url === '/long') {
        outgoing.write('begun ')
        finish = () => outgoing.end('ended')
      } else outgoing.end('done')
    })
    connections = 0
    server.on('connection', () => {
      connections += 1
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = new URL(`http://service.test:${portOf(server)}`)
    address = '127.0.0.1'
    vi.spyOn(dns, 'lookup').mockImplementation((...passed: unknown[]) => {
      const done = passed.at(-1)
      if (typeof done === 'function') Reflect.apply(done, undefined, [null, [{ address, family: 4 }]])
    })
    keep({
      async close() {
        vi.useRealTimers()
        server.closeAllConnections()
        await new Promise((resolve) => void server.close(resolve))
      },
    })
  })

  const call = ({ dispatcherFor }: Dispatchers, path = '/') =>
    request(new URL(path, url), { dispatcher: dispatcherFor(url) })
  const textOf = async (...parts: Parameters<typeof call>) => (await call(...parts)).body.text()

  it('is asked for there within a minute, however busy the connection was', async () => {
    const all = dispatchers()
    for (let second = 0; second < 50; second += 10) {
      expect(await textOf(all)).toBe('done')
      // Only then is the connection free for the next one.
      await new Promise((resolve) => setImmediate(resolve))
      pass(10_000)
    }
    expect(connections).toBe(1)
    address = '127.0.0.2'
    pass(MINUTE_MS - 50_000)
    await expect(textOf(all)).rejects.toThrow(/\w/)
    address = '127.0.0.1'
    expect(await textOf(all)).toBe('done')
    expect(connections).toBe(2)
  })

  it('does not end the answers that are open', async () => {
    const all = dispatchers()
    const { body } = await call(all, '/long')
    pass(MINUTE_MS)
    expect(await textOf(all)).toBe('done')
    pass(MINUTE_MS)
    expect(await textOf(all)).toBe('done')
    finish?.()
    expect(await body.text()).toBe('begun ended')
    expect(connections).toBe(3)
  })

  it('does not keep those from being ended at the close', async () => {
    const all = dispatchers()
    const { body } = await call(all, '/long')
    pass(MINUTE_MS)
    expect(await textOf(all)).toBe('done')
    const text = body.text()
    await Promise.all([all.close(), expect(text).rejects.toThrow(/\w/)])
  })
})

describe('dispatchers', () => {
  const url = new URL('https://q.us-east-1.amazonaws.com/')

  it('are one for each proxy', () => {
    const { dispatcherFor } = dispatchers()
    expect(dispatcherFor(url)).toBe(dispatcherFor(new URL('http://127.0.0.1:1')))
    expect(dispatcherFor(url, 'http://a:1')).toBe(dispatcherFor(url, 'http://a:1'))
    expect(dispatcherFor(url, 'http://a:1')).not.toBe(dispatcherFor(url, 'http://name@a:1'))
    expect(dispatcherFor(url, 'http://a:1')).not.toBe(dispatcherFor(url))
  })

  it.each(['http://127.0.0.1:1', 'https://127.0.0.1:1'])(
    'let open answers end when they have to make room, for %s as well',
    async (target) => {
      const many = createDispatchers({ connectTimeoutMs: 1_000 })
      const first = many.dispatcherFor(new URL(target), 'http://p:1')
      for (let port = 2; port <= 257; port += 1) many.dispatcherFor(new URL(target), `http://p:${port}`)
      const refused: unknown = await request(target, { dispatcher: first }).catch((error: unknown) => error)
      expect(refused).toMatchObject({ code: 'UND_ERR_CLOSED' })
      await expect(many.close()).resolves.toBeUndefined()
    },
  )

  it('are bounded in number; those in use stay', () => {
    const { dispatcherFor } = dispatchers()
    const first = dispatcherFor(url, 'http://p:1')
    const second = dispatcherFor(url, 'http://p:2')
    for (let port = 3; port <= 257; port += 1) {
      dispatcherFor(url, 'http://p:1')
      dispatcherFor(url, `http://p:${port}`)
    }
    expect(dispatcherFor(url, 'http://p:1')).toBe(first)
    expect(dispatcherFor(url, 'http://p:2')).not.toBe(second)
  })

  it('refuse an address that is no proxy, without repeating it', () => {
    expect(() => dispatchers().dispatcherFor(url, 'socks5://canary@p')).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('canary'),
        failure: expect.objectContaining({ kind: 'access-denied' }),
      }),
    )
  })

  it('give up on a proxy that takes the call and says nothing', async () => {
    const silent = await proxy({ silent: true })
    const { dispatcherFor } = dispatchers({ httpProxy: silent.url, connectTimeoutMs: 1000 })
    const error: unknown = await request(url, { dispatcher: dispatcherFor(url) }).catch(
      (each: unknown) => each,
    )
    expect(error).toBeInstanceOf(ProxyError)
  })
})

describe('S43: a service whose certificate nobody vouches for, or whose TLS is older than 1.2', () => {
  const unknown = createSelfSignedCertificate()
  const old = {
    ...certificate,
    minVersion: 'TLSv1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  } as const

  it.each([
    ['an unknown certificate', unknown, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['TLS 1.1', old, 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION'],
  ])('is told nothing, directly and through a proxy: %s', async (_, options, code) => {
    let requests = 0
    const server = createHttpsServer(options, (_incoming, outgoing) => {
      requests += 1
      outgoing.end()
    })
    server.on('tlsClientError', () => {}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const usual = await proxy()
    const url = new URL(`https://127.0.0.1:${portOf(server)}/`)
    const ways = [dispatchers(), dispatchers({ httpProxy: usual.url })]
    for (const dispatcher of ways.map((way) => way.dispatcherFor(url))) {
      const failure: unknown = await request(url, { dispatcher }).catch((error: unknown) => error)
      expect(inspect(failure)).toContain(code)
    }
    expect([requests, usual.calls.length]).toEqual([0, 1])
    server.closeAllConnections()
    await new Promise((resolve) => void server.close(resolve))
  })
})
