/**
 * Who is signed in as the operator: by an id that only the browser has, for at most a week, until twelve hours have passed
 * without a request of a person, until the operator signs out, or until the password is another one.
 */
import { createHmac, hash, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Happening } from '../../events/event.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const LONGEST_IDLE_MS = 12 * HOUR_MS
export const LONGEST_LIFE_MS = 7 * 24 * HOUR_MS
/** Of several requests in so short a time the first one is noted. */
const NOTED_EVERY_MS = MINUTE_MS
const ID_BYTES = 32
const HANDLE_DIGITS = 16
const ID_FORM = /^[\w-]{43}$/

/** Instants in milliseconds since the epoch. */
export interface SessionRecord {
  /** SHA-256 of the id, in hexadecimal digits. */
  digest: string
  createdAt: number
  lastSeenAt: number
  /** What only the gateway can make of the digest, the time and the password: nobody invents a session in the database. */
  proof: string
}

/** What happens is recorded with it, or neither is done. */
export interface SessionStore {
  insert(session: SessionRecord, happening: Happening): Promise<void>
  /** Undefined also for a record that is not whole. */
  find(digest: string): Promise<SessionRecord | undefined>
  /** Those that are whole. */
  list(): Promise<SessionRecord[]>
  touch(digest: string, lastSeenAt: number): Promise<void>
  /** Whether there was one. */
  remove(digest: string, happening?: Happening): Promise<boolean>
  prune(limits: { createdBefore: number; seenBefore: number }): Promise<void>
  clear(): Promise<void>
}

/** What people may be told of a session: nothing that helps to take it over. */
export interface ListedSession {
  handle: string
  createdAt: number
  lastSeenAt: number
  expiresAt: number
}

export interface OperatorSessions {
  /** `print` tells the password from others. Answers the id, which is stored nowhere. */
  start(print: string, happening: Happening): Promise<{ id: string; expiresAt: number }>
  /**
   * Until when it may last; undefined: there is no such session, or none any more. `isUnattended`: asked for by a page that
   * nobody uses, which is no reason for the session to go on.
   */
  find(
    id: string,
    print: string,
    asked?: { isUnattended: boolean },
  ): Promise<{ expiresAt: number } | undefined>
  /** Those of this password that have not ended, the one that was used last first. */
  list(print: string): Promise<ListedSession[]>
  /** By its handle, whether there was one; only then something happens. */
  endOther(handle: string, print: string, happening: Happening): Promise<boolean>
  /** Whether there was one; only then something happens. */
  end(id: string, happening?: Happening): Promise<boolean>
  /** Those of an old password let nobody in; this takes them away as well. */
  endAll(): Promise<void>
}

interface OperatorSessionsParts {
  store: SessionStore
  clock: Clock
  randomBytes: (size: number) => Buffer
  proofKey: Buffer
  /** Told that a use could not be noted; the session goes on, for as long as if it had not been used. */
  report: (error: unknown) => void
}

export function createOperatorSessions(parts: OperatorSessionsParts): OperatorSessions {
  const { store, clock, randomBytes, proofKey } = parts

  function prove({ digest, createdAt }: Pick<SessionRecord, 'digest' | 'createdAt'>, print: string): string {
    return createHmac('sha256', proofKey)
      .update(JSON.stringify([digest, createdAt, print]))
      .digest('hex')
  }

  async function listAlive(print: string): Promise<SessionRecord[]> {
    const now = clock.now()
    const alive = (await store.list()).filter(
      (session) => isAlive(session, now) && isSame(session.proof, prove(session, print)),
    )
    return alive.toSorted((a, b) => b.lastSeenAt - a.lastSeenAt)
  }

  return {
    async start(print, happening) {
      const now = clock.now()
      await store.prune({ createdBefore: now - LONGEST_LIFE_MS, seenBefore: now - LONGEST_IDLE_MS })
      const id = randomBytes(ID_BYTES).toString('base64url')
      const session = { digest: digestOf(id), createdAt: now, lastSeenAt: now }
      await store.insert({ ...session, proof: prove(session, print) }, happening)
      return { id, expiresAt: now + LONGEST_LIFE_MS }
    },

    async find(id, print, { isUnattended } = { isUnattended: false }) {
      if (!ID_FORM.test(id)) return undefined
      const session = await store.find(digestOf(id))
      const now = clock.now()
      if (session === undefined || !isAlive(session, now)) return undefined
      if (!isSame(session.proof, prove(session, print))) return undefined
      if (!isUnattended && now >= session.lastSeenAt + NOTED_EVERY_MS) {
        await store.touch(session.digest, now).catch(parts.report)
      }
      return { expiresAt: session.createdAt + LONGEST_LIFE_MS }
    },

    list: async (print) => (await listAlive(print)).map(toListed),

    async endOther(handle, print, happening) {
      const session = (await listAlive(print)).find((each) => toListed(each).handle === handle)
      return session !== undefined && store.remove(session.digest, happening)
    },

    end: (id, happening) => store.remove(digestOf(id), happening),
    endAll: () => store.clear(),
  }
}

function toListed({ digest, createdAt, lastSeenAt }: SessionRecord): ListedSession {
  const expiresAt = Math.min(createdAt + LONGEST_LIFE_MS, lastSeenAt + LONGEST_IDLE_MS)
  return { handle: digest.slice(0, HANDLE_DIGITS), createdAt, lastSeenAt, expiresAt }
}

/** By which a session is told apart in a list. */
export function handleOf(id: string): string {
  return digestOf(id).slice(0, HANDLE_DIGITS)
}

function isAlive({ createdAt, lastSeenAt }: SessionRecord, now: number): boolean {
  // A record from the future was not made here, or the clock was set back: signing in again settles both.
  const isOfThePast = createdAt <= now + MINUTE_MS && lastSeenAt <= now + MINUTE_MS && createdAt <= lastSeenAt
  return isOfThePast && now < createdAt + LONGEST_LIFE_MS && now < lastSeenAt + LONGEST_IDLE_MS
}

function digestOf(id: string): string {
  return hash('sha256', id)
}

function isSame(given: string, expected: string): boolean {
  return timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', expected, 'buffer'))
}
