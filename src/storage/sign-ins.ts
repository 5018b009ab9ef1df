import type { UpdateObject } from 'kysely'
import type { Secrets } from '../access/secrets.ts'
import type { Reservation, SignInStore, StartLimits } from '../sign-in/sign-in-store.ts'
import { readDatabaseTime } from './database-time.ts'
import type { Database } from './database.ts'
import { countRevision } from './revisions.ts'
import { sealColumn, toDevice, toGrant, toSignIn } from './sign-in-rows.ts'
import type { SignInsTable, Tables } from './tables.ts'

type State = SignInsTable['state']

/** Whoever began one that is neither open nor given up after so long is gone. */
const RESERVED_SECONDS = 60
const REVISION = 'sign-ins'
const noSecrets = { device: null, tokens: null }

/** Keeps sign-ins, everything about them sealed. `readTime`: the time that all processes share. */
export function createSignInStore(
  database: Database,
  secrets: Secrets,
  readTime: (database: Database) => Promise<Date> = readDatabaseTime,
): SignInStore {
  async function rowOf(id: string): Promise<SignInsTable | undefined> {
    const row = await database.selectFrom('sign_ins').selectAll().where('id', '=', id).executeTakeFirst()
    if (row !== undefined) await secrets.learn([row.request, row.device, row.tokens])
    return row
  }

  /** A change that whoever follows sign-ins wants to know of. False: it was in none of these states. */
  async function change(
    id: string,
    from: readonly State[],
    values: UpdateObject<Tables, 'sign_ins'>,
  ): Promise<boolean> {
    return database.transaction().execute(async (transaction) => {
      const { numUpdatedRows } = await transaction
        .updateTable('sign_ins')
        .set(values)
        .where('id', '=', id)
        .where('state', 'in', from)
        .executeTakeFirst()
      const isDone = numUpdatedRows > 0n
      if (isDone) await countRevision(transaction, REVISION)
      return isDone
    })
  }

  return {
    async reserve(id, limits) {
      return database.transaction().execute(async (transaction) => {
        // Whoever counts waits for those before him, so that no two see the same last place.
        await countRevision(transaction, REVISION)
        const now = await readTime(transaction)
        const since = new Date(now.getTime() - limits.windowSeconds * 1000).toISOString()
        const starts = await transaction
          .selectFrom('sign_ins')
          .select(['state', 'created_at', 'expires_at'])
          .where('created_at', '>', since)
          .orderBy('created_at')
          .execute()
        const reservation = judge(starts, limits, now)
        if (reservation.kind !== 'reserved') return reservation
        await transaction
          .insertInto('sign_ins')
          .values({ id, state: 'reserved', created_at: now.toISOString(), interval_seconds: 0, told: 0 })
          .execute()
        return reservation
      })
    },

    async begin(id, { order, prompt, device, intervalSeconds, lifeSeconds }) {
      const now = await readTime(database)
      return change(id, ['reserved'], {
        state: 'pending',
        expires_at: new Date(now.getTime() + lifeSeconds * 1000).toISOString(),
        interval_seconds: intervalSeconds,
        request: sealColumn({ id, column: 'request' }, { order, prompt }, secrets),
        device: sealColumn({ id, column: 'device' }, device, secrets),
      })
    },

    async giveUp(id) {
      await change(id, ['reserved'], { state: 'given-up' })
    },

    async find(id) {
      const row = await rowOf(id)
      return row && toSignIn(row, await readTime(database), secrets)
    },

    async list(most) {
      const rows = await database
        .selectFrom('sign_ins')
        .selectAll()
        .where('state', 'not in', ['reserved', 'given-up'])
        .orderBy('created_at', 'desc')
        .limit(most)
        .execute()
      await secrets.learn(rows.map(({ request }) => request))
      const now = await readTime(database)
      return rows.flatMap((row) => toSignIn(row, now, secrets) ?? [])
    },

    async listOpen() {
      const rows = await database
        .selectFrom('sign_ins')
        .select('id')
        .where('state', 'in', ['pending', 'approved'])
        .execute()
      return rows.map(({ id }) => id)
    },

    async readDevice(id) {
      const row = await rowOf(id)
      return row && toDevice(row, secrets)
    },

    async saveInterval(id, intervalSeconds) {
      await change(id, ['pending'], { interval_seconds: intervalSeconds })
    },

    async saveGrant(id, grant) {
      const tokens = sealColumn({ id, column: 'tokens' }, grant, secrets)
      const values = { state: 'approved', message: null, device: null, tokens } as const
      return change(id, ['pending', 'timeout', 'error'], values)
    },

    async readGrant(id) {
      const row = await rowOf(id)
      return row && toGrant(row, secrets)
    },

    async complete(id, accountId) {
      await change(id, ['approved'], { state: 'completed', account_id: accountId, ...noSecrets })
    },

    async fail(id, from, { kind, message }) {
      await change(id, from, { state: kind, message, ...noSecrets })
    },

    cancel: (id) => change(id, ['pending'], { state: 'cancelled', ...noSecrets }),

    async takeResult(id) {
      const { numUpdatedRows } = await database
        .updateTable('sign_ins')
        .set({ told: 1 })
        .where('id', '=', id)
        .where('told', '=', 0)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async prune({ seconds, approvedSeconds }) {
      const now = await readTime(database)
      const ago = (age: number) => new Date(now.getTime() - age * 1000).toISOString()
      const old = database.deleteFrom('sign_ins')
      await old.where('created_at', '<', ago(seconds)).where('state', '!=', 'approved').execute()
      await old.where('created_at', '<', ago(approvedSeconds)).execute()
    },
  }
}

/** `starts`: those of the last time, oldest first. */
function judge(
  starts: readonly Pick<SignInsTable, 'state' | 'created_at' | 'expires_at'>[],
  { mostPending, mostStarts, windowSeconds }: StartLimits,
  now: Date,
): Reservation {
  const secondsUntil = (instant: number) => Math.max(1, Math.ceil((instant - now.getTime()) / 1000))
  const ends = starts.flatMap(({ state, created_at: createdAt, expires_at: expiresAt }) => {
    if (state === 'reserved') return Date.parse(createdAt) + RESERVED_SECONDS * 1000
    return (state === 'pending' || state === 'approved') && expiresAt !== null ? Date.parse(expiresAt) : []
  })
  const pending = ends.filter((end) => end > now.getTime())
  if (pending.length >= mostPending) {
    return { kind: 'too-many-pending', retryAfterSeconds: secondsUntil(Math.min(...pending)) }
  }
  const inTheWay = starts.at(-mostStarts)
  if (starts.length < mostStarts || inTheWay === undefined) return { kind: 'reserved' }
  const free = Date.parse(inTheWay.created_at) + windowSeconds * 1000
  return { kind: 'too-many-starts', retryAfterSeconds: secondsUntil(free) }
}
