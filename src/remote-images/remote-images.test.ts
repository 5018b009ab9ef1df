import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { imageFormats, images } from '../../test/sample-images.ts'
import { startTinyProxy } from '../../test/tiny-proxy.ts'
import { createTrustedCertificate } from '../../test/trusted-certificate.ts'
import {
  createConversation,
  type ImageLinkPart,
  type Turn,
  type UserPart,
} from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { mediaOf } from '../conversation/media.ts'
import type { Network } from './network.ts'
import { isPublicAddress } from './public-address.ts'
import { createRemoteImages } from './remote-images.ts'

const certificate = createTrustedCertificate()

const png = Buffer.from(images.png, 'base64')
const bytesOf = (base64: string) => Buffer.from(base64, 'base64')
const ADVICE = 'send the image itself, as data:image/png;base64,…'

/** What the outside is in these tests: 127.0.0.1, which counts as public, and no other spelling of it. */
let listener: RequestListener
let seen: { url: string | undefined; headers: IncomingHttpHeaders }[]
let port = 0
const closing: (() => Promise<void>)[] = []

async function listen(server: Server & { closeAllConnections(): void }): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => void server.close(resolve))
  })
  const address: AddressInfo | string | null = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}

beforeEach(async () => {
  seen = []
  listener = (_, outgoing) => void outgoing.end(png)
  port = await listen(
    createHttpServer((incoming, outgoing) => {
      seen.push({ url: incoming.url, headers: incoming.headers })
      listener(incoming, outgoing)
    }),
  )
})
afterEach(async () => {
  vi.unstubAllEnvs()
  for (const close of closing.splice(0)) await close()
})

type Options = Partial<Omit<Parameters<typeof createRemoteImages>[0], 'network'>> & {
  network?: Partial<Network>
}

function start({ network, ...options }: Options = {}) {
  const clock = createFakeClock()
  const resolved: string[] = []
  const reports: { host: string; text: string }[] = []
  const remoteImages = createRemoteImages({
    enabled: true,
    allowHttp: true,
    version: '1.2.3',
    clock,
    report: ({ host, error }) => reports.push({ host, text: error instanceof Error ? error.message : '' }),
    ...options,
    network: {
      isPublic: (address) => address === '127.0.0.1',
      ports: new Set([port]),
      ...network,
      resolve: async (hostname) => {
        resolved.push(hostname)
        return network?.resolve?.(hostname) ?? ['127.0.0.1']
      },
    },
  })
  const fetchTurns = (turns: Turn[], { signal = new AbortController().signal, clientKey = 'a' } = {}) =>
    remoteImages.fetchAll(createConversation({ model: 'm', turns }), { signal, clientKey })
  const fetchAll = (urls: string[], client: Parameters<typeof fetchTurns>[1] = {}) =>
    fetchTurns([{ role: 'user', parts: urls.map(linkTo) }], client)
  /** Which of the earlier links, each of a turn of its own, became images when the user has gone on. */
  const fetchEarlier = async (urls: string[], ...last: UserPart[]) => {
    const turns = urls.flatMap((url, index): Turn[] => [
      { role: 'user', parts: [linkTo(url, index)] },
      { role: 'assistant', parts: [{ kind: 'text', text: 'ok' }] },
    ])
    const parts: UserPart[] = [{ kind: 'text', text: 'go on' }, ...last]
    const fetched = await fetchTurns([...turns, { role: 'user', parts }])
    return fetched.turns.flatMap((turn) => mediaOf(turn).map(({ kind }) => kind))
  }
  const failureOf = async (...asked: Parameters<typeof fetchAll>): Promise<unknown> =>
    fetchAll(...asked).then(
      () => 'no failure',
      (error: unknown) =>
        error instanceof GatewayError ? { failure: error.failure, cause: error.cause } : error,
    )
  return { clock, resolved, reports, fetchAll, fetchTurns, fetchEarlier, failureOf }
}

const linkTo = (url: string, index: number): ImageLinkPart => ({
  kind: 'image-link',
  url,
  field: `at.${index}`,
})

async function resolveTestName(name: string): Promise<string[]> {
  if (name === 'unknown.test') throw new Error('ENOTFOUND')
  return name === 'private.test' ? ['::ffff:127.0.0.1'] : ['127.0.0.1']
}

const at = (path: string, host = 'images.test') => `http://${host}:${port}${path}`
const partsOf = async (conversation: ReturnType<ReturnType<typeof start>['fetchAll']>) =>
  (await conversation).turns[0]?.parts
/** The same for every reason; what that was stays inside. */
const refused = (field = 'at.0') => ({
  failure: {
    kind: 'invalid-request',
    field,
    code: 'invalid_image_url',
    message: `${field}: This image could not be fetched; ${ADVICE}`,
  },
  cause: undefined,
})

describe('remote images that are switched off', () => {
  it('are refused by their path, and nobody is asked', async () => {
    const { failureOf, resolved } = start({ enabled: false })
    expect(await failureOf([at('/'), at('/b')])).toMatchObject({
      failure: {
        kind: 'invalid-request',
        field: 'at.0',
        code: 'invalid_image_url',
        message: `at.0: Images are not fetched from a URL; ${ADVICE}`,
      },
    })
    expect([resolved, seen]).toEqual([[], []])
  })

  it('leave a conversation without links alone', async () => {
    const { fetchAll } = start({ enabled: false })
    expect((await fetchAll([])).turns).toEqual([])
  })
})

describe('remote images', () => {
  it.each(imageFormats)('take the place of their links: %s, by its bytes', async (format) => {
    listener = (_, outgoing) =>
      void outgoing.writeHead(200, { 'content-type': 'text/html' }).end(bytesOf(images[format]))
    expect(await partsOf(start().fetchAll([at('/a')]))).toEqual([
      { kind: 'image', format, base64: images[format] },
    ])
  })

  it('are asked for without a word about the client', async () => {
    const { fetchAll, clock } = start()
    await fetchAll([at('/a?b=c#d')])
    expect(seen).toEqual([
      {
        url: '/a?b=c',
        headers: {
          accept: 'image/png, image/jpeg, image/gif, image/webp',
          'accept-encoding': 'identity',
          connection: 'close',
          host: `images.test:${port}`,
          'user-agent': 'aqueduct/1.2.3',
        },
      },
    ])
    expect(clock.pending()).toBe(0)
  })

  it('are fetched once for each address of a request', async () => {
    const { fetchAll } = start()
    const parts = await partsOf(fetchAll([at('/a'), at('/b'), at('/a')]))
    expect(parts?.map(({ kind }) => kind)).toEqual(['image', 'image', 'image'])
    expect(seen).toHaveLength(2)
    expect(new Set(seen.map(({ url }) => url))).toEqual(new Set(['/a', '/b']))
  })

  it('are fetched four at a time', async () => {
    const waiting: (() => void)[] = []
    let most = 0
    const arrived: (() => void)[] = []
    listener = (_, outgoing) => {
      waiting.push(() => outgoing.end(png))
      most = Math.max(most, waiting.length)
      arrived.shift()?.()
    }
    const six = Array.from({ length: 6 }, (_, index) => at(`/${index}`))
    const arrivals = six.map(() => new Promise<void>((resolve) => void arrived.push(resolve)))
    const fetching = start().fetchAll(six)
    await Promise.all(arrivals.slice(0, 4))
    for (const arrival of arrivals) {
      await arrival
      waiting.shift()?.()
    }
    await fetching
    expect(most).toBe(4)
  })

  it('are at most twenty for a request', async () => {
    const many = Array.from({ length: 21 }, (_, index) => at(`/${index}`))
    expect(await start().failureOf(many)).toMatchObject({
      failure: {
        field: 'at.20',
        code: 'invalid_image_url',
        message: expect.stringMatching(/At most 20 images/),
      },
    })
    expect(seen).toEqual([])
  })

  it('are at most so many a minute for one client', async () => {
    const { failureOf, fetchAll, clock } = start()
    const twenty = Array.from({ length: 20 }, (_, index) => at(`/${index}`))
    await fetchAll(twenty)
    expect(await failureOf([at('/')])).toMatchObject({ failure: { kind: 'throttled', retryAfterSeconds: 6 } })
    expect(seen).toHaveLength(20)
    await fetchAll([at('/')], { clientKey: 'b' })
    clock.advance(6000)
    await fetchAll([at('/')])
    expect(seen).toHaveLength(22)
  })

  it('are given up when the client leaves', async () => {
    const client = new AbortController()
    const closed = new Promise((resolve) => {
      listener = (_, outgoing) => {
        outgoing.on('close', resolve).write('begun')
        client.abort()
      }
    })
    const { failureOf, reports, clock } = start()
    const failure = failureOf([at('/')], { signal: client.signal })
    expect(await failure).toMatchObject({ failure: { kind: 'client-gone' } })
    await closed
    expect([reports, clock.pending()]).toEqual([[], 0])
  })

  it('are given up, even while a name is looked up, when the client leaves', async () => {
    const client = new AbortController()
    const { failureOf } = start({
      network: {
        resolve: () => {
          client.abort()
          return new Promise(() => {})
        },
      },
    })
    expect(await failureOf([at('/')], { signal: client.signal })).toMatchObject({
      failure: { kind: 'client-gone' },
    })
  })
})

const notThere: RequestListener = ({ url }, outgoing) => {
  if (url === '/gone') outgoing.writeHead(404).end()
  else outgoing.end(png)
}

describe('remote images of a conversation that goes on', () => {
  it('are fetched once, and charged once', async () => {
    const { fetchAll, fetchEarlier } = start()
    const six = Array.from({ length: 6 }, (_, index) => at(`/${index}`))
    const result = { kind: 'image', format: 'png', base64: images.png }
    for (let request = 0; request < 5; request += 1) {
      expect(await partsOf(fetchAll(six))).toEqual(six.map(() => result))
    }
    expect(await fetchEarlier(six)).toEqual(six.map(() => 'image'))
    expect(seen).toHaveLength(6)
  })

  it('are fetched anew after ten minutes, and for another client', async () => {
    const { fetchAll, clock } = start()
    await fetchAll([at('/')])
    await fetchAll([at('/')], { clientKey: 'b' })
    expect(seen).toHaveLength(2)
    clock.advance(600_000)
    await fetchAll([at('/')])
    expect(seen).toHaveLength(3)
  })

  it('stay links when they were there once, and are asked for no more for a while', async () => {
    listener = notThere
    const { clock, fetchEarlier, reports } = start()
    const fetching = fetchEarlier([at('/a'), at('/gone'), at('/b')])
    expect(await fetching).toEqual(['image', 'image-link', 'image'])
    expect(reports).toEqual([{ host: `images.test:${port}`, text: "the answer's status is 404" }])
    expect(await fetchEarlier([at('/gone')])).toEqual(['image-link'])
    expect(seen.filter(({ url }) => url === '/gone')).toHaveLength(1)
    clock.advance(600_000)
    listener = (_, outgoing) => void outgoing.end(png)
    expect(await fetchEarlier([at('/gone')])).toEqual(['image'])
  })

  it('are asked for again when the user shows them anew', async () => {
    listener = notThere
    const { fetchAll, fetchEarlier, failureOf } = start()
    expect(await fetchEarlier([at('/gone')])).toEqual(['image-link'])
    expect(await failureOf([at('/gone')])).toEqual(refused())
    listener = (_, outgoing) => void outgoing.end(png)
    expect(await partsOf(fetchAll([at('/gone')]))).toMatchObject([{ kind: 'image' }])
  })

  it('stay links when tools bring them and they are not there', async () => {
    listener = notThere
    const { fetchTurns } = start()
    const content = [linkTo(at('/gone'), 0), linkTo(at('/a'), 1)]
    const result: UserPart = { kind: 'tool-result', toolUseId: 't', content, failed: false }
    const { turns } = await fetchTurns([{ role: 'user', parts: [result, linkTo(at('/gone'), 2)] }])
    expect(turns.flatMap(mediaOf).map(({ kind }) => kind)).toEqual(['image-link', 'image', 'image-link'])
  })

  it('stay links, from the oldest on, when the allowance is gone', async () => {
    const { clock, fetchAll, fetchEarlier } = start()
    await fetchAll(Array.from({ length: 17 }, (_, index) => at(`/${index}`)))
    const kinds = ['image-link', 'image-link', 'image', 'image', 'image']
    const last = linkTo(at('/last'), 0)
    expect(
      await fetchEarlier(
        ['/a', '/b', '/c', '/d'].map((path) => at(path)),
        last,
      ),
    ).toEqual(kinds)
    clock.advance(12_000)
    expect(await fetchEarlier([at('/a'), at('/b')])).toEqual(['image', 'image'])
  })

  it('stay links when those of the last turn leave them no room', async () => {
    const large = Buffer.concat([png, Buffer.alloc(3_700_000)])
    listener = (_, outgoing) => void outgoing.end(large)
    const { fetchEarlier, reports } = start()
    const six = Array.from({ length: 6 }, (_, index) => linkTo(at(`/${index}`), index))
    expect(await fetchEarlier([at('/a')], ...six)).toEqual(['image-link', ...six.map(() => 'image')])
    expect(await fetchEarlier([at('/a')])).toEqual(['image'])
    expect([seen.length, reports]).toEqual([7, []])
  })

  it('stay links when remote images are switched off', async () => {
    const { fetchEarlier, resolved } = start({ enabled: false })
    expect(await fetchEarlier([at('/a')])).toEqual(['image-link'])
    expect(resolved).toEqual([])
  })

  it('let nobody learn how long a refusal took', async () => {
    const { clock, fetchEarlier, reports } = start({
      network: {
        resolve: async () => {
          clock.advance(113)
          throw new Error('ENOTFOUND')
        },
      },
    })
    let answered = false
    const fetching = fetchEarlier([at('/')]).then(() => (answered = true))
    await vi.waitFor(() => expect(reports).toHaveLength(1))
    await new Promise(setImmediate)
    clock.advance(36)
    await new Promise(setImmediate)
    expect(answered).toBe(false)
    clock.advance(1)
    await fetching
  })

  it('are given up when the client leaves', async () => {
    const client = new AbortController()
    listener = () => client.abort()
    const { fetchTurns, reports } = start()
    const turns: Turn[] = [
      { role: 'user', parts: [linkTo(at('/'), 0)] },
      { role: 'assistant', parts: [{ kind: 'text', text: 'ok' }] },
    ]
    await expect(fetchTurns(turns, { signal: client.signal })).rejects.toMatchObject({
      failure: { kind: 'client-gone' },
    })
    expect(reports).toEqual([])
  })
})

describe('remote images over https', () => {
  it('come from who proves the name of the URL', async () => {
    const names: unknown[] = []
    const server = createHttpsServer(certificate, (incoming, outgoing) => {
      names.push([incoming.headers.host, 'servername' in incoming.socket && incoming.socket.servername])
      outgoing.end(png)
    })
    const securePort = await listen(server)
    const { fetchAll, failureOf, reports } = start({
      allowHttp: false,
      network: { ports: new Set([securePort]) },
    })
    await fetchAll([`https://localhost:${securePort}/`])
    expect(names).toEqual([[`localhost:${securePort}`, 'localhost']])
    expect(await failureOf([`https://images.test:${securePort}/`])).toEqual(refused())
    expect(reports[0]?.text).toMatch(/does not match certificate/)
    expect(names).toHaveLength(1)
  })

  it('are the only ones unless http is allowed, redirects included', async () => {
    const secure = createHttpsServer(
      certificate,
      (_, outgoing) => void outgoing.writeHead(302, { location: at('/') }).end(),
    )
    const securePort = await listen(secure)
    const { failureOf, reports, resolved } = start({
      allowHttp: false,
      network: { ports: new Set([port, securePort]) },
    })
    expect(await failureOf([at('/')])).toEqual(refused())
    expect(resolved).toEqual([])
    expect(await failureOf([`https://localhost:${securePort}/`])).toEqual(refused())
    expect(reports.map(({ text }) => text)).toEqual(['http: is not allowed', 'http: is not allowed'])
    expect(seen).toEqual([])
  })
})

describe('the guard of remote images', () => {
  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['2130706433', '127.0.0.1'],
    ['0x7f000001', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['017700000001', '127.0.0.1'],
    ['0177.0.0.01', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['127.0.0.1.', '127.0.0.1'],
    ['①②⑦.⓪.⓪.①', '127.0.0.1'],
    ['127。0。0。1', '127.0.0.1'],
    ['%31%32%37.0.0.1', '127.0.0.1'],
    ['0', '0.0.0.0'],
    ['[::1]', '::1'],
    ['[0:0:0:0:0:0:0:1]', '::1'],
    ['[::]', '::'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::ffff:7f00:1]', '::ffff:7f00:1'],
    ['[::127.0.0.1]', '::7f00:1'],
    ['[64:ff9b::7f00:1]', '64:ff9b::7f00:1'],
    ['[2002:7f00:1::]', '2002:7f00:1::'],
    ['localhost', '127.0.0.1'],
    ['localhost.', '127.0.0.1'],
    ['LOCALHOST', '127.0.0.1'],
  ])('knows this machine as %s', async (host, address) => {
    const { failureOf, reports } = start({ network: { isPublic: isPublicAddress } })
    expect(await failureOf([at('/', host)])).toEqual(refused())
    expect(reports.map(({ text }) => text)).toEqual([`${address} is not public`])
    expect(seen).toEqual([])
  })

  it.each([
    ['a private address among public ones', ['127.0.0.1', '10.0.0.1'], '10.0.0.1 is not public'],
    [
      'a private address of the other kind',
      ['127.0.0.1', '::ffff:127.0.0.1'],
      '::ffff:127.0.0.1 is not public',
    ],
    ['no address', [], 'the name has no address'],
    ['what is no address', ['localhost'], 'localhost is not public'],
  ])('refuses a name with %s', async (_, addresses, text) => {
    const { failureOf, reports } = start({ network: { resolve: async () => addresses } })
    expect(await failureOf([at('/')])).toEqual(refused())
    expect(reports).toEqual([{ host: `images.test:${port}`, text }])
    expect(seen).toEqual([])
  })

  it('connects to the address that it checked, whatever the name says the next time', async () => {
    const answers = [['127.0.0.1'], ['::ffff:127.0.0.1']]
    const { fetchAll, failureOf, resolved } = start({
      network: { resolve: async () => answers.shift() ?? [] },
    })
    await fetchAll([at('/a')])
    expect([resolved.length, seen.length]).toEqual([1, 1])
    expect(await failureOf([at('/b')])).toEqual(refused())
    expect([resolved.length, seen.length]).toEqual([2, 1])
  })

  it('checks a name anew after each redirect', async () => {
    const answers = [['127.0.0.1'], ['::ffff:127.0.0.1']]
    listener = (_, outgoing) => void outgoing.writeHead(302, { location: '/b' }).end()
    const { failureOf } = start({ network: { resolve: async () => answers.shift() ?? [] } })
    expect(await failureOf([at('/a')])).toEqual(refused())
    expect(seen.map(({ url }) => url)).toEqual(['/a'])
  })

  it.each([
    [
      'to a private address',
      (p: number) => `http://[::ffff:127.0.0.1]:${p}/b`,
      '::ffff:7f00:1 is not public',
    ],
    [
      'to a name with a private address',
      (p: number) => `http://private.test:${p}/b`,
      '::ffff:127.0.0.1 is not public',
    ],
    [
      'without a scheme to a private name',
      (p: number) => `//private.test:${p}/b`,
      '::ffff:127.0.0.1 is not public',
    ],
    ['to another port', () => 'http://images.test:22/', 'port 22 is not allowed'],
    [
      'with credentials',
      (p: number) => `http://canary:word@images.test:${p}/b`,
      'the URL carries credentials',
    ],
    ['to a file', () => 'file:///etc/passwd', 'file: is not allowed'],
    ['to data', () => `data:image/png;base64,${images.png}`, 'data: is not allowed'],
    ['nowhere', () => 'http://', 'the redirect leads nowhere'],
  ])('follows no redirect %s', async (_, location, text) => {
    listener = (_incoming, outgoing) => void outgoing.writeHead(302, { location: location(port) }).end()
    const { failureOf, reports } = start({ network: { resolve: resolveTestName } })
    expect(await failureOf([at('/a')])).toEqual(refused())
    expect(reports).toEqual([{ host: `images.test:${port}`, text }])
    expect(seen.map(({ url }) => url)).toEqual(['/a'])
  })

  it.each([301, 302, 303, 307, 308])('follows three redirects with %i and no more', async (status) => {
    listener = ({ url }, outgoing) => {
      const left = Number(url?.slice(1))
      if (left === 0) outgoing.end(png)
      else outgoing.writeHead(status, { location: `/${left - 1}` }).end('moved')
    }
    const { fetchAll, failureOf, reports } = start()
    expect(await partsOf(fetchAll([at('/3')]))).toMatchObject([{ kind: 'image' }])
    expect(await failureOf([at('/4')])).toEqual(refused())
    expect(reports.map(({ text }) => text)).toEqual(['more than 3 redirects'])
    expect(seen.map(({ url }) => url)).toEqual(['/3', '/2', '/1', '/0', '/4', '/3', '/2', '/1'])
  })

  it.each([
    ['credentials', 'http://canary:word@images.test/', 'the URL carries credentials'],
    ['a name alone before the @', 'http://canary@images.test/', 'the URL carries credentials'],
    ['another port', 'http://images.test:22/', 'port 22 is not allowed'],
    ['another port of https', 'https://images.test:8443/', 'port 8443 is not allowed'],
  ])('refuses URLs with %s before it looks anything up', async (_, url, text) => {
    const { failureOf, reports, resolved } = start({ network: { ports: new Set([80, 443]) } })
    expect(await failureOf([url])).toEqual(refused())
    expect(reports.map((report) => report.text)).toEqual([text])
    expect(JSON.stringify(reports)).not.toContain('canary')
    expect(resolved).toEqual([])
  })

  it('asks no proxy of the environment', async () => {
    const proxy = await startTinyProxy()
    closing.push(() => proxy.close())
    for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'http_proxy', 'https_proxy']) {
      vi.stubEnv(name, proxy.url)
    }
    await start().fetchAll([at('/')])
    expect([seen.length, proxy.calls]).toEqual([1, []])
  })

  it('gives up on a body that grows too large, whatever was announced', async () => {
    let written = 0
    const closed = new Promise((resolve) => {
      listener = (_, outgoing) => {
        outgoing.on('close', resolve).write(png)
        const write = (): void => {
          if (outgoing.destroyed) return
          written += 100_000
          outgoing.write(Buffer.alloc(100_000), () => setImmediate(write))
        }
        write()
      }
    })
    const { failureOf, reports } = start()
    expect(await failureOf([at('/')])).toEqual(refused())
    expect(reports.map(({ text }) => text)).toEqual(['the answer has more than 3750000 bytes'])
    await closed
    expect(written).toBeLessThan(30_000_000)
  })

  it('gives up on all images of a request when they are too much together', async () => {
    const large = Buffer.concat([png, Buffer.alloc(3_700_000)])
    listener = (_, outgoing) => void outgoing.end(large)
    const { failureOf, reports } = start()
    const seven = Array.from({ length: 7 }, (_, index) => at(`/${index}`))
    expect(await failureOf(seven)).toMatchObject({
      failure: { message: expect.stringContaining('could not be fetched') },
    })
    expect(reports.map(({ text }) => text)).toEqual(['too much for one request'])
  })

  it.each([
    ['the head', () => {}],
    ['the body', (outgoing: Parameters<RequestListener>[1]) => outgoing.write(png)],
  ])('gives up after ten seconds when %s does not come', async (_, begin) => {
    const { clock, failureOf, reports } = start()
    let pendingBefore = 0
    const closed = new Promise((resolve) => {
      listener = (_incoming, outgoing) => {
        outgoing.on('close', resolve)
        begin(outgoing)
        clock.advance(9_999)
        pendingBefore = clock.pending()
        clock.advance(1)
      }
    })
    expect(await failureOf([at('/')])).toEqual(refused())
    await closed
    expect(reports.map(({ text }) => text)).toEqual(['no image in 10000 ms'])
    expect([pendingBefore, clock.pending()]).toEqual([1, 0])
  })

  it('gives up after ten seconds when a name is not looked up', async () => {
    const { clock, failureOf, reports } = start({ network: { resolve: () => new Promise(() => {}) } })
    const failure = failureOf([at('/')])
    clock.advance(10_000)
    expect(await failure).toEqual(refused())
    expect(reports.map(({ text }) => text)).toEqual(['no image in 10000 ms'])
  })
})

describe('whoever sends links to images', () => {
  const oversized = Buffer.from('GIF89a\xff\xff\xff\xff...', 'latin1')

  it.each<[string, RequestListener]>([
    ['a status', (_, outgoing) => void outgoing.writeHead(404).end(png)],
    ['a status of success without an image', (_, outgoing) => void outgoing.writeHead(204).end()],
    ['a page', (_, outgoing) => void outgoing.writeHead(200, { 'content-type': 'image/png' }).end('<html>')],
    ['a drawing', (_, outgoing) => void outgoing.end('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['nothing', (_, outgoing) => void outgoing.end()],
    ['too many pixels', (_, outgoing) => void outgoing.end(oversized)],
    ['a broken answer', (_, outgoing) => void outgoing.writeHead(200, { 'content-length': 9 }).end('x')],
    ['a closed connection', ({ socket }) => void socket.destroy()],
    ['what is not HTTP', ({ socket }) => void socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ])('is told the same of %s as of a private address', async (_, answer) => {
    listener = answer
    const { failureOf, reports } = start()
    expect(await failureOf([at('/')])).toEqual(refused())
    expect(reports).toMatchObject([{ host: `images.test:${port}`, text: expect.stringMatching(/./) }])
  })

  it('is told the same when nobody listens, and when a name is not known', async () => {
    const gone = createHttpServer()
    const gonePort = await listen(gone)
    await closing.pop()?.()
    const { failureOf } = start({ network: { resolve: resolveTestName, ports: new Set([gonePort]) } })
    expect(await failureOf([`http://a.test:${gonePort}/`])).toEqual(refused())
    expect(await failureOf([`http://unknown.test:${gonePort}/`])).toEqual(refused())
  })

  it('learns of a refusal in steps of 50 ms alone', async () => {
    let answered = false
    const { clock, failureOf, reports } = start({
      network: {
        resolve: async () => {
          clock.advance(113)
          throw new Error('ENOTFOUND')
        },
      },
    })
    const failure = failureOf([at('/')]).then((error) => {
      answered = true
      return error
    })
    await vi.waitFor(() => expect(reports).toHaveLength(1))
    expect(clock.pending()).toBe(1)
    clock.advance(36)
    await new Promise(setImmediate)
    expect(answered).toBe(false)
    clock.advance(1)
    expect(await failure).toEqual(refused())
  })

  it('learns of the first that fails, and the others are not fetched further', async () => {
    const closed = new Promise((resolve) => {
      listener = ({ url }, outgoing) => {
        if (url === '/slow') outgoing.on('close', resolve)
        else outgoing.writeHead(404).end()
      }
    })
    const { failureOf, reports } = start()
    expect(await failureOf([at('/slow'), at('/none')])).toEqual(refused('at.1'))
    await closed
    expect(reports).toHaveLength(1)
  })
})
