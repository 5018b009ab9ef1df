/** What scripts of the operator's carry instead of the password: named, for reading or for everything, and not for ever. */
import { createHmac } from 'node:crypto'
import type { Clock } from '../../clock.ts'
import type { Actor, Happening } from '../../events/event.ts'

const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** Of several requests in so short a time the first one is noted. */
const NOTED_EVERY_MS = MINUTE_MS
const DEFAULT_LIFE_DAYS = 365
const PREFIX = 'qt_'
const TOKEN_BYTES = 32
const TOKEN_FORM = /^qt_[\w-]{43}$/

export const tokenScopes = ['read', 'full'] as const
export type TokenScope = (typeof tokenScopes)[number]

/** Instants in milliseconds since the epoch. */
export interface AdminToken {
  id: string
  name: string
  scope: TokenScope
  createdAt: number
  expiresAt: number
  lastUsedAt?: number
}

/** What happens to a token is recorded with it: both are there, or neither. */
export interface AdminTokenStore {
  insert(token: AdminToken, digest: string, happening: Happening): Promise<void>
  findByDigest(digest: string): Promise<AdminToken | undefined>
  /** Latest first. */
  list(): Promise<AdminToken[]>
  touch(id: string, lastUsedAt: number): Promise<void>
  /** Whether there was one. */
  remove(id: string, happeningTo: (name: string) => Happening): Promise<boolean>
}

export interface NewAdminToken {
  name: string
  scope: TokenScope
  /** Undefined: a year. */
  expiresInDays?: number | undefined
}

export interface AdminTokens {
  /** Answers the secret too, which is told this once and stored nowhere. */
  create(wishes: NewAdminToken, actor: Actor): Promise<{ token: AdminToken; secret: string }>
  /** Undefined: it is not known, or its time is over. */
  find(secret: string): Promise<AdminToken | undefined>
  /** Latest first, those whose time is over too. */
  list(): Promise<AdminToken[]>
  /** Whether there was one. */
  remove(id: string, actor: Actor): Promise<boolean>
}

interface AdminTokensParts {
  store: AdminTokenStore
  clock: Clock
  randomBytes: (size: number) => Buffer
  createId: () => string
  digestKey: Buffer
  /** Told that a use could not be noted; the token is as good as before. */
  report: (error: unknown) => void
}

export function createAdminTokens(parts: AdminTokensParts): AdminTokens {
  const { store, clock, randomBytes, createId } = parts
  const digestOf = (secret: string) => createHmac('sha256', parts.digestKey).update(secret).digest('hex')

  return {
    async create({ name, scope, expiresInDays = DEFAULT_LIFE_DAYS }, actor) {
      const createdAt = clock.now()
      const secret = PREFIX + randomBytes(TOKEN_BYTES).toString('base64url')
      const token = { id: createId(), name, scope, createdAt, expiresAt: createdAt + expiresInDays * DAY_MS }
      await store.insert(token, digestOf(secret), {
        kind: 'admin-token-created',
        actor,
        subject: subjectOf(token),
        after: { scope, expires_at: new Date(token.expiresAt).toISOString() },
      })
      return { token, secret }
    },

    async find(secret) {
      if (!TOKEN_FORM.test(secret)) return undefined
      const token = await store.findByDigest(digestOf(secret))
      const now = clock.now()
      if (token === undefined || now >= token.expiresAt) return undefined
      if (token.lastUsedAt === undefined || now >= token.lastUsedAt + NOTED_EVERY_MS) {
        await store.touch(token.id, now).catch(parts.report)
      }
      return token
    },

    list: () => store.list(),
    remove: (id, actor) =>
      store.remove(id, (name) => ({ kind: 'admin-token-removed', actor, subject: subjectOf({ id, name }) })),
  }
}

function subjectOf({ id, name }: Pick<AdminToken, 'id' | 'name'>) {
  return { kind: 'admin-token', id, name } as const
}

/** Whether it is meant for one: then it is no password. */
export function isMeantAsToken(secret: string): boolean {
  return secret.startsWith(PREFIX)
}
