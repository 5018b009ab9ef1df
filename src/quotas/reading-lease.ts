import type { Leases } from '../background/leases.ts'
import type { Clock } from '../clock.ts'

const NAME = 'quota-readings'
/** When its holder dies, another process reads on after so long. */
const DURATION_MS = 60_000
const PROLONG_AFTER_MS = 20_000

export interface ReadingLease {
  /** Whether this process is the one that reads, taking or prolonging the lease where that is due. */
  isMine(): Promise<boolean>
  release(): Promise<void>
}

export function createReadingLease(parts: { leases: Leases; processId: string; clock: Clock }): ReadingLease {
  const { leases, processId: owner, clock } = parts
  let takenAt: number | undefined
  return {
    async isMine() {
      const now = clock.elapsed()
      if (takenAt !== undefined && now - takenAt < PROLONG_AFTER_MS) return true
      const isTaken = await leases.take(NAME, { owner, durationMs: DURATION_MS })
      takenAt = isTaken ? now : undefined
      return isTaken
    },
    async release() {
      if (takenAt !== undefined) await leases.release(NAME, owner).catch(() => {})
    },
  }
}
