/** All connections that the gateway opens: directly, or through the proxy of its operator or of an account. */

import { Agent } from 'undici'
import type { Dispatcher } from 'undici'
import { GatewayError } from '../conversation/failures.ts'
import { createProxyChoice, type OperatorProxies } from './choose-proxy.ts'
import { parseProxyUrl } from './proxy-url.ts'
import { createForwarder, createTunnel } from './through-proxy.ts'

interface DispatcherOptions extends OperatorProxies {
  connectTimeoutMs: number
}

export interface Dispatchers {
  /**
   * The connections for a call of this URL; to be asked anew for each call. `proxyUrl` is the account's own proxy and
   * wins over every other setting. Throws `access-denied` when it is no proxy: the account's settings are wrong.
   */
  dispatcherFor: (url: URL, proxyUrl?: string) => Dispatcher
  /** Ends all connections, open answers included. */
  close(): Promise<void>
}

/** Well below the minute or more after which load balancers close idle connections. */
const KEEP_ALIVE_MS = 20_000
/**
 * A connection that is always in use would stay with its address for ever. An older one takes no further call, and ends with
 * the answer that it carries: so a name that has another address is followed within a minute, the connecting included.
 */
const OLDEST_CONNECTION_MS = 50_000
/** Proxies whose connections are kept at the same time; who has more of them pays with new connections. */
const MOST_PROXIED = 256

export function createDispatchers(options: DispatcherOptions): Dispatchers {
  const { connectTimeoutMs } = options
  const operatorsProxyFor = createProxyChoice(options)
  const agent = agentOptions()
  const direct = new Agent({ ...agent, connect: { timeout: connectTimeoutMs } })
  /** By manner and proxy; the one that was used last comes last. */
  const proxied = new Map<string, Dispatcher>()
  const retiring = new Set<Dispatcher>()

  function connect(url: URL, proxyUrl: string): Dispatcher {
    const proxy = parseProxyUrl(proxyUrl)
    if (proxy === undefined) {
      throw new GatewayError(
        'access-denied',
        "The account's proxy is not one: its operator should give an address like http://host:port.",
        { fault: 'own-proxy-fails' },
      )
    }
    const create = url.protocol === 'https:' ? createTunnel : createForwarder
    return create({ proxy, connectTimeoutMs, agent })
  }

  function retire(dispatcher: Dispatcher): void {
    retiring.add(dispatcher)
    // Answers that are open still come to their end.
    void dispatcher
      .close()
      .catch(() => {})
      .finally(() => retiring.delete(dispatcher))
  }

  return {
    dispatcherFor(url, proxyUrl = operatorsProxyFor(url)) {
      if (proxyUrl === undefined) return direct
      const key = `${url.protocol} ${proxyUrl}`
      const dispatcher = proxied.get(key) ?? connect(url, proxyUrl)
      proxied.delete(key)
      proxied.set(key, dispatcher)
      const [oldest] = proxied
      if (proxied.size > MOST_PROXIED && oldest !== undefined) {
        proxied.delete(oldest[0])
        retire(oldest[1])
      }
      return dispatcher
    },
    async close() {
      const all = [direct, ...proxied.values(), ...retiring]
      proxied.clear()
      await Promise.all(all.map((dispatcher) => dispatcher.destroy()))
    },
  }
}

/**
 * No cap: a stream holds its connection for minutes, and a cap would make others wait. One request a connection at a time. Bodies
 * have no time-out here, as whoever reads them has a clock of its own.
 */
function agentOptions(): Agent.Options {
  return {
    // One connection a stream: with HTTP/2 one lost packet would stall all answers.
    allowH2: false,
    pipelining: 1,
    keepAliveTimeout: KEEP_ALIVE_MS,
    clientTtl: OLDEST_CONNECTION_MS,
    bodyTimeout: 0,
  }
}
