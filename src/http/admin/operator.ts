/** Who is signed in as the operator, and by what: sessions, the password, and tokens for scripts. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Operator } from '../../access/caller.ts'
import type { AdminToken } from '../../access/operators/admin-tokens.ts'
import type { Hand, OperatorDesk } from '../../access/operators/operator-desk.ts'
import { readSessionId, writeSessionCookie } from '../../access/operators/session-cookie.ts'
import { throttleSubject } from '../../access/throttle-subject.ts'
import type { JsonObject } from '../../conversation/conversation.ts'
import { parseBody } from '../../dialects/request-body.ts'
import { answering } from './answering.ts'
import { removalAnswer } from './answers.ts'
import {
  createTokenBody,
  newTokenView,
  operatorSessionList,
  operatorSessionPath,
  passwordView,
  sessionView,
  setPasswordBody,
  signInBody,
  signOutView,
  tokenList,
  tokenPath,
} from './operator-contract.ts'
import { takeNoBody } from './take-no-body.ts'

export interface OperatorRouteParts {
  desk: OperatorDesk
}

export function registerOperatorRoutes(routes: FastifyInstance, parts: OperatorRouteParts): void {
  registerSession(routes, parts)
  registerOtherSessions(routes, parts)
  registerPassword(routes, parts)
  registerTokens(routes, parts)
}

function sendCookie(request: FastifyRequest, reply: FastifyReply, id: string | undefined): void {
  reply.header('set-cookie', writeSessionCookie(id, request.peer.isSecure))
}

function registerSession(routes: FastifyInstance, { desk }: OperatorRouteParts): void {
  routes.get('/v2/session', answering(sessionView), async (request) => {
    const { operator, sessionId } = handOf(request)
    const isBySession = operator.via === 'session' && sessionId !== undefined
    const expiresAt = isBySession ? await desk.sessionExpiry(sessionId) : undefined
    return {
      via: operator.via,
      name: operator.name ?? null,
      expires_at: expiresAt === undefined ? null : toText(expiresAt),
      password: (await desk.passwordSource()) ?? null,
    }
  })
  routes.post(
    '/v2/session',
    { ...answering(sessionView.partial()), config: { access: 'door' } },
    async (request, reply) => {
      const { password } = parseBody(signInBody, request.body)
      const { id, expiresAt } = await desk.signIn(password, comingOf(request))
      sendCookie(request, reply, id)
      return { via: 'session', name: null, expires_at: toText(expiresAt) }
    },
  )
  routes.delete(
    '/v2/session',
    { ...answering(signOutView), onRequest: takeNoBody },
    async (request, reply) => {
      await desk.signOut(handOf(request))
      sendCookie(request, reply, undefined)
      return { signed_out: true }
    },
  )
}

function registerOtherSessions(routes: FastifyInstance, { desk }: OperatorRouteParts): void {
  routes.get('/v2/operator-sessions', answering(operatorSessionList), async (request) => {
    const list = await desk.listSessions(handOf(request))
    const sessions = list.map(({ handle, createdAt, lastSeenAt, expiresAt, isOwn }) => ({
      id: handle,
      created_at: toText(createdAt),
      last_seen_at: toText(lastSeenAt),
      expires_at: toText(expiresAt),
      own: isOwn,
    }))
    return { sessions, count: sessions.length }
  })
  routes.delete(
    '/v2/operator-sessions/:id',
    { ...answering(removalAnswer), onRequest: takeNoBody },
    async (request) => {
      const { id } = operatorSessionPath.parse(request.params)
      await desk.endSession(id, handOf(request))
      return { deleted: id }
    },
  )
}

function registerPassword(routes: FastifyInstance, { desk }: OperatorRouteParts): void {
  routes.post('/v2/password', answering(passwordView), async (request) => {
    const { password, current_password: currentPassword } = parseBody(setPasswordBody, request.body)
    const inEffect = await desk.setPassword({ password, currentPassword }, handOf(request))
    return inEffect === 'stored'
      ? { in_effect: true, message: 'The password is set; whoever was signed in has to sign in again.' }
      : {
          in_effect: false,
          message:
            'The password is stored, but that of the environment goes before it: unset it, and start again.',
        }
  })
}

function registerTokens(routes: FastifyInstance, { desk }: OperatorRouteParts): void {
  routes.get('/v2/tokens', answering(tokenList), async () => {
    const list = await desk.listTokens()
    return { tokens: list.map(writeToken), count: list.length }
  })
  routes.post('/v2/tokens', answering(newTokenView), async (request) => {
    const { name, scope, expires_in_days: expiresInDays } = parseBody(createTokenBody, request.body)
    const { token, secret } = await desk.createToken({ name, scope, expiresInDays }, handOf(request))
    return { ...writeToken(token), token: secret }
  })
  routes.delete('/v2/tokens/:id', { ...answering(removalAnswer), onRequest: takeNoBody }, async (request) => {
    const { id } = tokenPath.parse(request.params)
    await desk.removeToken(id, handOf(request))
    return { deleted: id }
  })
}

function writeToken(token: AdminToken): JsonObject {
  return {
    id: token.id,
    name: token.name,
    scope: token.scope,
    created_at: toText(token.createdAt),
    expires_at: toText(token.expiresAt),
    last_used_at: token.lastUsedAt === undefined ? null : toText(token.lastUsedAt),
  }
}

function handOf(request: FastifyRequest): Hand {
  return { operator: operatorOf(request), ...comingOf(request) }
}

function comingOf(request: FastifyRequest): Omit<Hand, 'operator'> {
  return {
    address: throttleSubject(request.peer.address),
    sessionId: readSessionId(request.headers, request.peer.isSecure),
  }
}

function operatorOf({ caller }: FastifyRequest): Operator {
  if (caller?.kind === 'operator') return caller
  throw new TypeError('A route of the operator was reached by somebody else.')
}

function toText(instant: number): string {
  return new Date(instant).toISOString()
}
