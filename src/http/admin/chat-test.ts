import type { FastifyInstance } from 'fastify'
import { openaiChat } from '../../dialects/openai-chat/index.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { answer, demandRoom, type ChatRouteParts } from '../chat-routes.ts'
import { forOperator } from '../guards.ts'
import { chatTestQuery } from './contract.ts'

/** A chat in the form of Chat Completions through one account, whatever its status, or through any. */
export function registerChatTest(routes: FastifyInstance, parts: ChatRouteParts): void {
  const options = {
    config: { ...forOperator, dialect: openaiChat },
    onRequest: demandRoom(parts.admission),
  }
  routes.post('/v2/chat/test', options, (request, reply) => {
    const { account_id: accountId } = parseBody(chatTestQuery, request.query)
    const only = accountId === undefined || accountId === '' ? {} : { accountId }
    const relay: ChatRouteParts['relay'] = {
      plan: (conversation, wishes) => parts.relay.plan(conversation, { ...wishes, ...only }),
    }
    return answer({ ...parts, relay }, openaiChat, request, reply)
  })
}
