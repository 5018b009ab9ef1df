import { once } from 'node:events'
import { createServer as createHttpServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import { describe, expect, it } from 'vitest'
import { closeAfterEach } from '../../test/close-after-each.ts'
import { createSelfSignedCertificate } from '../../test/self-signed-certificate.ts'
import { startTinyProxy } from '../../test/tiny-proxy.ts'
import { createTrustedCertificate } from '../../test/trusted-certificate.ts'
import { systemClock } from '../clock.ts'
import { createProxyTrials } from './proxy-trials.ts'
import { tryProxy, type ProxyOutcome } from './try-proxy.ts'

const certificate = createTrustedCertificate()
const keep = closeAfterEach()

const startProxy = async (wishes: Parameters<typeof startTinyProxy>[0] = {}) =>
  keep(await startTinyProxy(wishes))

async function startProxyThatIsGone() {
  const proxy = await startTinyProxy()
  await proxy.close()
  return proxy
}

/** Answers where it is. */
async function startService(server: Server): Promise<URL> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  keep({
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => void server.close(resolve))
    },
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const scheme = 'setSecureContext' in server ? 'https' : 'http'
  return new URL(`${scheme}://127.0.0.1:${port}/`)
}

const services: Record<string, () => Server> = {
  'https that answers 403': () =>
    createHttpsServer(certificate, (_incoming, outgoing) => void outgoing.writeHead(403).end('no')),
  'http that answers 404': () =>
    createHttpServer((_incoming, outgoing) => void outgoing.writeHead(404).end('no')),
  'https that nobody vouches for': () => createHttpsServer(createSelfSignedCertificate()),
  'https that is silent': () => createHttpsServer(certificate, () => {}),
  'https that hangs up': () => createHttpsServer(certificate, ({ socket }) => void socket.destroy()),
}

const tryOnce = (proxyUrl: string, target: URL, withinMs = 5000) =>
  tryProxy({ proxyUrl, target, withinMs, connectTimeoutMs: 300, clock: systemClock })

describe('a test of a proxy', () => {
  it.each<[keyof typeof services, () => ReturnType<typeof startTinyProxy>, ProxyOutcome]>([
    ['https that answers 403', () => startProxy(), 'works'],
    ['http that answers 404', () => startProxy(), 'works'],
    ['https that answers 403', () => startProxy({ refuseWith: 407 }), 'wrong-credentials'],
    ['http that answers 404', () => startProxy({ refuseWith: 407 }), 'wrong-credentials'],
    ['https that answers 403', () => startProxy({ refuseWith: 403 }), 'refused'],
    ['http that answers 404', () => startProxy({ refuseWith: 502 }), 'refused'],
    ['https that answers 403', () => startProxyThatIsGone(), 'unreachable'],
    ['http that answers 404', () => startProxyThatIsGone(), 'unreachable'],
    ['https that answers 403', () => startProxy({ silent: true }), 'no-answer'],
    ['https that nobody vouches for', () => startProxy(), 'untrusted'],
    ['https that hangs up', () => startProxy(), 'no-answer'],
  ])('to a service by %s tells how it ended', async (service, start, outcome) => {
    const target = await startService(services[service]?.() ?? createHttpServer())
    expect(await tryOnce((await start()).url, target)).toBe(outcome)
  })

  it('ends in time when nothing comes back', async () => {
    const target = await startService(services['https that is silent']?.() ?? createHttpServer())
    expect(await tryOnce((await startProxy()).url, target, 400)).toBe('too-late')
  })

  it('is one call, without anything that an account would say, by the credentials of the proxy', async () => {
    const asked: unknown[] = []
    const target = await startService(
      createHttpServer(({ method, url, headers }, outgoing) => {
        asked.push({ method, url, credentials: headers.authorization ?? headers['proxy-authorization'] })
        outgoing.end()
      }),
    )
    const proxy = await startProxy()
    expect(await tryOnce(`http://name:word@${proxy.host}`, target)).toBe('works')
    expect(asked).toEqual([{ method: 'HEAD', url: '/', credentials: undefined }])
    expect(proxy.calls).toEqual([
      { line: `HEAD ${target.href}`, authorization: `Basic ${Buffer.from('name:word').toString('base64')}` },
    ])
  })
})

describe('tests of proxies', () => {
  let now = 0
  const clock = { ...systemClock, elapsed: () => now }
  const trials = (proxies: { httpProxy?: string; noProxy?: string }, target: URL, workers = 1) =>
    createProxyTrials({ proxies, origin: () => target.origin, connectTimeoutMs: 300, workers, clock })

  it('go by the operator’s own proxy where none is given, and by the one that is given else', async () => {
    const target = await startService(createHttpServer((_incoming, outgoing) => void outgoing.end()))
    const [own, other] = [await startProxy(), await startProxy()]
    const tests = trials({ httpProxy: own.url }, target)
    expect(await tests.run()).toEqual({ outcome: 'works', milliseconds: 0, service: target.host })
    expect(await tests.run(other.url)).toMatchObject({ outcome: 'works' })
    expect([own.calls.length, other.calls.length]).toEqual([1, 1])
  })

  it('say so where calls go past the proxy, and make none', async () => {
    const target = await startService(createHttpServer((_incoming, outgoing) => void outgoing.end()))
    const own = await startProxy()
    const unused = { outcome: 'unused', milliseconds: 0, service: target.host }
    expect(await trials({ httpProxy: own.url, noProxy: '127.0.0.1' }, target).run()).toEqual(unused)
    expect(await trials({}, target).run()).toEqual(unused)
    expect(own.calls).toEqual([])
  })

  it('are six a minute at most', async () => {
    const target = new URL('http://127.0.0.1:1/')
    const { url } = await startProxyThatIsGone()
    const tests = trials({}, target)
    for (let count = 0; count < 6; count += 1) {
      now += 1000
      expect(await tests.run(url)).toMatchObject({ outcome: 'unreachable' })
    }
    await expect(tests.run(url)).rejects.toMatchObject({
      failure: { kind: 'rate-limited', code: 'too_many_attempts', retryAfterSeconds: 55 },
    })
    now += 55_000
    expect(await tests.run(url)).toMatchObject({ outcome: 'unreachable' })
    await expect(tests.run(url)).rejects.toMatchObject({ failure: { kind: 'rate-limited' } })
  })

  it.each([
    [2, 3],
    [4, 1],
    [7, 1],
  ])(
    'are as many from %i processes together, each of which makes %i, and always one',
    async (workers, each) => {
      const { url } = await startProxyThatIsGone()
      const tests = trials({}, new URL('http://127.0.0.1:1/'), workers)
      for (let count = 0; count < each; count += 1) await tests.run(url)
      await expect(tests.run(url)).rejects.toMatchObject({ failure: { kind: 'rate-limited' } })
    },
  )
})
