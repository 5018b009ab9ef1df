/** The search of the model service itself, by the account that answers; accounts of some channels have one. */
import { hasTagOf, type Account } from '../accounts/account.ts'
import type { Pool } from '../accounts/pool/pool.ts'
import type { FreshCredentials } from '../accounts/tokens/fresh-credentials.ts'
import type { Clock } from '../clock.ts'
import type { Profiles } from '../profiles/profiles.ts'
import type { FoundPage, Upstream } from '../upstreams/upstream.ts'
import type { Asking, SearchSource } from './web-search.ts'

interface UpstreamSourceParts {
  upstream: Pick<Upstream, 'searchesWeb' | 'searchWeb'>
  pool: Pick<Pool, 'lease' | 'enabled'>
  freshCredentials: Pick<FreshCredentials, 'get'>
  profiles: Pick<Profiles, 'accessTo'>
  clock: Clock
}

/** An account that could not search is not asked again for so long: some have no right to, and each try takes its time. */
const REST_MS = 60_000
const MOST_RESTING = 10_000

export function createUpstreamSource(parts: UpstreamSourceParts): SearchSource {
  const { upstream, pool, clock } = parts
  /** By account, until when; the oldest first. */
  const resting = new Map<string, number>()

  function canSearch({ id, channel }: Account): boolean {
    return upstream.searchesWeb(channel) && (resting.get(id) ?? 0) <= clock.elapsed()
  }

  function rest(accountId: string): void {
    resting.delete(accountId)
    resting.set(accountId, clock.elapsed() + REST_MS)
    const [oldest] = resting.keys()
    if (resting.size > MOST_RESTING && oldest !== undefined) resting.delete(oldest)
  }

  async function find(query: string, asking: Asking): Promise<readonly FoundPage[]> {
    const { accountId, signal } = asking
    try {
      return await searchBy(parts, query, asking)
    } catch (error) {
      if (!signal.aborted && accountId !== undefined) rest(accountId)
      throw error
    }
  }

  return {
    name: 'model service',
    isOffered: ({ accountId, tags }) =>
      pool
        .enabled()
        .some(
          (account) =>
            (accountId === undefined || account.id === accountId) &&
            hasTagOf(account, tags) &&
            canSearch(account),
        ),
    find(query, asking) {
      const account = pool.enabled().find(({ id }) => id === asking.accountId)
      return account === undefined || !canSearch(account) ? undefined : find(query, asking)
    },
  }
}

async function searchBy(
  { upstream, pool, freshCredentials, profiles }: UpstreamSourceParts,
  query: string,
  { accountId, signal }: Asking,
): Promise<readonly FoundPage[]> {
  const lease = await pool.lease({ accountId, signal })
  if (lease === undefined) throw new Error('the account is not to be had')
  try {
    const accessToken = await freshCredentials.get(lease.account, signal)
    return await upstream.searchWeb(
      await profiles.accessTo(lease.account, accessToken, { signal }),
      query,
      signal,
    )
  } finally {
    // Whether it can search says nothing about whether it can answer.
    lease.settle({ kind: 'abandoned' })
  }
}
