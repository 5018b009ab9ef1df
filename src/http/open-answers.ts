import type { Server, ServerResponse } from 'node:http'

export interface OpenAnswers {
  /** Resolves when no answer is being written, at once when none is. */
  allFinished(): Promise<void>
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
    async allFinished() {
      if (open.size === 0) return
      await new Promise<void>((resolve) => {
        announce = resolve
      })
    },
  }
}
