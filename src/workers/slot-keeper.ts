/** Counts, in the primary process, how much each worker uses of accounts that may do only so much at once. */

export interface SlotKeeper {
  /** Whether there was one left of `limit`. A worker that was refused stands in line from then on, until it is offered one. */
  take(worker: number, accountId: string, limit: number): boolean
  release(worker: number, accountId: string): void
  /** The worker has died: all that it had is free, and it stands in no line. */
  releaseAll(worker: number): void
}

/** What is known of an account, as long as somebody uses it or waits for it. */
interface Desk {
  /** How many each worker has. */
  taken: Map<number, number>
  /** Workers that were refused, with the limit they know of; who has waited longest comes first. */
  line: Map<number, number>
}

/**
 * `offer`: that worker's turn has come, and it has one slot more; without a use for it, it releases it. Workers take
 * turns: one that releases and asks again stands behind those that waited meanwhile.
 */
export function createSlotKeeper(offer: (worker: number, accountId: string) => void): SlotKeeper {
  const desks = new Map<string, Desk>()

  function deskOf(accountId: string): Desk {
    const desk = desks.get(accountId) ?? { taken: new Map(), line: new Map() }
    desks.set(accountId, desk)
    return desk
  }

  /** Whoever is next in line gets what is free. */
  function serve(accountId: string, desk: Desk): void {
    for (const [worker, limit] of desk.line) {
      if (inUse(desk) >= limit) continue
      desk.line.delete(worker)
      add(desk, worker, 1)
      offer(worker, accountId)
    }
    if (desk.taken.size === 0 && desk.line.size === 0) desks.delete(accountId)
  }

  return {
    take(worker, accountId, limit) {
      const desk = deskOf(accountId)
      if (inUse(desk) < limit) {
        add(desk, worker, 1)
        return true
      }
      desk.line.set(worker, limit)
      return false
    },
    release(worker, accountId) {
      const desk = deskOf(accountId)
      add(desk, worker, -1)
      serve(accountId, desk)
    },
    releaseAll(worker) {
      for (const [accountId, desk] of desks) {
        desk.line.delete(worker)
        desk.taken.delete(worker)
        serve(accountId, desk)
      }
    },
  }
}

function inUse({ taken }: Desk): number {
  return [...taken.values()].reduce((sum, slots) => sum + slots, 0)
}

function add({ taken }: Desk, worker: number, change: number): void {
  const slots = (taken.get(worker) ?? 0) + change
  if (slots > 0) taken.set(worker, slots)
  else taken.delete(worker)
}
