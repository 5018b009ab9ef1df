import type { FastifyReply } from 'fastify'

/** Aborts when the response closes before it was finished, streaming or not. */
export function watchForLeaving(reply: FastifyReply): AbortSignal {
  const gone = new AbortController()
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort()
  })
  if (reply.raw.destroyed) gone.abort()
  return gone.signal
}
