/** What each piece wants of the Config, in its own words and units. */
import type { PoolLimits } from '../accounts/pool/pool.ts'
import type { Config } from '../config.ts'
import type { AppParts } from '../http/app.ts'

/** An answer that is an error has said so by its status; its text may not take long. */
const ERROR_BODY_TIMEOUT_MS = 5000
/** A client that takes nothing for so long is gone. */
const DRAIN_TIMEOUT_MS = 120_000

export function poolLimitsOf(config: Config): PoolLimits {
  return {
    maxStrikes: config.maxErrorCount,
    waitMs: config.accountWaitSeconds * 1000,
    maxWaiting: config.maxWaitingRequests,
    accountConcurrency: config.accountConcurrencyLimit,
    keyConcurrency: config.keyConcurrencyLimit,
    sessionsPerAccount: config.sessionMaxPerAccount,
  }
}

export function proxiesOf({ httpProxy, httpsProxy, noProxy }: Config) {
  return { httpProxy, httpsProxy, noProxy }
}

export function connectionLimitsOf(config: Config): AppParts['connections'] {
  return {
    maxConnections: config.maxConnections,
    maxConnectionsPerAddress: config.maxConnectionsPerAddress,
    headersTimeoutMs: config.headersTimeoutSeconds * 1000,
    bodyTimeoutMs: config.bodyTimeoutSeconds * 1000,
    keepAliveTimeoutMs: config.keepAliveTimeoutSeconds * 1000,
  }
}

export function timeoutsOf(config: Config) {
  return {
    connectTimeoutMs: config.connectTimeoutSeconds * 1000,
    headersMs: config.responseHeadersTimeoutSeconds * 1000,
    errorBodyMs: ERROR_BODY_TIMEOUT_MS,
    firstEventMs: config.firstEventTimeoutSeconds * 1000,
    idleMs: config.idleTimeoutSeconds * 1000,
  }
}

export function timingsOf(config: Config): AppParts['chat']['timings'] {
  return {
    commitAfterMs: config.commitAfterSeconds * 1000,
    pingIntervalMs: config.pingIntervalSeconds * 1000,
    drainTimeoutMs: DRAIN_TIMEOUT_MS,
  }
}
