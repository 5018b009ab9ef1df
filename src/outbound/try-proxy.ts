/** One call through a proxy, to see whether it leads to the service. What comes back is one of few words; nothing else of it is kept. */
import { request } from 'undici'
import type { Clock } from '../clock.ts'
import { createDispatchers } from './dispatchers.ts'
import { codeOf, isConnectError, ProxyError } from './proxy-error.ts'

export const proxyOutcomes = [
  'works',
  /** Nobody takes connections there. */
  'unreachable',
  'wrong-credentials',
  'refused',
  /** The certificate of the service, or of the proxy, is not trusted here. */
  'untrusted',
  /** The proxy takes the call, and nobody answers it. */
  'no-answer',
  'too-late',
] as const
export type ProxyOutcome = (typeof proxyOutcomes)[number]

interface ProxyTrial {
  proxyUrl: string
  /** What is called through it. */
  target: URL
  /** In all, and to connect. */
  withinMs: number
  connectTimeoutMs: number
  clock: Pick<Clock, 'after'>
}

/** Throws `access-denied` when it is no address of a proxy. */
export async function tryProxy({
  proxyUrl,
  target,
  withinMs,
  connectTimeoutMs,
  clock,
}: ProxyTrial): Promise<ProxyOutcome> {
  const dispatchers = createDispatchers({ connectTimeoutMs })
  const dispatcher = dispatchers.dispatcherFor(target, proxyUrl)
  const giveUp = new AbortController()
  const cancel = clock.after(withinMs, () => giveUp.abort())
  try {
    // No credentials are sent, so any status is an answer.
    const { body } = await request(target, { method: 'HEAD', dispatcher, signal: giveUp.signal })
    await body.dump()
    return 'works'
  } catch (error) {
    return giveUp.signal.aborted ? 'too-late' : outcomeOf(error)
  } finally {
    cancel()
    await dispatchers.close()
  }
}

function outcomeOf(error: unknown): ProxyOutcome {
  const isProxys = error instanceof ProxyError
  if (isProxys && error.status !== undefined) return error.status === 407 ? 'wrong-credentials' : 'refused'
  const cause = isProxys ? error.cause : error
  if (isUntrusted(codeOf(cause))) return 'untrusted'
  return isProxys && isConnectError(cause) ? 'unreachable' : 'no-answer'
}

/** Node has two dozen such codes, and undici one for what it wraps. */
function isUntrusted(code: string): boolean {
  return /^(CERT_|UNABLE_TO_|ERR_TLS_CERT|UND_ERR_PRX_TLS$)|SELF_SIGNED_CERT/.test(code)
}
