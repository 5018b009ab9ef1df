/** Rules of what is captured, and what was. What was said is sealed; in clear are ids, instants and sizes. */
import type { Transaction } from 'kysely'
import * as z from 'zod'
import type { Secrets } from '../access/secrets.ts'
import type { CapturedCall } from '../captures/captured-body.ts'
import type { CountedRule } from '../captures/capture-rule.ts'
import type { CaptureBounds, CaptureStore, KeptSummary } from '../captures/capture-store.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'
import type { EventLog } from './event-log.ts'
import { countRevision, lockRevision, readRevision } from './revisions.ts'
import { readSetting, writeSetting } from './settings.ts'
import type { CapturedCallsTable, CaptureRulesTable, Tables } from './tables.ts'

const REVISION = 'captures'
/** When all was last forgotten. */
const PURGED_AT = 'captures-purged-at'
/** Databases bound how many values a statement may have. */
const ROWS_AT_ONCE = 100

const body = z.object({
  form: z.enum(['json', 'stream', 'text']),
  text: z.string(),
  bytes: z.number(),
  isCut: z.boolean(),
  hidden: z.object({ secrets: z.number(), fields: z.number(), media: z.number() }),
})
const bodies = z.object({
  path: z.string(),
  request: body.exactOptional(),
  answer: body.exactOptional(),
})

export function createCaptureStore(
  database: Database,
  secrets: Pick<Secrets, 'seal' | 'open' | 'learn'>,
  log: Pick<EventLog, 'append'>,
): CaptureStore {
  function toRow({ id, at, expiresAt, path, request, answer }: CapturedCall): CapturedCallsTable {
    const text = JSON.stringify({ path, request, answer })
    const sealed = secrets.seal(text, placeOf(id))
    return { id, at: toText(at), expires_at: toText(expiresAt), bytes: sealed.length, bodies: sealed }
  }

  return {
    readRevision: () => readRevision(database, REVISION),
    listRules: () => readRules(database),

    async putRule({ scope, keyId, startedAt, endsAt }, happening) {
      const values = {
        key_id: keyId ?? null,
        started_at: toText(startedAt),
        ends_at: toText(endsAt),
        captured: 0,
        dropped: 0,
      }
      await database.transaction().execute(async (transaction) => {
        await countRevision(transaction, REVISION)
        await transaction
          .insertInto('capture_rules')
          .values({ scope, ...values })
          .onConflict((conflict) => conflict.column('scope').doUpdateSet(values))
          .execute()
        await log.append(transaction, happening)
      })
    },

    removeRule: (scope, tell) =>
      database.transaction().execute(async (transaction) => {
        await lockRevision(transaction, REVISION)
        const rule = (await readRules(transaction)).find((each) => each.scope === scope)
        if (rule === undefined) return false
        await transaction.deleteFrom('capture_rules').where('scope', '=', scope).execute()
        await countRevision(transaction, REVISION)
        await log.append(transaction, tell(rule))
        return true
      }),

    async endRules(now, tell) {
      const isOver = ({ endsAt }: CountedRule) => endsAt <= now
      if (!(await readRules(database)).some(isOver)) return
      await database.transaction().execute(async (transaction) => {
        await lockRevision(transaction, REVISION)
        const over = (await readRules(transaction)).filter(isOver)
        for (const { scope } of over) {
          await transaction.deleteFrom('capture_rules').where('scope', '=', scope).execute()
        }
        await countRevision(transaction, REVISION)
        await log.append(transaction, ...over.map(tell))
      })
    },

    async insert(calls, counts, bounds) {
      const sealed = calls.map(toRow)
      await runCountTransaction(database, async (transaction) => {
        // Either all is forgotten after this, or this knows when it was.
        await lockRevision(transaction, REVISION)
        const purgedAt = (await readSetting(transaction, PURGED_AT)) ?? ''
        const rows = sealed.filter(({ at }) => at > purgedAt)
        // In one order, so that no two processes wait for each other.
        for (const [scope, { captured, dropped }] of [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
          await transaction
            .updateTable('capture_rules')
            .set((rule) => ({
              captured: rule('captured', '+', captured),
              dropped: rule('dropped', '+', dropped),
            }))
            .where('scope', '=', scope)
            .execute()
        }
        if (rows.length === 0) return
        await transaction
          .insertInto('captured_calls')
          .values(rows)
          .onConflict((conflict) => conflict.doNothing())
          .execute()
        await removeExcess(transaction, bounds)
      })
    },

    summarize: (now) => summarize(database, now),

    async find(id, now) {
      const row = await database
        .selectFrom('captured_calls')
        .selectAll()
        .where('id', '=', id)
        .where('expires_at', '>', toText(now))
        .executeTakeFirst()
      if (row === undefined) return undefined
      await secrets.learn([row.bodies])
      const opened = bodies.parse(JSON.parse(secrets.open(row.bodies, placeOf(id))))
      return { id, at: Date.parse(row.at), expiresAt: Date.parse(row.expires_at), ...opened }
    },

    purge: (now, tell) =>
      database.transaction().execute(async (transaction) => {
        await lockRevision(transaction, REVISION)
        await writeSetting(transaction, PURGED_AT, toText(now))
        const { numDeletedRows } = await transaction.deleteFrom('captured_calls').executeTakeFirst()
        const calls = Number(numDeletedRows)
        await log.append(transaction, tell(calls))
        return calls
      }),

    async prune(now, madeBefore) {
      await database
        .deleteFrom('captured_calls')
        .where((row) => row.or([row('expires_at', '<=', toText(now)), row('at', '<=', toText(madeBefore))]))
        .execute()
    },
  }
}

async function readRules(database: Pick<Database, 'selectFrom'>): Promise<CountedRule[]> {
  const rows = await database.selectFrom('capture_rules').selectAll().orderBy('scope').execute()
  return rows.map(toRule)
}

function toRule({ scope, key_id: keyId, ...row }: CaptureRulesTable): CountedRule {
  return {
    scope,
    ...(keyId !== null && { keyId }),
    startedAt: Date.parse(row.started_at),
    endsAt: Date.parse(row.ends_at),
    captured: row.captured,
    dropped: row.dropped,
  }
}

/** The oldest go. */
async function removeExcess(
  transaction: Transaction<Tables>,
  { mostCalls, mostBytes }: CaptureBounds,
): Promise<void> {
  const rows = await transaction
    .selectFrom('captured_calls')
    .select(['id', 'bytes'])
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  let total = 0
  const excess = rows.flatMap(({ id, bytes }, index) => {
    total += bytes
    return index >= mostCalls || total > mostBytes ? [id] : []
  })
  for (let start = 0; start < excess.length; start += ROWS_AT_ONCE) {
    await transaction
      .deleteFrom('captured_calls')
      .where('id', 'in', excess.slice(start, start + ROWS_AT_ONCE))
      .execute()
  }
}

async function summarize(database: Database, now: number): Promise<KeptSummary> {
  const rows = await database
    .selectFrom('captured_calls')
    .select(['id', 'at', 'bytes'])
    .where('expires_at', '>', toText(now))
    .orderBy('at', 'desc')
    .orderBy('id', 'desc')
    .execute()
  const oldest = rows.at(-1)
  return {
    calls: rows.length,
    bytes: rows.reduce((sum, { bytes }) => sum + bytes, 0),
    oldestAt: oldest && Date.parse(oldest.at),
    callIds: rows.map(({ id }) => id),
  }
}

function placeOf(id: string) {
  return { table: 'captured_calls', row: id, column: 'bodies' }
}

function toText(at: number): string {
  return new Date(at).toISOString()
}
