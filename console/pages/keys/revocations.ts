/** Keys that are about to be revoked: for some seconds that can be taken back, for the gateway never gives one back. */
import { signal, type ReadonlySignal } from '@preact/signals'

export interface Revocations {
  /** Ids of the keys whose time is running. */
  pending: ReadonlySignal<ReadonlySet<string>>
  begin(id: string): void
  /** Nothing when it was too late. */
  takeBack(id: string): void
  /** Does now what is still to be done: the page is being left. Resolves when it is done. */
  finish: () => Promise<void>
}

export interface RevocationsParts {
  /** Must not reject. */
  revoke: (id: string) => Promise<void>
  /** Answers how to call it off. */
  after: (milliseconds: number, action: () => void) => () => void
}

const WAIT_MS = 10_000

export function createRevocations({ revoke, after }: RevocationsParts): Revocations {
  const pending = signal<ReadonlySet<string>>(new Set())
  const cancels = new Map<string, () => void>()

  /** Whether it was still waiting. */
  function settle(id: string): boolean {
    cancels.get(id)?.()
    if (!cancels.delete(id)) return false
    pending.value = new Set(cancels.keys())
    return true
  }

  async function fulfil(id: string): Promise<void> {
    if (settle(id)) await revoke(id)
  }

  return {
    pending,
    begin(id) {
      if (cancels.has(id)) return
      cancels.set(
        id,
        after(WAIT_MS, () => void fulfil(id)),
      )
      pending.value = new Set(cancels.keys())
    },
    takeBack(id) {
      settle(id)
    },
    async finish() {
      await Promise.all(Array.from(cancels.keys(), fulfil))
    },
  }
}
