/** A database that several processes share, for tests. */
import type { Happening } from '../events/event.ts'
import type { SettingsStore } from './settings-store.ts'

export function createSampleStore(first: Readonly<Record<string, string>> = {}) {
  const happenings: Happening[] = []
  const state = { revision: 0, values: new Map(Object.entries(first)), isDown: false, reads: 0 }
  const guard = () => {
    if (state.isDown) throw new Error('database is down')
  }
  const store: SettingsStore = {
    async readRevision() {
      guard()
      return state.revision
    },
    async read() {
      guard()
      state.reads += 1
      return { revision: state.revision, values: new Map(state.values) }
    },
    async change(revision, { values, tell }) {
      guard()
      if (revision !== state.revision) return false
      happenings.push(...tell(state.values))
      for (const [name, value] of values) {
        if (value === null) state.values.delete(name)
        else state.values.set(name, value)
      }
      state.revision += 1
      return true
    },
  }
  /** As another process would. */
  function set(name: string, value: string): void {
    state.values.set(name, value)
    state.revision += 1
  }
  return { store, state, happenings, set }
}
