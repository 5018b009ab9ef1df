import type { Server, ServerResponse } from 'node:http'
import type { Clock } from '../clock.ts'

export interface OpenAnswers {
  /** Resolves when no answer is being written, at once when none is, and after `limitMs` in any case. */
  allFinished(clock: Clock, limitMs: number): Promise<void>
}

/** Knows which answers are still on their way, so that a server that stops can let them finish and no longer wait. */
export function trackOpenAnswers(server: Server): OpenAnswers {
  const open = new Set<ServerResponse>()
  let announce: (() => void) | undefined

  server.on('request', (_, response) => {
    open.add(response)
    response.once('close', () => {
      open.delete(response)
      if (open.size === 0) announce?.()
    })
  })

  return {
    async allFinished(clock, limitMs) {
      if (open.size === 0) return
      await new Promise<void>((resolve) => {
        const cancelLimit = clock.after(limitMs, resolve)
        announce = () => {
          cancelLimit()
          resolve()
        }
      })
    },
  }
}
