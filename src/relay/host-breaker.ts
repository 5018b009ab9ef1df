/**
 * Knows when a host itself is down: its accounts then agree. While that lasts it is asked once a second by a request that
 * proves whether it is back, everybody else is spared the wait, and no account is blamed.
 */
import type { Clock } from '../clock.ts'

export interface HostBreakerParts {
  clock: Pick<Clock, 'elapsed'>
  /** So many accounts that fail in a row open the breaker, if by more than one request and for long enough. Like the next, read at each use. */
  readonly accountsToOpen: number
  /** So many failures in a row do, whosever they are. */
  readonly failuresToOpen: number
}

export interface HostBreaker {
  /** A request wants to go to the host. Undefined: not now. */
  admit(host: string): Passage | undefined
  /** In how many milliseconds the host may be asked again; 0: now. */
  waitMs(host: string): number
  isOpen(host: string): boolean
  isAnyOpen(): boolean
}

/** One request's way to the host; one of the two is to be called as soon as it is known, neither when nobody learned anything. */
export interface Passage {
  /** The host has answered, whatever it said, except that it has failed. */
  noteAnswer(): void
  /** The host failed, or could not be reached. Answers whether the account may be blamed. */
  noteFailure(of: { accountId: string; requestId: string }): boolean
}

/** Since the host last answered. */
interface HostState {
  /** When the first of the failures ended. */
  since: number
  failures: number
  /** How many were sent to it meanwhile. */
  admitted: number
  /** Of the failures in a row. */
  accounts: Set<string>
  requests: Set<string>
  /** When the last probe was sent, or the breaker opened. */
  probedAt?: number
}

const PROBE_EVERY_MS = 1000
/** By one request alone a host is never given up: it may be the request that breaks it. */
const LEAST_REQUESTS = 2
/** Three failures in a row come by chance many times a day where some requests fail; a second without any answer does not. */
const LEAST_MS = 1000
/** Where answers take long, most of what was sent may still be answered. */
const LEAST_SHARE = 0.5

export function createHostBreaker(parts: HostBreakerParts): HostBreaker {
  const { clock } = parts
  /** Hosts that failed since they last answered. */
  const failing = new Map<string, HostState>()
  /** When a host came back, for those that had been given up. */
  const backSince = new Map<string, number>()

  function waitMs(host: string): number {
    const probedAt = failing.get(host)?.probedAt
    return probedAt === undefined ? 0 : Math.max(0, probedAt + PROBE_EVERY_MS - clock.elapsed())
  }

  function noteAnswer(host: string): void {
    if (failing.get(host)?.probedAt !== undefined) backSince.set(host, clock.elapsed())
    failing.delete(host)
  }

  function noteFailure(
    host: string,
    { accountId, requestId }: { accountId: string; requestId: string },
  ): boolean {
    const now = clock.elapsed()
    const state = failing.get(host) ?? beginFailing(now)
    failing.set(host, state)
    if (state.probedAt !== undefined) return false
    state.failures += 1
    state.requests.add(requestId)
    state.accounts.add(accountId)
    const accountsAgree =
      state.accounts.size >= parts.accountsToOpen || state.failures >= parts.failuresToOpen
    if (accountsAgree && isConvincing(state, now)) state.probedAt = now
    // Where others have failed too since the host last answered, or so much that it may well be down, nothing says that it is the account.
    return !accountsAgree && state.accounts.size === 1
  }

  return {
    waitMs,
    isAnyOpen: () => [...failing.values()].some(({ probedAt }) => probedAt !== undefined),
    isOpen: (host) => failing.get(host)?.probedAt !== undefined,
    admit(host) {
      const state = failing.get(host)
      if (waitMs(host) > 0) return undefined
      const sentAt = clock.elapsed()
      if (state?.probedAt !== undefined) state.probedAt = sentAt
      else if (state !== undefined) state.admitted += 1
      return {
        noteAnswer: () => noteAnswer(host),
        noteFailure(of) {
          // It was sent while the host was down, and says nothing about the time since.
          if (sentAt < (backSince.get(host) ?? 0)) return false
          return noteFailure(host, of)
        },
      }
    },
  }
}

function beginFailing(now: number): HostState {
  return { since: now, failures: 0, admitted: 1, accounts: new Set(), requests: new Set() }
}

function isConvincing({ since, failures, admitted, requests }: HostState, now: number): boolean {
  return requests.size >= LEAST_REQUESTS && now - since >= LEAST_MS && failures >= LEAST_SHARE * admitted
}
