/** Keeps this process's accounts as they are in the database, which other processes change too. */
import { repeatEvery, type Repetition } from '../background/repeat-every.ts'
import type { Clock } from '../clock.ts'
import type { AccountStore } from './account-store.ts'
import type { FreshCredentials } from './tokens/fresh-credentials.ts'
import type { Pool } from './pool/pool.ts'

const EVERY_MS = 1000

interface FollowChangesParts {
  store: Pick<AccountStore, 'readRevision' | 'changedSince'>
  pool: Pick<Pool, 'catchUp'>
  freshCredentials: Pick<FreshCredentials, 'forget' | 'forgetBefore'>
  /** The revision of which the pool was filled, or an older one. */
  since: number
  clock: Clock
  /** Told when the database cannot be read, once until it can be again. */
  report: (error: unknown) => void
}

export function followChanges(parts: FollowChangesParts): Pick<Repetition, 'close'> {
  const { store, pool, freshCredentials, clock, report } = parts
  let seen = parts.since

  async function look(): Promise<void> {
    const revision = await store.readRevision()
    if (revision === seen) return
    const caughtUp = await pool.catchUp(() => store.changedSince(seen))
    for (const id of caughtUp.removed) freshCredentials.forget(id)
    for (const { id, tokenVersion } of caughtUp.changed) freshCredentials.forgetBefore(id, tokenVersion)
    if (caughtUp.isWhole) seen = revision
  }

  return repeatEvery(EVERY_MS, look, { clock, report })
}
