/** What has to be done about data keys while the gateway runs: learn of new ones, make one in time, seal values anew. */
import type { Clock } from '../clock.ts'
import type { DataKeys } from './data-keys.ts'

/** Work that one process at a time does. */
interface Lease {
  take(name: string, wish: { owner: string; durationMs: number }): Promise<boolean>
  release(name: string, owner: string): Promise<void>
}

interface UpkeepParts {
  keys: DataKeys
  /** Undefined: it was stopped before its end. */
  resealAll: (
    mayGoOn: () => Promise<boolean>,
  ) => Promise<{ resealed: number; unreadable: number } | undefined>
  leases: Lease
  processId: string
  clock: Clock
  report: (error: unknown) => void
  /** Told of values that were sealed anew. */
  tell: (facts: { resealed: number; unreadable: number }) => void
}

export interface SecretsUpkeep {
  /** Looks at once, not only when its time has come. */
  look(): Promise<void>
  close(): Promise<void>
}

const EVERY_MS = 5000
const LEASE = 'reseal'
/** A step is far shorter. */
const LEASE_MS = 30_000

export function startSecretsUpkeep(parts: UpkeepParts): SecretsUpkeep {
  const { keys, leases, processId: owner, clock, report, tell } = parts
  let isFailing = false
  let isClosed = false
  let resealedFor = ''
  let running = Promise.resolve()
  let cancel = schedule()

  function schedule() {
    return clock.after(EVERY_MS, () => void lookAndGoOn())
  }

  async function lookAndGoOn(): Promise<void> {
    await look()
    if (!isClosed) cancel = schedule()
  }

  /** One after the other. */
  function look(): Promise<void> {
    running = lookAfter(running)
    return running
  }

  async function lookAfter(earlier: Promise<void>): Promise<void> {
    await earlier
    try {
      await lookNow()
      isFailing = false
    } catch (error) {
      if (!isFailing) report(error)
      isFailing = true
    }
  }

  async function lookNow(): Promise<void> {
    await keys.countUses()
    await keys.reload()
    if (keys.isWornOut()) await keys.rotate()
    const { currentSeal } = keys.secrets
    if (resealedFor === currentSeal || isClosed) return
    if (!(await leases.take(LEASE, { owner, durationMs: LEASE_MS }))) return
    try {
      const done = await parts.resealAll(
        async () => !isClosed && leases.take(LEASE, { owner, durationMs: LEASE_MS }),
      )
      if (done === undefined) return
      if (keys.secrets.knowsOldRows) await keys.forgetOldRows()
      resealedFor = currentSeal
      if (done.resealed + done.unreadable > 0) tell(done)
    } finally {
      await leases.release(LEASE, owner)
    }
  }

  return {
    look,
    async close() {
      isClosed = true
      cancel()
      await running
      await keys.countUses().catch(report)
    },
  }
}
