/** What has to be done about data keys while the gateway runs: learn of new ones, make one in time, seal values anew. */
import type { Leases } from '../background/leases.ts'
import { repeatEvery } from '../background/repeat-every.ts'
import type { Clock } from '../clock.ts'
import type { DataKeys } from './data-keys.ts'

interface UpkeepParts {
  keys: DataKeys
  /** Undefined: it was stopped before its end. */
  resealAll: (
    mayGoOn: () => Promise<boolean>,
  ) => Promise<{ resealed: number; unreadable: number } | undefined>
  leases: Leases
  processId: string
  clock: Pick<Clock, 'after'>
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
  let isClosed = false
  let resealedFor = ''
  const repetition = repeatEvery(EVERY_MS, look, { clock, report })

  async function look(): Promise<void> {
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
    look: () => repetition.runNow(),
    async close() {
      isClosed = true
      await repetition.close()
      await keys.countUses().catch(report)
    },
  }
}
