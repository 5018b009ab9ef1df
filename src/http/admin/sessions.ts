import type { FastifyInstance } from 'fastify'
import type { Sessions } from '../../accounts/sessions.ts'
import { forOperator } from '../guards.ts'

export interface SessionRouteParts {
  sessions: Pick<Sessions, 'view'>
}

/** Which account each conversation is served by, latest first. No word of what is talked about is kept. */
export function registerSessions(routes: FastifyInstance, { sessions }: SessionRouteParts): void {
  routes.get('/v2/sessions', { config: forOperator }, async () => {
    const list = sessions.view()
    return { sessions: list, count: list.length }
  })
}
