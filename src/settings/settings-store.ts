import type { Happening } from '../events/event.ts'

/** What was set in the console: texts as the environment would have them, by the names of the variables. */
export interface StoredSettings {
  /** Counts the changes. */
  revision: number
  values: ReadonlyMap<string, string>
}

export interface SettingsChange {
  /** Null: it is set no longer. */
  values: ReadonlyMap<string, string | null>
  /** What is to be recorded, in the same transaction. */
  tell: (before: ReadonlyMap<string, string>) => readonly Happening[]
}

export interface SettingsStore {
  readRevision(): Promise<number>
  read(): Promise<StoredSettings>
  /** All or nothing. False: somebody has changed something since that revision. */
  change(revision: number, change: SettingsChange): Promise<boolean>
}
