/** Local mode, which serves the operator without a password, ends for good with the first request that shows a proxy. */
import type { Clock } from '../clock.ts'
import type { AccessRequest } from './access-request.ts'
import { findProxySign } from './origin-of-request.ts'

/** The request that ended local mode. Nothing in it is a secret. */
export interface LocalModeEnd {
  at: string
  method: string
  path: string
  /** The header that gave the proxy away. */
  header: string
  /** The value of `Host`, when it was that. */
  value?: string
  peer: string
}

/** Where the end is kept; the first one stays. */
export interface LocalModeStore {
  read(): Promise<LocalModeEnd | undefined>
  insert(end: LocalModeEnd): Promise<void>
}

export interface LocalMode {
  /** Ends local mode when the request shows a proxy in front. */
  watch(request: AccessRequest): Promise<void>
  /** When local mode ended, as an instant in ISO 8601; undefined while it is possible. */
  endedAt(): Promise<string | undefined>
}

interface LocalModeParts {
  store: LocalModeStore
  clock: Clock
  /** Where one is set there is no local mode, and whoever ends it ends nothing. */
  isPasswordSet: () => Promise<boolean>
  /** Told once, loudly: from now on the operator needs a password. */
  announce: (end: LocalModeEnd) => Promise<void>
  report: (error: unknown) => void
}

export function createLocalMode(parts: LocalModeParts): LocalMode {
  const { store, clock, isPasswordSet, announce, report } = parts
  let endedHere: LocalModeEnd | undefined

  return {
    async watch(request) {
      if (endedHere !== undefined) return
      const sign = findProxySign(request)
      if (sign === undefined) return
      if (await isPasswordSet()) return
      const { method, path, connection } = request
      const at = new Date(clock.now()).toISOString()
      endedHere = { at, method, path, ...sign, peer: connection.remoteAddress ?? 'unknown' }
      try {
        if ((await store.read()) !== undefined) return
        await store.insert(endedHere)
        await announce(endedHere)
      } catch (error) {
        // It has ended all the same, for this process.
        report(error)
      }
    },

    async endedAt() {
      // Asked of the database each time: another process may have seen the proxy.
      return (endedHere ?? (await store.read()))?.at
    },
  }
}
