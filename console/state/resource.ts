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
  /** Shows what is known to be so before the gateway says it. */
  set(value: T): void
}

export function createResource<T>(read: (signal: AbortSignal) => Promise<T>): Resource<T> {
  const state = signal<Reading<T>>({
    value: undefined,
    error: undefined,
    isLoading: false,
    readAt: undefined,
  })
  let latest: AbortController | undefined

  return {
    state,
    async load() {
      latest?.abort()
      const own = new AbortController()
      latest = own
      state.value = { ...state.value, isLoading: true }
      try {
        const value = await read(own.signal)
        if (own === latest) state.value = { value, error: undefined, isLoading: false, readAt: Date.now() }
      } catch (error) {
        if (own === latest) state.value = { ...state.value, error, isLoading: false }
      }
    },
    set(value) {
      latest?.abort()
      latest = undefined
      state.value = { value, error: undefined, isLoading: false, readAt: Date.now() }
    },
  }
}
