/** Where a request comes from, as far as the request itself shows it. */
import { isIPv4 } from 'node:net'
import type { AccessRequest } from './access-request.ts'
import { headerOf } from './request-headers.ts'

/** What betrays that something stands between a client and us. Holds the value of Host alone: others may be secrets. */
export interface ProxySign {
  header: string
  value?: string
}

const LOCAL_HOST = /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i
/** What reverse proxies, load balancers and tunnels add; written with `_`, too, which some of them take for the same. */
const FORWARDING_HEADER = new RegExp(
  `^(${[
    'forwarded(-for)?|x-forwarded(-.*)?|via|x-via|cdn-loop|proxy-connection|max-forwards',
    'x-(real|client|cluster-client|originating|remote|proxyuser|true-client|original)-?ip|x-remote-addr|x-host',
    '(true-|fly-|fastly-|wl-proxy-|ali-cdn-)?client-ip|ali-cdn-real-ip|x-original-.*|x-rewrite-url',
    '(cf|cdn|fastly|x-envoy|x-amzn|x-amz-cf|x-azure|x-arr|x-appengine|x-cloud-trace|x-vercel|x-nf|x-ngrok|tailscale)-.*',
  ].join('|')})$`,
)
const ABSOLUTE_TARGET = /^[a-z][a-z\d+.-]*:\/*([^/?#]*)/i
const LONGEST_HOST = 100

/** A Host other than this machine's, or a header that only proxies add. Undefined when there is neither. */
export function findProxySign(request: AccessRequest): ProxySign | undefined {
  const foreign = namedHosts(request).find((host) => host !== '' && !LOCAL_HOST.test(host))
  if (foreign !== undefined) {
    return { header: 'host', value: foreign.replace(/[^\x21-\x7e]/g, '?').slice(0, LONGEST_HOST) }
  }
  const forwarding = Object.keys(request.headers).find((name) =>
    FORWARDING_HEADER.test(name.replaceAll('_', '-')),
  )
  return forwarding === undefined ? undefined : { header: forwarding }
}

/** Why the request cannot be taken for one that a program of this machine made itself; undefined when it can. */
export function findDetour(request: AccessRequest): string | undefined {
  const sign = findProxySign(request)
  if (sign !== undefined) {
    return sign.value === undefined
      ? `it has the header ${sign.header}`
      : 'its Host is not localhost, 127.0.0.1 or [::1]'
  }
  if (ABSOLUTE_TARGET.test(request.target)) return 'its target is a whole URL, as only proxies are asked'
  if (!isLoopbackAddress(request.connection.remoteAddress)) return 'it comes from another machine'
  if (request.hosts.length !== 1 || request.hosts[0] === '') return 'it has no Host'
  // Old proxies speak 1.0, and some of them add no header at all.
  if (request.httpVersion === '1.0' || request.httpVersion === '0.9') return 'it is HTTP/1.0'
  return undefined
}

/**
 * Whether a page of another origin caused the request. A typed address (`none`) is the user's own doing, but changes
 * nothing. Browsers set both headers by themselves, pages cannot.
 */
export function isFromForeignPage(request: AccessRequest, allowedOrigins: readonly string[] = []): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (typeof origin === 'string' && allowedOrigins.includes(origin)) return false
  if (site === 'none') return !['GET', 'HEAD'].includes(request.method)
  if (site !== undefined && site !== 'same-origin') return true
  // Behind a proxy that ends TLS the scheme is not the one that we see, and the Host may be rewritten.
  return origin !== undefined && site === undefined && !namesHost(origin, headerOf(request.headers, 'host'))
}

/** Whether a browser says that one of our own pages caused the request. Programs say nothing of the kind. */
export function isFromOwnPage(request: AccessRequest): boolean {
  const { origin, 'sec-fetch-site': site } = request.headers
  if (isFromForeignPage(request)) return false
  return site === 'same-origin' || origin !== undefined
}

function namesHost(origin: string | string[], host: string | undefined): boolean {
  if (typeof origin !== 'string' || host === undefined) return false
  return origin === `http://${host}` || origin === `https://${host}`
}

/** All hosts that the request names: an absolute target names one too, and by the standard outranks the header. */
function namedHosts({ hosts, target }: AccessRequest): readonly string[] {
  const authority = ABSOLUTE_TARGET.exec(target)?.[1]
  return authority === undefined ? hosts : [...hosts, authority]
}

function isLoopbackAddress(address: string | undefined): boolean {
  if (address === undefined) return false
  const plain = address.replace(/^::ffff:/i, '')
  return plain === '::1' || (isIPv4(plain) && plain.startsWith('127.'))
}
