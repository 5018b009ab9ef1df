import type { Clock } from '../clock.ts'
import type { ImagePart } from '../conversation/conversation.ts'

const MAX_BYTES = 64_000_000
/** What an entry takes beside its texts. */
const ENTRY_BYTES = 500
const KEPT_FOR_MS = 10 * 60_000

/** `image` is undefined when it could not be had. */
interface Known {
  image: ImagePart | undefined
}

export interface ImageCache {
  /** Undefined when nothing is known of the address. */
  find(clientKey: string, url: string): Known | undefined
  keep(clientKey: string, url: string, image: ImagePart | undefined): void
}

/**
 * What was fetched for each client in the last ten minutes: clients send a conversation whole with every request. Never
 * for another client, who would learn from it what others have asked for. The oldest goes first when there is too much.
 */
export function createImageCache(clock: Clock): ImageCache {
  /** The one kept last comes last, and expires last. */
  const entries = new Map<string, Known & { bytes: number; until: number }>()
  let bytesInAll = 0

  function forget(key: string): void {
    bytesInAll -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }
  function forgetOld(): void {
    for (const [key, { until }] of entries) {
      if (until > clock.elapsed() && bytesInAll <= MAX_BYTES) return
      forget(key)
    }
  }
  return {
    find(clientKey, url) {
      forgetOld()
      return entries.get(keyOf(clientKey, url))
    },
    keep(clientKey, url, image) {
      const key = keyOf(clientKey, url)
      forget(key)
      const bytes = ENTRY_BYTES + key.length + (image?.base64.length ?? 0)
      entries.set(key, { image, bytes, until: clock.elapsed() + KEPT_FOR_MS })
      bytesInAll += bytes
      forgetOld()
    },
  }
}

/** Addresses have no blanks. */
function keyOf(clientKey: string, url: string): string {
  return `${clientKey} ${url}`
}
