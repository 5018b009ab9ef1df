/** What an operator does about access itself: signs in and out, sets the password, makes tokens and takes them back. */
import { GatewayError } from '../../conversation/failures.ts'
import type { Actor, EventRecorder } from '../../events/event.ts'
import type { Operator } from '../caller.ts'
import type { OperatorPassword, PasswordSource } from '../operator-password.ts'
import { findWeakness } from '../weak-passwords.ts'
import type { AdminToken, AdminTokens, NewAdminToken } from './admin-tokens.ts'
import type { OperatorSessions } from './operator-sessions.ts'

/** Who does it, and from where. */
export interface Hand {
  operator: Operator
  /** What the throttle counts. */
  address: string
  /** Of the session that the request carries, if any. */
  sessionId?: string | undefined
}

export interface OperatorDesk {
  passwordSource(): Promise<PasswordSource | undefined>
  /** Until when the session lasts at most. */
  sessionExpiry(id: string): Promise<number | undefined>
  /** Answers a session's id. Throws `unauthenticated`, or `throttled` after too many wrong passwords. */
  signIn(password: string, from: Omit<Hand, 'operator'>): Promise<{ id: string; expiresAt: number }>
  signOut(hand: Hand): Promise<void>
  /** Throws `unauthenticated` unless it is the password in effect, or `throttled` after too many wrong ones. */
  confirm(password: string, address: string): Promise<void>
  /** Answers which password counts now. Sessions of another one are over. */
  setPassword(wishes: PasswordWishes, hand: Hand): Promise<PasswordSource>
  createToken(wishes: NewAdminToken, hand: Hand): Promise<{ token: AdminToken; secret: string }>
  listTokens(): Promise<AdminToken[]>
  removeToken(id: string, hand: Hand): Promise<void>
}

export interface PasswordWishes {
  password: string
  /** Has to be the one in effect, if there is one. */
  currentPassword?: string | undefined
}

interface OperatorDeskParts {
  password: OperatorPassword
  sessions: OperatorSessions
  tokens: AdminTokens
  events: EventRecorder
  /** A password takes the place of local mode, so what ended that is settled. */
  settleLocalMode: () => Promise<void>
}

export function createOperatorDesk(parts: OperatorDeskParts): OperatorDesk {
  const { password, sessions, tokens, events } = parts

  /** Throws unless it is the password in effect. Failures count for the throttle. */
  async function demand(secret: string, address: string): Promise<void> {
    if (await password.verify(secret, address)) return
    const actor: Actor = { kind: 'client', address }
    await events.record({ kind: 'operator-refused', actor, reason: 'A wrong password was sent.' })
    throw new GatewayError('unauthenticated', 'The password is wrong.', { code: 'wrong_password' })
  }

  return {
    passwordSource: () => password.source(),

    async sessionExpiry(id) {
      const print = await password.print()
      return print === undefined ? undefined : (await sessions.find(id, print))?.expiresAt
    },

    async signIn(secret, { address, sessionId }) {
      if ((await password.source()) === undefined) throw noPassword()
      await demand(secret, address)
      const print = await password.print()
      if (print === undefined) throw noPassword()
      const started = await sessions.start(print)
      if (sessionId !== undefined) await sessions.end(sessionId)
      const actor: Actor = { kind: 'operator', via: 'session', address }
      await events.record({ kind: 'operator-signed-in', actor })
      return started
    },

    async signOut(hand) {
      if (hand.sessionId === undefined || !(await sessions.end(hand.sessionId))) return
      await events.record({ kind: 'operator-signed-out', actor: actorOf(hand) })
    },

    confirm: (secret, address) => demand(secret, address),

    async setPassword({ password: wished, currentPassword }, hand) {
      refuseTokens(hand)
      const weakness = findWeakness(wished.trim())
      if (weakness !== undefined) {
        throw new GatewayError(
          'invalid-request',
          `password: ${weakness}; choose one of at least 12 characters`,
          {
            field: 'password',
            code: 'weak_password',
          },
        )
      }
      const before = await password.source()
      if (before !== undefined) await demand(demandCurrent(currentPassword), hand.address)
      // None was set, and somebody else has just set one: then this caller does not know it.
      if (!(await password.store(wished, { isFirst: before === undefined }))) throw lostRace()
      if (before !== 'environment') {
        await sessions.endAll()
        await parts.settleLocalMode()
      }
      await events.record({ kind: 'password-set', actor: actorOf(hand) })
      return before ?? 'stored'
    },

    async createToken(wishes, hand) {
      refuseTokens(hand)
      const made = await tokens.create(wishes)
      const { id, name, scope, expiresAt } = made.token
      await events.record({
        kind: 'admin-token-created',
        actor: actorOf(hand),
        subject: { kind: 'admin-token', id, name },
        after: { scope, expires_at: new Date(expiresAt).toISOString() },
      })
      return made
    },

    listTokens: () => tokens.list(),

    async removeToken(id, hand) {
      refuseTokens(hand)
      const removed = await tokens.remove(id)
      if (removed === undefined) throw new GatewayError('not-found', 'There is no token of this id.')
      await events.record({
        kind: 'admin-token-removed',
        actor: actorOf(hand),
        subject: { kind: 'admin-token', id, name: removed.name },
      })
    },
  }
}

function actorOf({ operator, address }: Hand): Actor {
  const { via, name } = operator
  return { kind: 'operator', via, address, ...(name !== undefined && { name }) }
}

/** A token that was found or stolen must not make others that outlive it, nor lock its owner out. */
function refuseTokens({ operator }: Hand): void {
  if (operator.via !== 'token') return
  throw new GatewayError('forbidden', 'A token changes neither tokens nor the password: use the password.', {
    code: 'token_not_enough',
  })
}

function demandCurrent(currentPassword: string | undefined): string {
  if (currentPassword !== undefined) return currentPassword
  throw new GatewayError('invalid-request', 'current_password: Field required, as a password is set', {
    field: 'current_password',
    code: 'missing_required_parameter',
  })
}

function noPassword(): GatewayError {
  return new GatewayError(
    'invalid-request',
    'No password is set, so there is nothing to sign in with: set one by POST /v2/password, or ADMIN_PASSWORD.',
    { code: 'no_password' },
  )
}

function lostRace(): GatewayError {
  return new GatewayError('invalid-request', 'Somebody else has set a password at the same moment.', {
    code: 'password_changed_meanwhile',
  })
}
