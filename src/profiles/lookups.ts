/** Searches for the accounts' profiles: one at a time for each account, and none again while its answer is fresh. */
import type { Account } from '../accounts/account.ts'
import { detachable } from '../background/detachable.ts'
import type { Clock } from '../clock.ts'
import { toGatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { Access, Upstream } from '../upstreams/upstream.ts'
import { conclude, type Conclusion } from './conclusion.ts'
import { routeOf } from './route-of.ts'

export interface Lookups {
  /** What is known of a search a little while ago, else what a new one comes to. Throws `client-gone` alone. */
  find(inquiry: Inquiry): Promise<Conclusion>
  /** The same, by a new search. */
  search(inquiry: Inquiry): Promise<Conclusion>
  /** Gives up all searches; resolves when they have ended. */
  close(): Promise<void>
}

export interface Inquiry {
  account: Account
  access: Access
  /** Ends the wait, not the search, which others may share. */
  signal: AbortSignal
}

interface LookupsParts {
  upstream: Pick<Upstream, 'listProfiles' | 'usualProfile'>
  clock: Clock
  /** Told of what `find` has found out, once. */
  onFound: (account: Account, conclusion: Conclusion) => Promise<void>
}

/** What a search said, for whom. `until` is of the clock that is never set. */
interface Finding {
  of: string
  conclusion: Conclusion
  until: number
}

const SETTLED_MS = 600_000
const DOUBTFUL_MS = 60_000

export function createLookups({ upstream, clock, onFound }: LookupsParts): Lookups {
  const findings = new Map<string, Finding>()
  const flights = new Map<string, Promise<Conclusion>>()
  const closing = new AbortController()

  async function ask({ account, access }: Inquiry): Promise<Conclusion> {
    try {
      const search = await upstream.listProfiles(access, closing.signal)
      return conclude(search, account.channel, upstream)
    } catch (error) {
      return { kind: 'unknown', why: { kind: 'failed', error: toGatewayError(error) } }
    }
  }

  async function askAndKeep(inquiry: Inquiry): Promise<Conclusion> {
    const conclusion = await ask(inquiry)
    for (const [id, { until }] of findings) if (until <= clock.elapsed()) findings.delete(id)
    const until = clock.elapsed() + lifeOf(conclusion)
    findings.set(inquiry.account.id, { of: askerOf(inquiry), conclusion, until })
    return conclusion
  }

  /** All who ask at the same time share the answer. */
  function fly(inquiry: Inquiry, onLanding?: (conclusion: Conclusion) => Promise<void>): Promise<Conclusion> {
    const key = `${inquiry.account.id} ${askerOf(inquiry)}`
    const known = flights.get(key)
    if (known !== undefined) return known
    const flight = askAndKeep(inquiry)
      .then(async (conclusion) => {
        if (!closing.signal.aborted) await onLanding?.(conclusion)
        return conclusion
      })
      .finally(() => flights.delete(key))
    flights.set(key, flight)
    return flight
  }

  return {
    async find(inquiry) {
      const { account, signal } = inquiry
      const known = findings.get(account.id)
      const isFresh = known?.of === askerOf(inquiry) && clock.elapsed() < known.until
      if (isFresh) return known.conclusion
      return detachable(() => fly(inquiry, (conclusion) => onFound(account, conclusion)), signal)
    },
    search: (inquiry) => detachable(() => fly(inquiry), inquiry.signal),
    async close() {
      closing.abort()
      await Promise.all(flights.values())
    },
  }
}

/** Another token may well get another answer, and whoever has changed the account wants to see what comes of it. */
function askerOf({ account, access }: Inquiry): string {
  return JSON.stringify([routeOf(account), account.updatedAt, access.accessToken])
}

function lifeOf({ kind }: Conclusion): number {
  switch (kind) {
    case 'one':
    case 'none':
      return SETTLED_MS
    case 'many':
    case 'unknown':
      return DOUBTFUL_MS
    default:
      return unreachable(kind)
  }
}
