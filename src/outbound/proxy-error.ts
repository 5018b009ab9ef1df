/** The way through the proxy is barred. The message is a clause that names the proxy without its credentials. */
export class ProxyError extends Error {
  readonly code = 'ERR_PROXY'

  constructor(proxy: URL, reason: string, cause?: unknown) {
    super(`the proxy ${proxy.host} ${reason}`, cause === undefined ? undefined : { cause })
    this.name = 'ProxyError'
  }
}

export function refusalOf(proxy: URL, status: number): ProxyError {
  const advice = status === 407 ? 'demands other credentials' : 'does not let the call through'
  return new ProxyError(proxy, `${advice} (${status})`)
}

/** Why a connection to the proxy could not be made or used. */
export function breakdownOf(proxy: URL, cause: Error): ProxyError {
  const code = 'code' in cause && typeof cause.code === 'string' ? ` (${cause.code})` : ''
  return new ProxyError(proxy, `cannot be reached${code}`, cause)
}
