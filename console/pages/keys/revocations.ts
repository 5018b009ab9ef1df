/** Keys that are about to be revoked: for some seconds that can be taken back, for the gateway never gives one back. */
import { signal, type ReadonlySignal } from '@preact/signals'

export interface Revocations {
  /** Ids of the keys whose time is running. */
  pending: ReadonlySignal<ReadonlySet<string>>
  begin(id: string): void
  /** Nothing when it was too late. */
  takeBack(id: string): void
  /** Does now what is still to be done: the page is being left. */
  finish(): void
}

export interface RevocationsParts {
  /** Must not reject. */
  revoke: (id: string) => void
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

  function fulfil(id: string): void {
    if (settle(id)) revoke(id)
  }

  return {
    pending,
    begin(id) {
      if (cancels.has(id)) return
      cancels.set(
        id,
        after(WAIT_MS, () => fulfil(id)),
      )
      pending.value = new Set(cancels.keys())
    },
    takeBack(id) {
      settle(id)
    },
    finish() {
      for (const id of cancels.keys()) fulfil(id)
    },
  }
}
