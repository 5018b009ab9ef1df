/**
 * Addresses of images that lead, or seem to lead, to this machine: spellings, schemes, ports, redirects, names that resolve to what
 * is not public, and names whose answer changes. A sink listens on 127.0.0.1; nobody may ever come there.
 */
import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { createServer, type Server } from 'node:net'
import { systemClock } from '../../../src/clock.ts'
import { createConversation, type Conversation } from '../../../src/conversation/conversation.ts'
import { GatewayError } from '../../../src/conversation/failures.ts'
import { readImageUrl } from '../../../src/dialects/read-image.ts'
import { isPublicAddress } from '../../../src/remote-images/public-address.ts'
import { createRemoteImages } from '../../../src/remote-images/remote-images.ts'
import type { Random } from './random.ts'

/** Stands for the Internet. */
const OUTSIDE = '127.0.0.3'
const SPELLINGS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '0x7f.1',
  '0x7f000001',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '0x7f.0x0.0x0.0x1',
  '127.000.000.001',
  '①②⑦.⓪.⓪.①',
  '１２７．０．０．１',
  '127。0。0。1',
  '0',
  '0.0.0.0',
  '127.0.0.1.',
  'localhost',
  'localhost.',
  'LOCALHOST',
  'ⓛocalhost',
  '[::1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[0:0:0:0:0:ffff:7f00:0001]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1%25lo]',
  '[::127.0.0.1]',
  '10.0.0.1',
  '172.16.0.1',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '[fc00::1]',
  '[fe80::1]',
  '[ff02::1]',
  'private.test',
  'mixed.test',
  'mapped.test',
  'rebinding.test',
  'empty.test',
  'failing.test',
] as const
const SCHEMES = [
  'http:',
  'https:',
  'HTTP:',
  'ftp:',
  'file:',
  'gopher:',
  'data:',
  'javascript:',
  'ws:',
  'blob:http:',
  'http:\t',
  '',
] as const
const SLASHES = ['//', '//', '//', '/', '', '\\\\', '///', '//\\'] as const
const USERS = [
  '',
  '',
  '',
  'a@',
  'a:b@',
  'example.com@',
  'example.com%40',
  'example.com\\@',
  'example.com#@',
  ':@',
] as const
const TAILS = [
  '/',
  '',
  '/a.png',
  '?a',
  '#b',
  '/..//',
  '/%00',
  '\\',
  '/a b',
  '\n/',
  '@example.com/',
  '.example.com/',
] as const

/** Every other name leads to this machine as well. */
const answers: Readonly<Record<string, readonly string[]>> = {
  'redirect.test': [OUTSIDE],
  'mixed.test': [OUTSIDE, '127.0.0.1'],
  'mapped.test': ['::ffff:127.0.0.1', OUTSIDE],
  'empty.test': [],
}

export function hostileImageUrl(random: Random, sinkPort: number): string {
  const port = random.pick(['', '', `:${sinkPort}`, ':80', ':443', ':0', ':65536', ':080', ':８０'])
  const parts = [SCHEMES, SLASHES, USERS, SPELLINGS].map((words) => random.pick<string>(words))
  return parts.join('') + port + random.pick(TAILS)
}

/**
 * `check` asks for one image, as a client's request does; it throws when the answer is anything but a refusal in the usual words.
 * `connections`: how often somebody came to the sink. `viaRedirect`: an address that is allowed and sends on to another one.
 */
export async function openImageTrap() {
  let connections = 0
  let redirects = 0
  const sink = createServer((socket) => {
    connections += 1
    socket.destroy()
  })
  const redirector = createHttpServer((request, response) => {
    redirects += 1
    const [, to = '/'] = (request.url ?? '').split('?to=')
    const location = decodeURIComponent(to).replaceAll(/[^\x21-\x7e]/g, encodeURIComponent)
    response.writeHead(302, { location }).end()
  })
  const sinkPort = await listen(sink, '127.0.0.1')
  const redirectorPort = await listen(redirector, OUTSIDE)
  const images = createRemoteImages({
    enabled: true,
    allowHttp: true,
    version: '0',
    network: {
      isPublic: (address) => address === OUTSIDE || isPublicAddress(address),
      // What keeps the sink apart is its address alone.
      ports: new Set([80, 443, sinkPort, redirectorPort]),
      resolve: createResolver(),
    },
    clock: systemClock,
    report: () => {},
  })

  async function fetchFrom(url: string, clientKey: string): Promise<Conversation> {
    const part = readImageUrl(url, 'at')
    const conversation = createConversation({ model: 'm', turns: [{ role: 'user', parts: [part] }] })
    return images.fetchAll(conversation, { signal: new AbortController().signal, clientKey })
  }

  return {
    port: sinkPort,
    connections: () => connections,
    redirects: () => redirects,
    viaRedirect: (url: string) => `http://redirect.test:${redirectorPort}/?to=${encodeURIComponent(url)}`,
    async check(url: string, clientKey: string): Promise<void> {
      const outcome = await fetchFrom(url, clientKey).then(
        () => 'an image',
        (error: unknown) => (error instanceof GatewayError ? error.failure.code : error),
      )
      if (outcome === 'invalid_image_url' || outcome === 'invalid_image') return
      throw new Error(`${JSON.stringify(url)} led to ${String(outcome)}`)
    },
    async close(): Promise<void> {
      redirector.closeAllConnections()
      await Promise.all([sink, redirector].map((server) => new Promise((resolve) => server.close(resolve))))
    },
  }
}

/** One name changes its mind: a second look at it would lead elsewhere than the first. */
function createResolver() {
  const looks = new Map<string, number>()
  return async (hostname: string): Promise<string[]> => {
    const look = looks.get(hostname) ?? 0
    looks.set(hostname, look + 1)
    if (hostname === 'failing.test') throw new Error('SERVFAIL')
    if (hostname === 'rebinding.test') return [look % 2 === 0 ? OUTSIDE : '127.0.0.1']
    return [...(answers[hostname] ?? ['127.0.0.1'])]
  }
}

async function listen(server: Server, host: string): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  const address = server.address()
  return typeof address === 'object' && address !== null ? address.port : 0
}
