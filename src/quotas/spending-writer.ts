import type { Cancel, Clock } from '../clock.ts'
import type { Ledger } from './ledger.ts'
import type { QuotaStore } from './quota-store.ts'

const WRITE_AFTER_MS = 5000

interface SpendingWriterParts {
  ledger: Pick<Ledger, 'takeUnstored' | 'noteStored' | 'putBack'>
  store: Pick<QuotaStore, 'addSpending'>
  clock: Clock
  /** Told of what could not be written; it is tried again. */
  report: (error: unknown) => void
}

/** Stores what answers have cost, in batches, so that other processes know of it. */
export interface SpendingWriter {
  /** There is something to store. */
  writeSoon(): void
  /** Runs while nothing is being written: what it reads holds all of a batch or nothing. */
  betweenWrites<Read>(read: () => Promise<Read>): Promise<Read>
  /** A last write. */
  close(): Promise<void>
}

export function createSpendingWriter({ ledger, store, clock, report }: SpendingWriterParts): SpendingWriter {
  let writing: Promise<void> = Promise.resolve()
  let cancel: Cancel | undefined
  let isClosed = false

  function writeSoon(): void {
    if (!isClosed) cancel ??= clock.after(WRITE_AFTER_MS, () => void writeNow())
  }

  function writeNow(): Promise<void> {
    cancel?.()
    cancel = undefined
    writing = writing.then(write)
    return writing
  }

  async function write(): Promise<void> {
    const spending = ledger.takeUnstored()
    if (spending.length === 0) return
    try {
      await store.addSpending(spending)
      ledger.noteStored(spending)
    } catch (error) {
      ledger.putBack(spending)
      report(error)
      writeSoon()
    }
  }

  return {
    writeSoon,
    betweenWrites(read) {
      const turn = writing.then(read)
      writing = Promise.allSettled([turn]).then(() => undefined)
      return turn
    },
    close() {
      isClosed = true
      return writeNow()
    },
  }
}
