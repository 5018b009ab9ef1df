import type { ClientKey } from './client-key.ts'

/** Where the keys are kept. */
export interface ClientKeyStore {
  /** Counts the changes of all processes; uses are none. */
  readRevision(): Promise<number>
  /** All of them, the oldest first. */
  list(): Promise<ClientKey[]>
  find(id: string): Promise<ClientKey | undefined>
  insert(key: ClientKey): Promise<void>
  /**
   * Stores what `change` makes of the key; no other process changes it meanwhile, and nothing is stored when it throws.
   * Secrets may be added and may end, but never go. Undefined: there is no such key.
   */
  update(
    id: string,
    change: (key: ClientKey) => ClientKey,
  ): Promise<{ before: ClientKey; after: ClientKey } | undefined>
  /** Keeps the latest use of each key. */
  noteUses(uses: ReadonlyMap<string, Date>): Promise<void>
}
