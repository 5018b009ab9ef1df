/**
 * Keeps what a refresh brought: in the database, or in a file until the database takes it again, or else in memory, and
 * then nobody may use it. The refresh token before it may be dead already, so nothing else can bring the account back.
 */
import type { Cancel, Clock } from '../../clock.ts'
import { GatewayError } from '../../conversation/failures.ts'
import type { AccountStore, RefreshedTokens } from '../account-store.ts'

export interface Refreshed {
  tokens: RefreshedTokens
  at: Date
}

/** Tokens that belong into the row of that version, and are not in it yet. */
export interface SpilledTokens extends Refreshed {
  id: string
  version: number
}

/** Files for tokens that the database does not take. */
export interface TokenSpill {
  /** Resolves when they would survive a power cut. */
  write(spilled: SpilledTokens): Promise<void>
  /** Of whichever process: the last that were written for that version. */
  find(id: string, version: number): Promise<SpilledTokens | undefined>
  /** All that can be read; the rest is set aside. */
  list(): Promise<SpilledTokens[]>
  /** Those of the account up to that version. */
  remove(id: string, upToVersion: number): Promise<void>
  /** Takes them out of use, but leaves them to the operator. */
  setAside(spilled: SpilledTokens, why: string): Promise<void>
}

export interface TokenKeeper {
  /** What came for that version and is not stored yet. */
  find(id: string, version: number): Promise<Refreshed | undefined>
  /**
   * `stored` and `spilled` tokens may be used; `overtaken` ones may not, for the row has others now.
   * Throws `refresh-unavailable` when they are kept in memory alone.
   */
  keep(id: string, version: number, refreshed: Refreshed): Promise<'stored' | 'spilled' | 'overtaken'>
  /** Stores what is left of earlier runs. Never throws: what cannot be stored now is tried again. */
  replay(): Promise<void>
  /** The account was removed or changed: what the row has no use for is dropped. */
  forget(id: string): void
  /** Tries no more; resolves when nothing is under way. */
  close(): Promise<void>
}

interface TokenKeeperParts {
  store: Pick<AccountStore, 'readCredentials' | 'saveTokens'>
  spill: TokenSpill
  clock: Clock
  /** Told of what could not be stored, once an account, and of spill files that do not work. */
  report: (error: unknown) => void
}

interface Unsaved extends SpilledTokens {
  isSpilled: boolean
}

const RETRY_MS = 5000

export function createTokenKeeper({ store, spill, clock, report }: TokenKeeperParts): TokenKeeper {
  const unsaved = new Map<string, Unsaved>()
  let closed = false
  let cancelRetry: Cancel | undefined
  let work: Promise<void> = Promise.resolve()

  async function keep(spilled: SpilledTokens): Promise<'stored' | 'spilled' | 'overtaken'> {
    const { id, version, tokens, at } = spilled
    try {
      const isStored = await store.saveTokens(id, version, { tokens, at })
      await settle(spilled)
      return isStored ? 'stored' : 'overtaken'
    } catch (error) {
      return putOff(spilled, error)
    }
  }

  /** They are in the row, or the row has gone on without them. */
  async function settle({ id, version }: SpilledTokens): Promise<void> {
    if (unsaved.get(id)?.version === version) unsaved.delete(id)
    // A file that stays is older than the row from now on: nobody will use it.
    await spill.remove(id, version).catch(report)
  }

  async function putOff(spilled: SpilledTokens, cause: unknown): Promise<'spilled'> {
    const { id, version } = spilled
    const known = unsaved.get(id)
    const kept = known?.version === version ? known : { ...spilled, isSpilled: false }
    if (kept !== known) report(cause)
    unsaved.set(id, kept)
    scheduleRetry()
    if (!kept.isSpilled) {
      await spill.write(spilled).catch((error: unknown) => {
        throw notStored(error)
      })
      kept.isSpilled = true
    }
    return 'spilled'
  }

  function scheduleRetry(): void {
    if (closed) return
    cancelRetry ??= clock.after(RETRY_MS, () => {
      cancelRetry = undefined
      work = retry()
    })
  }

  async function retry(): Promise<void> {
    for (const each of unsaved.values()) {
      // One that is not even in a file tries that again too.
      if (!closed && unsaved.get(each.id) === each) await keep(each).catch(() => {})
    }
    if (unsaved.size > 0) scheduleRetry()
  }

  async function replayOne(spilled: SpilledTokens): Promise<void> {
    const { id, version } = spilled
    const stored = await store.readCredentials(id)
    if (stored === undefined) return spill.setAside(spilled, 'its account is not in this database')
    if (stored.version < version) return spill.setAside(spilled, 'it is newer than what is in this database')
    if (stored.version > version) return spill.remove(id, version)
    unsaved.set(id, { ...spilled, isSpilled: true })
    await keep(spilled)
  }

  async function dropUseless(id: string, earlier: Promise<void>): Promise<void> {
    try {
      await earlier
      const stored = await store.readCredentials(id)
      const version = stored?.version ?? Number.POSITIVE_INFINITY
      const known = unsaved.get(id)
      if (known !== undefined && known.version < version) unsaved.delete(id)
      await spill.remove(id, version - 1)
    } catch (error) {
      report(error)
    }
  }

  return {
    async find(id, version) {
      const known = unsaved.get(id)
      if (known?.version === version) return known
      const spilled = await spill.find(id, version).catch((error: unknown) => {
        // What may be there is worth more than a refresh that could find its token used up.
        throw notStored(error)
      })
      if (spilled !== undefined) unsaved.set(id, { ...spilled, isSpilled: true })
      return spilled
    },

    keep: (id, version, { tokens, at }) => keep({ id, version, tokens, at }),

    async replay() {
      const all = await spill.list().catch((error: unknown) => {
        report(error)
        return []
      })
      for (const spilled of all) await replayOne(spilled).catch(report)
    },

    forget(id) {
      work = dropUseless(id, work)
    },

    async close() {
      closed = true
      cancelRetry?.()
      await work
      // A last try: what is in memory alone would end with the process.
      for (const each of unsaved.values()) await keep(each).catch(report)
    },
  }
}

function notStored(cause: unknown): GatewayError {
  return new GatewayError(
    'refresh-unavailable',
    'A refreshed access token could not be stored, and is not used before it is: look at the disk.',
    { cause },
  )
}
