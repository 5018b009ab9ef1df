/** Before a connection stands: whatever goes wrong then goes wrong with the proxy's own. */
const connectCodes: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** The way through the proxy is barred. The message is a clause that names the proxy without its credentials. */
export class ProxyError extends Error {
  readonly code = 'ERR_PROXY'
  /** That it answered the call with; undefined: it gave no answer. */
  readonly status: number | undefined

  constructor(proxy: URL, reason: string, { status, cause }: { status?: number; cause?: unknown } = {}) {
    super(`the proxy ${proxy.host} ${reason}`, cause === undefined ? undefined : { cause })
    this.name = 'ProxyError'
    this.status = status
  }
}

export function refusalOf(proxy: URL, status: number): ProxyError {
  const advice = status === 407 ? 'demands other credentials' : 'does not let the call through'
  return new ProxyError(proxy, `${advice} (${status})`, { status })
}

/** Why a connection to the proxy could not be made or used. */
export function breakdownOf(proxy: URL, cause: Error): ProxyError {
  const code = codeOf(cause)
  return new ProxyError(proxy, `cannot be reached${code === '' ? '' : ` (${code})`}`, { cause })
}

/** Whether a connection could not even be made. */
export function isConnectError(error: unknown): boolean {
  return connectCodes.has(codeOf(error))
}

/** Empty: it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}
