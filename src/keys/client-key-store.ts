import type { Happening } from '../events/event.ts'
import type { ClientKey } from './client-key.ts'

export interface KeyChange {
  after: ClientKey
  /** Undefined: nothing that anybody would want to know. */
  happening: Happening | undefined
}

/** Where the keys are kept. What happens to one is recorded with it: both are there, or neither. */
export interface ClientKeyStore {
  /** Counts the changes of all processes; uses are none. */
  readRevision(): Promise<number>
  /** All of them, the oldest first. */
  list(): Promise<ClientKey[]>
  find(id: string): Promise<ClientKey | undefined>
  insert(key: ClientKey, happening: Happening): Promise<void>
  /**
   * Stores what `change` makes of the key; no other process changes it meanwhile, and nothing is stored when it throws.
   * Secrets may be added and may end, but never go. Undefined: there is no such key.
   */
  update(
    id: string,
    change: (key: ClientKey) => KeyChange,
  ): Promise<{ before: ClientKey; after: ClientKey } | undefined>
  /** Keeps the latest use of each key. */
  noteUses(uses: ReadonlyMap<string, Date>): Promise<void>
}
