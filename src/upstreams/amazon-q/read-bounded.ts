import type { Readable } from 'node:stream'
import type { Clock } from '../../clock.ts'

interface Bounds {
  maxBytes: number
  maxMs: number
  clock: Clock
}

/**
 * The text of a body, up to the bounds; what came until then when it breaks off. Small bodies are read to their end, so that their
 * connection can serve again; others are destroyed.
 */
export async function readBounded(body: Readable, { maxBytes, maxMs, clock }: Bounds): Promise<string> {
  const chunks: Buffer[] = []
  let byteCount = 0
  const cancel = clock.after(maxMs, () => body.destroy())
  try {
    for await (const chunk of body) {
      if (!(chunk instanceof Uint8Array)) break
      chunks.push(Buffer.from(chunk))
      byteCount += chunk.byteLength
      if (byteCount > maxBytes) break
    }
  } catch {
    // Half an error text still tells more than that its end is missing.
  } finally {
    cancel()
    body.destroy()
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString()
}
