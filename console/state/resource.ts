/** Something that pages ask the gateway for and show as long as they like. */
import { signal, type ReadonlySignal } from '@preact/signals'

export interface Reading<T> {
  /** The last that came; stays when a later request fails. */
  value: T | undefined
  error: unknown
  isLoading: boolean
  /** When `value` came, in milliseconds since the epoch. */
  readAt: number | undefined
}

export interface Resource<T> {
  state: ReadonlySignal<Reading<T>>
  /** Asks again; of several requests on their way the last one counts. Never rejects. */
  load(): Promise<void>
  /** Shows what is known to be so before the gateway says it. What is being read is then read once more. */
  set(value: T): void
}

export interface Shown<T> {
  /** What is shown now. */
  known: () => T | undefined
  /** Shows a part before all of it has come. */
  grow: (change: (shown: T | undefined) => T) => void
}

export type Read<T> = (signal: AbortSignal, shown: Shown<T>) => Promise<T>

/** What is set again and again is followed by news of it. */
const MOST_TURNS = 3

export function createResource<T>(read: Read<T>): Resource<T> {
  const state = signal<Reading<T>>({
    value: undefined,
    error: undefined,
    isLoading: false,
    readAt: undefined,
  })
  let latest: AbortController | undefined
  let sets = 0

  return {
    state,
    async load() {
      latest?.abort()
      const own = new AbortController()
      latest = own
      state.value = { ...state.value, isLoading: true }
      for (let turn = 1; own === latest; turn += 1) {
        const setsBefore = sets
        try {
          const value = await read(own.signal, {
            known: () => state.peek().value,
            grow(change) {
              if (own !== latest) return
              state.value = {
                ...state.value,
                value: change(state.value.value),
                error: undefined,
                readAt: Date.now(),
              }
            },
          })
          if (own !== latest) return
          // What was shown meanwhile may be newer than what was read.
          const isOutdated = sets !== setsBefore
          if (isOutdated && turn < MOST_TURNS) continue
          state.value = isOutdated
            ? { ...state.value, isLoading: false }
            : { value, error: undefined, isLoading: false, readAt: Date.now() }
        } catch (error) {
          if (own === latest) state.value = { ...state.value, error, isLoading: false }
        }
        if (own === latest) latest = undefined
      }
    },
    set(value) {
      sets += 1
      state.value = { value, error: undefined, isLoading: latest !== undefined, readAt: Date.now() }
    },
  }
}
