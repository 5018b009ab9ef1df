/** What an operator may find out about a proxy: whether calls to the service get through it, so and so often. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createProxyChoice, type OperatorProxies } from './choose-proxy.ts'
import { tryProxy, type ProxyOutcome } from './try-proxy.ts'

/** More would be a tool for looking around in the network. */
const MOST_A_MINUTE = 6
const MINUTE_MS = 60_000
const WITHIN_MS = 10_000

interface ProxyTrialResult {
  /** `unused`: calls to the service go directly, and nothing was tried. */
  outcome: ProxyOutcome | 'unused'
  milliseconds: number
  /** Host of the service that was to be reached. */
  service: string
}

export interface ProxyTrials {
  /** `proxyUrl`: in place of the operator's own. Throws `rate-limited` when there were too many of late. */
  run(proxyUrl?: string): Promise<ProxyTrialResult>
}

interface ProxyTrialParts {
  proxies: OperatorProxies
  /** Scheme and host of the service. */
  origin: () => string
  connectTimeoutMs: number
  /** Processes that share what is tested in a minute. */
  workers: number
  clock: Clock
}

export function createProxyTrials(parts: ProxyTrialParts): ProxyTrials {
  const { origin, connectTimeoutMs, workers, clock } = parts
  const operatorsProxyFor = createProxyChoice(parts.proxies)
  const mostAMinute = Math.max(1, Math.floor(MOST_A_MINUTE / workers))
  let starts: number[] = []

  function takeTurn(): void {
    const now = clock.elapsed()
    starts = starts.filter((at) => now - at < MINUTE_MS)
    const [oldest] = starts
    if (oldest !== undefined && starts.length >= mostAMinute) {
      throw new GatewayError('rate-limited', 'Proxies were tested too often within a minute.', {
        code: 'too_many_attempts',
        retryAfterSeconds: Math.ceil((oldest + MINUTE_MS - now) / 1000),
      })
    }
    starts.push(now)
  }

  return {
    async run(given) {
      const target = new URL('/', origin())
      const proxyUrl = given ?? operatorsProxyFor(target)
      if (proxyUrl === undefined) return { outcome: 'unused', milliseconds: 0, service: target.host }
      takeTurn()
      const startedAt = clock.elapsed()
      const outcome = await tryProxy({ proxyUrl, target, withinMs: WITHIN_MS, connectTimeoutMs, clock })
      return { outcome, milliseconds: Math.round(clock.elapsed() - startedAt), service: target.host }
    },
  }
}
