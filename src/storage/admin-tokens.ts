import * as z from 'zod'
import { tokenScopes, type AdminToken, type AdminTokenStore } from '../access/operators/admin-tokens.ts'
import type { Database } from './database.ts'
import type { EventLog } from './event-log.ts'

const instant = z.iso.datetime().transform((text) => Date.parse(text))

/** A row that lacks anything, or holds something else, lets nobody in. */
const tokenRow = z.strictObject({
  id: z.string().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  name: z.string(),
  scope: z.enum(tokenScopes),
  created_at: instant,
  expires_at: instant,
  last_used_at: instant.nullable(),
})

/** Keeps the operator's tokens, by their digests alone. */
export function createAdminTokenStore(database: Database, log: Pick<EventLog, 'append'>): AdminTokenStore {
  return {
    async insert({ id, name, scope, createdAt, expiresAt }, digest, happening) {
      await database.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('admin_tokens')
          .values({
            id,
            digest,
            name,
            scope,
            created_at: toText(createdAt),
            expires_at: toText(expiresAt),
            last_used_at: null,
          })
          .execute()
        await log.append(transaction, happening)
      })
    },

    async findByDigest(digest) {
      const found = await database
        .selectFrom('admin_tokens')
        .selectAll()
        .where('digest', '=', digest)
        .executeTakeFirst()
      return readRow(found)
    },

    async list() {
      const rows = await database
        .selectFrom('admin_tokens')
        .selectAll()
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .execute()
      return rows.flatMap((row) => readRow(row) ?? [])
    },

    async touch(id, lastUsedAt) {
      await database
        .updateTable('admin_tokens')
        .set({ last_used_at: toText(lastUsedAt) })
        .where('id', '=', id)
        .execute()
    },

    remove: (id, happeningTo) =>
      database.transaction().execute(async (transaction) => {
        const removed = await transaction
          .deleteFrom('admin_tokens')
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst()
        if (removed === undefined) return false
        await log.append(transaction, happeningTo(removed.name))
        return true
      }),
  }
}

function readRow(found: unknown): AdminToken | undefined {
  const row = tokenRow.safeParse(found)
  if (!row.success) return undefined
  const { id, name, scope, created_at: createdAt, expires_at: expiresAt, last_used_at: lastUsedAt } = row.data
  return { id, name, scope, createdAt, expiresAt, ...(lastUsedAt !== null && { lastUsedAt }) }
}

function toText(at: number): string {
  return new Date(at).toISOString()
}
