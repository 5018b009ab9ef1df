/** What an operator does about access itself: signs in and out, sets the password, makes tokens and takes them back. */
import { GatewayError } from '../../conversation/failures.ts'
import type { Actor, EventRecorder } from '../../events/event.ts'
import type { Operator } from '../caller.ts'
import type { OperatorPassword, PasswordSource } from '../operator-password.ts'
import { findWeakness } from '../weak-passwords.ts'
import type { AdminToken, AdminTokens, NewAdminToken } from './admin-tokens.ts'
import { handleOf, type ListedSession, type OperatorSessions } from './operator-sessions.ts'

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
  /** Of the password in effect, the one that was used last first; `isOwn`: of this hand. */
  listSessions(hand: Hand): Promise<(ListedSession & { isOwn: boolean })[]>
  /** Throws `not-found`. */
  endSession(handle: string, hand: Hand): Promise<void>
  /** Throws like `signIn` unless it is the password in effect. */
  demandPassword(password: string, address: string): Promise<void>
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

  /** Failures count for the throttle. */
  async function demandPassword(secret: string, address: string): Promise<void> {
    if (await password.verify(secret, address)) return
    const actor: Actor = { kind: 'client', address }
    await events.record({ kind: 'operator-refused', actor, reason: 'A wrong password was sent.' })
    throw new GatewayError('unauthenticated', 'The password is wrong.', { code: 'wrong_password' })
  }

  return {
    passwordSource: () => password.source(),
    demandPassword,

    async sessionExpiry(id) {
      const print = await password.print()
      return print === undefined ? undefined : (await sessions.find(id, print))?.expiresAt
    },

    async signIn(secret, { address, sessionId }) {
      if ((await password.source()) === undefined) throw noPassword()
      await demandPassword(secret, address)
      const print = await password.print()
      if (print === undefined) throw noPassword()
      const actor: Actor = { kind: 'operator', via: 'session', address }
      const started = await sessions.start(print, { kind: 'operator-signed-in', actor })
      if (sessionId !== undefined) await sessions.end(sessionId)
      return started
    },

    async signOut(hand) {
      if (hand.sessionId === undefined) return
      await sessions.end(hand.sessionId, { kind: 'operator-signed-out', actor: actorOf(hand) })
    },

    async listSessions({ operator, sessionId }) {
      const print = await password.print()
      if (print === undefined) return []
      const own = operator.via === 'session' && sessionId !== undefined ? handleOf(sessionId) : undefined
      const list = await sessions.list(print)
      return list.map((session) => ({ ...session, isOwn: session.handle === own }))
    },

    async endSession(handle, hand) {
      refuseTokens(hand)
      const print = await password.print()
      const happening = {
        kind: 'operator-signed-out',
        actor: actorOf(hand),
        reason: 'The session was ended from the list of sessions.',
      } as const
      if (print !== undefined && (await sessions.endOther(handle, print, happening))) return
      throw new GatewayError('not-found', 'There is no session of this id, or none any more.')
    },

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
      const knownPrint = await password.print()
      if (knownPrint !== undefined) await demandPassword(demandCurrent(currentPassword), hand.address)
      // Somebody else has just set another one: then this caller does not know it.
      const happening = { kind: 'password-set', actor: actorOf(hand) } as const
      if (!(await password.store(wished, { knownPrint, happening }))) throw lostRace()
      const inEffect = (await password.source()) ?? 'stored'
      if (inEffect === 'stored') {
        await sessions.endAll()
        await parts.settleLocalMode()
      }
      return inEffect
    },

    async createToken(wishes, hand) {
      refuseTokens(hand)
      return tokens.create(wishes, actorOf(hand))
    },

    listTokens: () => tokens.list(),

    async removeToken(id, hand) {
      refuseTokens(hand)
      if (await tokens.remove(id, actorOf(hand))) return
      throw new GatewayError('not-found', 'There is no token of this id.')
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
  throw new GatewayError(
    'forbidden',
    'A token changes neither tokens nor sessions nor the password: use the password.',
    {
      code: 'token_not_enough',
    },
  )
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
