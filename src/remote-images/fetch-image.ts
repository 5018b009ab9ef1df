import type { Readable } from 'node:stream'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import { MAX_IMAGE_BYTES } from '../dialects/read-image.ts'
import type { Network } from './network.ts'

interface FetchOptions {
  network: Network
  allowHttp: boolean
  userAgent: string
  signal: AbortSignal
}

const MAX_REDIRECTS = 3
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * The bytes at an address of the public Internet, as they came. Every address on the way is checked before anything is
 * sent to it. Throws an Error whose message is for the operator alone.
 */
export async function fetchImage(address: string, options: FetchOptions): Promise<Buffer> {
  let url = new URL(address)
  for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects += 1) {
    const answer = await fetchOnce(url, options)
    if (Buffer.isBuffer(answer)) return answer
    url = answer
  }
  throw new Error(`more than ${MAX_REDIRECTS} redirects`)
}

/** The bytes, or where they are to be found instead. */
async function fetchOnce(url: URL, options: FetchOptions): Promise<Buffer | URL> {
  const { signal, userAgent } = options
  refuseUrl(url, options)
  const addresses = await publicAddressesOf(url, options)
  // Not of the other connections: those may go through a proxy, which would resolve the name once more.
  const agent = new Agent({ allowH2: false, connect: { lookup: pinTo(addresses) } })
  try {
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      signal,
      reset: true,
      headers: {
        accept: 'image/png, image/jpeg, image/gif, image/webp',
        'accept-encoding': 'identity',
        'user-agent': userAgent,
      },
    })
    // Bodies that nobody reads break off when the agent is destroyed.
    body.on('error', () => {})
    if (REDIRECTS.has(statusCode)) return readLocation(headers['location'], url)
    if (statusCode !== 200) throw new Error(`the answer's status is ${statusCode}`)
    return await readWhole(body)
  } finally {
    await agent.destroy()
  }
}

function refuseUrl(url: URL, { allowHttp, network }: FetchOptions): void {
  if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:')) {
    throw new Error(`${url.protocol} is not allowed`)
  }
  if (url.username !== '' || url.password !== '') throw new Error('the URL carries credentials')
  const usualPort = url.protocol === 'https:' ? 443 : 80
  const port = url.port === '' ? usualPort : Number(url.port)
  if (!network.ports.has(port)) throw new Error(`port ${port} is not allowed`)
}

/** One that is not public spoils the others: honest names have none. */
async function publicAddressesOf({ hostname }: URL, { network, signal }: FetchOptions): Promise<string[]> {
  const literal = hostname.replace(/^\[(.*)\]$/, '$1')
  const addresses = isIP(literal) === 0 ? await orAborted(network.resolve(hostname), signal) : [literal]
  if (addresses.length === 0) throw new Error('the name has no address')
  const unfit = addresses.find((address) => !network.isPublic(address))
  if (unfit !== undefined) throw new Error(`${unfit} is not public`)
  return addresses
}

function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  return Promise.race([work, aborted])
}

/** Whatever name a connection is for, it goes to these addresses. */
function pinTo(addresses: readonly string[]): LookupFunction {
  const answers = addresses.map((address) => ({ address, family: isIP(address) }))
  return (_hostname, options, answer) => {
    const [first] = answers
    if (options.all === true) answer(null, answers)
    else answer(null, first?.address ?? '', first?.family)
  }
}

function readLocation(location: string | string[] | undefined, base: URL): URL {
  const target = typeof location === 'string' ? URL.parse(location, base.href) : null
  if (target === null) throw new Error('the redirect leads nowhere')
  return target
}

async function readWhole(body: Readable): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let byteCount = 0
  for await (const chunk of body) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('A body gave something else than bytes.')
    byteCount += chunk.byteLength
    if (byteCount > MAX_IMAGE_BYTES) throw new Error(`the answer has more than ${MAX_IMAGE_BYTES} bytes`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
