/** Remembers when keys were last used, and stores it in batches: once a minute at most. */
import type { Cancel, Clock } from '../clock.ts'
import type { ClientKeyStore } from './client-key-store.ts'

const WRITE_AFTER_MS = 60_000

export interface KeyUses {
  /** `at`: milliseconds since the epoch. */
  note(id: string, at: number): void
  /** What is noted and not stored yet. */
  lastOf(id: string): Date | undefined
  /** Stores what was noted. */
  close(): Promise<void>
}

interface KeyUsesParts {
  store: Pick<ClientKeyStore, 'noteUses'>
  clock: Pick<Clock, 'after'>
  /** Told of uses that could not be stored; they are kept and tried again. */
  report: (error: unknown) => void
}

export function createKeyUses({ store, clock, report }: KeyUsesParts): KeyUses {
  let pending = new Map<string, number>()
  let writing: ReadonlyMap<string, number> = new Map()
  let done: Promise<void> = Promise.resolve()
  let cancel: Cancel | undefined
  let isClosed = false

  function note(id: string, at: number): void {
    pending.set(id, at)
    if (!isClosed) cancel ??= clock.after(WRITE_AFTER_MS, () => void flush())
  }

  function flush(): Promise<void> {
    cancel?.()
    cancel = undefined
    done = done.then(write)
    return done
  }

  async function write(): Promise<void> {
    if (pending.size === 0) return
    writing = pending
    pending = new Map()
    try {
      await store.noteUses(new Map(Array.from(writing, ([id, at]) => [id, new Date(at)])))
    } catch (error) {
      for (const [id, at] of writing) if (!pending.has(id)) note(id, at)
      report(error)
    } finally {
      writing = new Map()
    }
  }

  return {
    note,
    lastOf(id) {
      const at = pending.get(id) ?? writing.get(id)
      return at === undefined ? undefined : new Date(at)
    },
    close() {
      isClosed = true
      return flush()
    },
  }
}
