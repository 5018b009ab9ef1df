import { GatewayError, toGatewayError } from '../../conversation/failures.ts'
import type { FailureKind } from '../../conversation/failures.ts'
import { ProxyError } from '../../outbound/proxy-error.ts'

/** The service was reached, but gave up on us or made us wait: another account may fare better. */
const kindOfCode: ReadonlyMap<string, FailureKind> = new Map([
  ['UND_ERR_HEADERS_TIMEOUT', 'upstream-timeout'],
  ['ETIMEDOUT', 'upstream-timeout'],
  ['UND_ERR_SOCKET', 'upstream-unavailable'],
  ['UND_ERR_HEADERS_OVERFLOW', 'upstream-unavailable'],
  ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'upstream-unavailable'],
  // undici was given an answer that it takes to be impossible, such as several upgrades in a row.
  ['ERR_ASSERTION', 'upstream-unavailable'],
  ['ECONNRESET', 'upstream-unavailable'],
  ['EPIPE', 'upstream-unavailable'],
])

const UNREACHABLE_RETRY_SECONDS = 2

const messages: Partial<Record<FailureKind, string>> = {
  'upstream-timeout': 'Amazon Q took too long to answer. Send the request again.',
  'upstream-unavailable': 'Amazon Q closed the connection before it answered. Send the request again.',
}

/**
 * Why no answer began. What is neither silence nor a broken connection lies between us and the service: names that are not
 * resolved, or not in time, routes, certificates, the operator's proxy. No account is to blame for that, but for a proxy of its own one is. Where a
 * proxy is stays in the cause: clients have no business with it.
 */
export function classifyTransportError(
  error: unknown,
  { isOwnProxy }: { isOwnProxy: boolean },
): GatewayError {
  if (error instanceof ProxyError) return isOwnProxy ? ownProxyFailed(error) : unreachable('', error)
  const code = codeOf(error)
  if (code === 'UND_ERR_INVALID_ARG') return toGatewayError(error)
  const kind = isNoHttp(error) ? 'upstream-unavailable' : (kindOfCode.get(code) ?? 'unreachable')
  const message = messages[kind]
  if (message !== undefined) return new GatewayError(kind, message, { cause: error })
  return unreachable(code === '' ? '' : ` (${code})`, error)
}

/** undici's parser errors have no code of their own. */
function isNoHttp(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError'
}

/** The account does not work as it is set up; others may. */
function ownProxyFailed(cause: ProxyError): GatewayError {
  return new GatewayError(
    'access-denied',
    "The account's own proxy does not work: its operator should check the account's proxyUrl.",
    { fault: 'own-proxy-fails', cause },
  )
}

function unreachable(reason: string, cause: unknown): GatewayError {
  return new GatewayError(
    'unreachable',
    `The gateway cannot reach Amazon Q${reason}. Its operator should check the network, DNS, the proxy and AMAZON_Q_ENDPOINT.`,
    { retryAfterSeconds: UNREACHABLE_RETRY_SECONDS, cause },
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
