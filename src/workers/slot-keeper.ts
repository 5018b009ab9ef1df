/** Counts, in the primary process, how much each worker uses of accounts that may do only so much at once. */

export interface SlotKeeper {
  /** Whether there was one left of `limit`. A worker that was refused is told of the next release. */
  take(worker: number, accountId: string, limit: number): boolean
  release(worker: number, accountId: string): void
  /** The worker has died: all that it had is free. */
  releaseAll(worker: number): void
}

/** `tellReleased`: that worker was refused the account before. */
export function createSlotKeeper(tellReleased: (worker: number, accountId: string) => void): SlotKeeper {
  /** By account, then by worker. */
  const taken = new Map<string, Map<number, number>>()
  const refused = new Map<string, Set<number>>()

  function setTaken(worker: number, accountId: string, slots: number): void {
    const byWorker = taken.get(accountId) ?? new Map<number, number>()
    if (slots > 0) byWorker.set(worker, slots)
    else byWorker.delete(worker)
    if (byWorker.size > 0) taken.set(accountId, byWorker)
    else taken.delete(accountId)
  }

  function tellAll(accountId: string): void {
    const workers = refused.get(accountId) ?? []
    refused.delete(accountId)
    for (const worker of workers) tellReleased(worker, accountId)
  }

  const takenBy = (worker: number, accountId: string) => taken.get(accountId)?.get(worker) ?? 0

  return {
    take(worker, accountId, limit) {
      const inUse = [...(taken.get(accountId)?.values() ?? [])].reduce((sum, slots) => sum + slots, 0)
      if (inUse < limit) {
        setTaken(worker, accountId, takenBy(worker, accountId) + 1)
        return true
      }
      refused.set(accountId, (refused.get(accountId) ?? new Set()).add(worker))
      return false
    },
    release(worker, accountId) {
      setTaken(worker, accountId, takenBy(worker, accountId) - 1)
      tellAll(accountId)
    },
    releaseAll(worker) {
      for (const workers of refused.values()) workers.delete(worker)
      for (const [accountId, byWorker] of taken) {
        if (!byWorker.has(worker)) continue
        setTaken(worker, accountId, 0)
        tellAll(accountId)
      }
    },
  }
}
