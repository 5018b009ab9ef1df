import type { FastifyInstance } from 'fastify'
import type { Sessions } from '../../accounts/pool/sessions.ts'
import { answering } from './answering.ts'
import { sessionListAnswer } from './answers.ts'

export interface SessionRouteParts {
  sessions: Pick<Sessions, 'view'>
}

/** Which account each conversation is served by, latest first. No word of what is talked about is kept. */
export function registerSessions(routes: FastifyInstance, { sessions }: SessionRouteParts): void {
  routes.get('/v2/sessions', answering(sessionListAnswer), async () => {
    const list = sessions.view().map((session) => ({
      ...session,
      since: session.since.toISOString(),
      lastRequestAt: session.lastRequestAt.toISOString(),
    }))
    return { sessions: list, count: list.length }
  })
}
