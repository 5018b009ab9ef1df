/** How the operator gets in where a password is set: by the password itself, a session, or a token. */
import { GatewayError } from '../../conversation/failures.ts'
import type { Actor, EventRecorder } from '../../events/event.ts'
import type { Clock } from '../../clock.ts'
import type { AccessRequest } from '../access-request.ts'
import type { Operator } from '../caller.ts'
import type { OperatorPassword } from '../operator-password.ts'
import { isFromOwnPage } from '../origin-of-request.ts'
import { bearerOf } from '../request-headers.ts'
import { throttleSubject } from '../throttle-subject.ts'
import { isMeantAsToken, type AdminTokens } from './admin-tokens.ts'
import type { OperatorSessions } from './operator-sessions.ts'
import { readSessionId } from './session-cookie.ts'

/** A page of another origin cannot send it without asking first, which is refused. */
const OWN_PAGE_HEADER = 'x-aqueduct-csrf'
/** A page says so that asks by itself, while nobody uses it. */
const UNATTENDED_HEADER = 'x-aqueduct-unattended'
/** Pages stay open there, and browsers send nothing of ours with it. */
const FEED_PATH = '/v2/feed'
const READING = ['GET', 'HEAD']
/** Whoever sends unknown tokens in numbers shall not fill the store of events. */
const REFUSALS_NOTED_EVERY_MS = 60_000

export interface Operators {
  /** Who the operator is, by what the request carries. Throws `unauthenticated`, `forbidden` or `throttled`. */
  identify(request: AccessRequest): Promise<Operator>
}

interface OperatorsParts {
  password: OperatorPassword
  sessions: OperatorSessions
  tokens: AdminTokens
  /** ADMIN_BEARER_PASSWORD: whether the password is taken from requests themselves. */
  bearerPasswordAllowed: boolean
  events: EventRecorder
  clock: Clock
}

export function createOperators(parts: OperatorsParts): Operators {
  const { password, sessions, tokens, bearerPasswordAllowed, events, clock } = parts
  let refusalNotedAt: number | undefined

  async function byToken(secret: string, request: AccessRequest): Promise<Operator> {
    const token = await tokens.find(secret)
    if (token === undefined) {
      await noteRefusedToken(request)
      throw new GatewayError(
        'unauthenticated',
        'This token is not known, or its time is over: create another one.',
      )
    }
    if (token.scope === 'read' && !READING.includes(request.method)) {
      throw new GatewayError('forbidden', `The token "${token.name}" is for reading alone.`, {
        code: 'read_only_token',
      })
    }
    const reader = token.scope === 'read' ? ({ isReader: true } as const) : {}
    return { kind: 'operator', via: 'token', name: token.name, ...reader }
  }

  async function noteRefusedToken(request: AccessRequest): Promise<void> {
    const now = clock.now()
    if (refusalNotedAt !== undefined && now < refusalNotedAt + REFUSALS_NOTED_EVERY_MS) return
    refusalNotedAt = now
    await noteRefusal(request, 'An unknown token was sent.')
  }

  function noteRefusal({ connection, method, path }: AccessRequest, reason: string): Promise<void> {
    const actor: Actor = { kind: 'client', address: throttleSubject(connection.remoteAddress) }
    return events.record({ kind: 'operator-refused', actor, reason, after: { method, path } })
  }

  async function byPassword(secret: string, request: AccessRequest): Promise<Operator> {
    if (!bearerPasswordAllowed) {
      throw new GatewayError(
        'unauthenticated',
        'ADMIN_BEARER_PASSWORD is off: send a token, or sign in by POST /v2/session.',
      )
    }
    if (await password.verify(secret, throttleSubject(request.connection.remoteAddress))) {
      return { kind: 'operator', via: 'password' }
    }
    await noteRefusal(request, 'A wrong password was sent.')
    throw new GatewayError(
      'unauthenticated',
      'The password is wrong: send `Authorization: Bearer` with the operator password.',
    )
  }

  /** Neither counted nor slowed down: whoever is signed in is never locked out by what others guess. */
  async function bySession(id: string, request: AccessRequest): Promise<Operator> {
    const print = await password.print()
    const session =
      print === undefined
        ? undefined
        : await sessions.find(id, print, { isUnattended: isUnattended(request) })
    if (session === undefined) {
      throw new GatewayError('unauthenticated', 'You are not signed in any more: sign in again.', {
        code: 'session_ended',
      })
    }
    if (!READING.includes(request.method)) refuseForgery(request)
    return { kind: 'operator', via: 'session' }
  }

  return {
    async identify(request) {
      const secret = bearerOf(request.headers)
      if (secret !== undefined) {
        return isMeantAsToken(secret) ? byToken(secret, request) : byPassword(secret, request)
      }
      const id = readSessionId(request.headers, request.isSecure)
      if (id !== undefined) return bySession(id, request)
      throw new GatewayError(
        'unauthenticated',
        'Send `Authorization: Bearer` with the operator password or a token, or sign in by POST /v2/session.',
      )
    },
  }
}

function isUnattended({ method, path, headers }: AccessRequest): boolean {
  return path === FEED_PATH || (READING.includes(method) && headers[UNATTENDED_HEADER] === '1')
}

/** Browsers add the cookie by themselves, so a change needs a word that no other page can make them send. */
function refuseForgery(request: AccessRequest): void {
  if (request.headers[OWN_PAGE_HEADER] === '1' && isFromOwnPage(request)) return
  throw new GatewayError(
    'forbidden',
    `With a session, changes need the header ${OWN_PAGE_HEADER}: 1 and have to come from a page of this gateway.`,
    { code: 'csrf' },
  )
}
