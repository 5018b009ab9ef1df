/**
 * What each piece wants of the settings, in its own words and units. A member that is a getter holds anew at each use: who is
 * given such an object must read it then, and keep none of it.
 */
import type { PoolLimits } from '../accounts/pool/pool.ts'
import type { StrategyChoice } from '../accounts/pool/strategies/strategies.ts'
import type { Config } from '../config.ts'
import type { AppParts } from '../http/app.ts'
import type { KeepingLimits } from '../kept-answers/kept-answers.ts'
import type { LiveSettings } from '../settings/live-settings.ts'

/** An answer that is an error has said so by its status; its text may not take long. */
const ERROR_BODY_TIMEOUT_MS = 5000
/** A client that takes nothing for so long is gone. */
const DRAIN_TIMEOUT_MS = 120_000
const MEGABYTE = 1_000_000

type Live = Pick<LiveSettings, 'current'>

export function poolLimitsOf({ current }: Live): PoolLimits {
  return {
    get maxStrikes() {
      return current().maxErrorCount
    },
    get waitMs() {
      return current().accountWaitSeconds * 1000
    },
    get maxWaiting() {
      return current().maxWaitingRequests
    },
    get accountConcurrency() {
      return current().accountConcurrencyLimit
    },
    get keyConcurrency() {
      return current().keyConcurrencyLimit
    },
    get sessionsPerAccount() {
      return current().sessionMaxPerAccount
    },
  }
}

export function strategyOf(config: Config): StrategyChoice {
  return {
    name: config.accountStrategy,
    withinPriority: config.accountStrategyWithinPriority,
    soonestExpiringFirst: config.prefersExpiringCredits,
  }
}

export function namingOf({ modelAliases: aliases, replacesRetiredModels: replacesRetired }: Config) {
  return { aliases, replacesRetired }
}

export function proxiesOf({ httpProxy, httpsProxy, noProxy }: Config) {
  return { httpProxy, httpsProxy, noProxy }
}

export function connectionLimitsOf({ current }: Live): AppParts['connections'] {
  const config = current()
  return {
    maxConnections: config.maxConnections,
    get maxConnectionsPerAddress() {
      return current().maxConnectionsPerAddress
    },
    headersTimeoutMs: config.headersTimeoutSeconds * 1000,
    bodyTimeoutMs: config.bodyTimeoutSeconds * 1000,
    keepAliveTimeoutMs: config.keepAliveTimeoutSeconds * 1000,
  }
}

/** How much of bodies is read, and held at once. */
export function bodyLimitsOf({ current }: Live) {
  return {
    timeoutMs: current().bodyTimeoutSeconds * 1000,
    get maxBytes() {
      return Math.round(current().maxBodyMegabytes * MEGABYTE)
    },
    get maxBufferedBytes() {
      return current().maxBufferedMegabytes * MEGABYTE
    },
  }
}

export function timeoutsOf({ current }: Live) {
  return {
    errorBodyMs: ERROR_BODY_TIMEOUT_MS,
    get headersMs() {
      return current().responseHeadersTimeoutSeconds * 1000
    },
    get firstEventMs() {
      return current().firstEventTimeoutSeconds * 1000
    },
    get idleMs() {
      return current().idleTimeoutSeconds * 1000
    },
  }
}

export function timingsOf({ current }: Live): AppParts['chat']['timings'] {
  return {
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
    get commitAfterMs() {
      return current().commitAfterSeconds * 1000
    },
    get pingIntervalMs() {
      return current().pingIntervalSeconds * 1000
    },
  }
}

export function keepingLimitsOf({ current }: Live): KeepingLimits {
  return {
    get days() {
      return current().responsesKeepDays
    },
    get answers() {
      return current().responsesKeepPerKey
    },
    get bytes() {
      return current().responsesKeepMegabytesPerKey * MEGABYTE
    },
  }
}

/** How early, how spread and how many at once tokens are renewed ahead of need. */
export function refreshLimitsOf({ current }: Live) {
  return {
    get aheadMs() {
      return current().refreshAheadSeconds * 1000
    },
    get jitterMs() {
      return current().refreshJitterSeconds * 1000
    },
    get mostAtOnce() {
      return current().refreshParallel
    },
  }
}
