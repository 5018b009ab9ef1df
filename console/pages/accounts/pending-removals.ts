/** Accounts that are about to be deleted: hidden at once, and deleted for good when nobody has taken it back in time. */
import { signal, type ReadonlySignal } from '@preact/signals'

export const REMOVAL_DELAY_MS = 10_000

export interface PendingRemovals {
  /** Ids of those that shall not be shown. */
  hidden: ReadonlySignal<ReadonlySet<string>>
  /** Answers how to take it back; that does nothing once they are being deleted. */
  plan(ids: readonly string[]): () => void
  /** Nobody can take it back any more, as the page is about to go. Resolves when all was sent and answered. */
  removeNow: () => Promise<void>
}

interface Batch {
  ids: readonly string[]
  timer: ReturnType<typeof setTimeout>
}

/** `remove` never rejects: it tells of failures itself. `isLeaving`: the page is about to go. */
export function createPendingRemovals(
  remove: (ids: readonly string[], how: { isLeaving: boolean }) => Promise<void>,
): PendingRemovals {
  const hidden = signal<ReadonlySet<string>>(new Set())
  const batches = new Set<Batch>()

  function unhide(ids: readonly string[]): void {
    const left = new Set(hidden.peek())
    for (const id of ids) left.delete(id)
    hidden.value = left
  }
  async function send(batch: Batch, how: { isLeaving: boolean }): Promise<void> {
    clearTimeout(batch.timer)
    if (!batches.delete(batch)) return
    await remove(batch.ids, how)
    unhide(batch.ids)
  }

  return {
    hidden,
    plan(ids) {
      const batch: Batch = {
        ids,
        timer: setTimeout(() => void send(batch, { isLeaving: false }), REMOVAL_DELAY_MS),
      }
      batches.add(batch)
      hidden.value = new Set([...hidden.peek(), ...ids])
      return () => {
        clearTimeout(batch.timer)
        if (batches.delete(batch)) unhide(ids)
      }
    },
    async removeNow() {
      await Promise.all([...batches].map((batch) => send(batch, { isLeaving: true })))
    },
  }
}
