/** Lends accounts to requests, from memory, and keeps the score of how that went. */
import type { Clock } from '../clock.ts'
import { GatewayError, policyOf, type AccountEffect, type FailureKind } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { AccountStore } from './account-store.ts'
import { isUsable, type Account } from './account.ts'
import { createCounters } from './counters.ts'
import type { Strategy } from './strategies.ts'

/** How the work on a lent account ended. `abandoned`: the client left, which says nothing about the account. */
export type Outcome = { kind: 'success' } | { kind: 'failed'; failure: FailureKind } | { kind: 'abandoned' }

export interface Lease {
  readonly account: Account
  /** To be called once, however the attempt ends. The first call counts, later ones do nothing. */
  settle(outcome: Outcome): void
}

interface LeaseWishes {
  /** Ids of accounts that this request has tried. */
  exclude?: ReadonlySet<string>
}

export interface Pool {
  /**
   * Undefined when every usable account is excluded: the last failure then is the answer.
   * Throws `no-account` when none is enabled, `accounts-parked` when none that is enabled can serve.
   */
  lease(wishes?: LeaseWishes): Promise<Lease | undefined>
  add(account: Account): void
  remove(id: string): void
  usableCount(): number
  /** Resolves when the counters are stored. */
  flush(): Promise<void>
  close(): Promise<void>
}

interface PoolParts {
  store: Pick<AccountStore, 'list' | 'addCounters'>
  strategy: Strategy
  random: () => number
  clock: Clock
  /** Told of counters that could not be written; they are tried again. */
  report: (error: unknown) => void
}

export async function createPool({ store, strategy, random, clock, report }: PoolParts): Promise<Pool> {
  const accounts = new Map((await store.list()).map((account) => [account.id, account]))
  const counters = createCounters({ store, clock, report })
  const usable = () => [...accounts.values()].filter(isUsable)

  function lend(account: Account): Lease {
    let settled = false
    return {
      account,
      settle(outcome) {
        if (settled) return
        settled = true
        if (outcome.kind === 'success') counters.countSuccess(account.id)
        else if (outcome.kind === 'failed') {
          const strikes = strikesOf(policyOf(outcome.failure).effect)
          if (strikes > 0) counters.countStrikes(account.id, strikes)
        }
      },
    }
  }

  return {
    async lease({ exclude } = {}) {
      const candidates = usable()
      if (candidates.length === 0) throw nobodyToLend([...accounts.values()])
      const chosen = strategy(
        candidates.filter(({ id }) => exclude?.has(id) !== true),
        random,
      )
      return chosen && lend(chosen)
    },
    add: (account) => void accounts.set(account.id, account),
    remove: (id) => void accounts.delete(id),
    usableCount: () => usable().length,
    flush: () => counters.flush(),
    close: () => counters.close(),
  }
}

/** What an effect adds to the account's failures in a row: only what the account itself caused counts. */
function strikesOf(effect: AccountEffect): number {
  switch (effect) {
    case 'strike':
    case 'misconfigure':
    case 'need-sign-in':
      return 1
    case 'half-strike':
      return 0.5
    case 'none':
    case 'cool':
    case 'exhaust':
    case 'park':
    case 'pause-model':
    case 'drop-model':
      return 0
    default:
      return unreachable(effect)
  }
}

function nobodyToLend(accounts: readonly Account[]): GatewayError {
  if (accounts.some(({ enabled }) => enabled)) {
    return new GatewayError(
      'accounts-parked',
      'No enabled account can be used: each lacks its tokens, or what is stored of them is damaged. ' +
        'The operator must sign in again, or add an account with its refreshToken (POST /v2/accounts).',
    )
  }
  const lack = accounts.length === 0 ? 'There is no Amazon Q account yet' : 'No Amazon Q account is enabled'
  return new GatewayError(
    'no-account',
    `${lack}. Add one: POST /v2/accounts with clientId, clientSecret and refreshToken.`,
  )
}
