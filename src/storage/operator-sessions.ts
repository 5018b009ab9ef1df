import * as z from 'zod'
import type { SessionRecord, SessionStore } from '../access/operators/operator-sessions.ts'
import type { Database } from './database.ts'
import type { EventLog } from './event-log.ts'

/** A row that lacks anything, or holds something else, is none. */
const sessionRow = z.strictObject({
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  created_at: z.iso.datetime(),
  last_seen_at: z.iso.datetime(),
  proof: z.string().regex(/^[0-9a-f]{64}$/),
})

/** Keeps who is signed in as the operator. */
export function createSessionStore(database: Database, log: Pick<EventLog, 'append'>): SessionStore {
  return {
    async insert({ digest, createdAt, lastSeenAt, proof }, happening) {
      await database.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('operator_sessions')
          .values({ digest, created_at: toText(createdAt), last_seen_at: toText(lastSeenAt), proof })
          .execute()
        await log.append(transaction, happening)
      })
    },

    async find(digest) {
      const found = await database
        .selectFrom('operator_sessions')
        .selectAll()
        .where('digest', '=', digest)
        .executeTakeFirst()
      return toRecord(found)
    },

    async list() {
      const rows = await database.selectFrom('operator_sessions').selectAll().execute()
      return rows.map(toRecord).filter((record) => record !== undefined)
    },

    async touch(digest, lastSeenAt) {
      await database
        .updateTable('operator_sessions')
        .set({ last_seen_at: toText(lastSeenAt) })
        .where('digest', '=', digest)
        .execute()
    },

    async remove(digest, happening) {
      return database.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('operator_sessions')
          .where('digest', '=', digest)
          .executeTakeFirst()
        const isDone = numDeletedRows > 0n
        if (isDone && happening !== undefined) await log.append(transaction, happening)
        return isDone
      })
    },

    async prune({ createdBefore, seenBefore }) {
      await database
        .deleteFrom('operator_sessions')
        .where((is) =>
          is.or([is('created_at', '<', toText(createdBefore)), is('last_seen_at', '<', toText(seenBefore))]),
        )
        .execute()
    },

    async clear() {
      await database.deleteFrom('operator_sessions').execute()
    },
  }
}

function toRecord(found: unknown): SessionRecord | undefined {
  const row = sessionRow.safeParse(found)
  if (!row.success) return undefined
  const { digest, created_at: createdAt, last_seen_at: lastSeenAt, proof } = row.data
  return { digest, createdAt: Date.parse(createdAt), lastSeenAt: Date.parse(lastSeenAt), proof }
}

function toText(instant: number): string {
  return new Date(instant).toISOString()
}
