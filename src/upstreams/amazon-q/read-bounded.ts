import type { Clock } from '../../clock.ts'
import type { AnswerBody } from '../upstream.ts'

interface Bounds {
  maxBytes: number
  maxMs: number
  clock: Clock
}

/**
 * The text of a body, up to the bounds; what came until then when it breaks off. Small bodies are read to their end, so that their
 * connection can serve again; others are destroyed.
 */
export function readBounded(body: AnswerBody, { maxBytes, maxMs, clock }: Bounds): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let byteCount = 0
    const cancel = clock.after(maxMs, finish)

    /** Half an error text still tells more than that its end is missing. */
    function finish(): void {
      cancel()
      body.destroy()
      resolve(Buffer.concat(chunks).subarray(0, maxBytes).toString())
    }

    body.read({
      take(pieces) {
        for (const piece of pieces) {
          chunks.push(piece)
          byteCount += piece.byteLength
        }
        if (byteCount > maxBytes) finish()
      },
      end: finish,
      fail: finish,
    })
  })
}
