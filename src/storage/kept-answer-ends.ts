/** How kept answers come to their end: deleted by their client, crowded out, or old. */
import { sql, type Transaction } from 'kysely'
import type { Database } from './database.ts'
import type { Tables } from './tables.ts'

/** Before every other instant: its thread has to go. */
const BEGINNING_OF_TIME = new Date(0).toISOString()
const THREADS_AT_ONCE = 50
const bytesOfRow = sql<number>`input_bytes + answer_bytes`

/** False: somebody has deleted it already. */
export async function eraseAnswer(database: Database, id: string): Promise<boolean> {
  const thread = await database
    .selectFrom('kept_answers')
    .select('thread_id')
    .where('id', '=', id)
    .executeTakeFirst()
  if (thread === undefined) return false
  return database.transaction().execute(async (transaction) => {
    await lockThread(transaction, thread.thread_id)
    const { numUpdatedRows } = await transaction
      .updateTable('kept_answers')
      .set({ deleted: 1 })
      .where('id', '=', id)
      .where('deleted', '=', 0)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await transaction.deleteFrom('kept_items').where('answer_id', '=', id).execute()
    let next: string | null = id
    while (next !== null) next = await dropUnneeded(transaction, next)
    return true
  })
}

/** Comes before its answers wherever both are changed: else two processes may wait for each other. */
async function lockThread(transaction: Transaction<Tables>, id: string): Promise<void> {
  await transaction
    .updateTable('kept_threads')
    .set((thread) => ({ answers: thread.ref('answers') }))
    .where('id', '=', id)
    .execute()
}

/** Drops one that is deleted and that no other goes on from. Answers which one is to be looked at then. */
async function dropUnneeded(transaction: Transaction<Tables>, id: string): Promise<string | null> {
  const row = await transaction
    .deleteFrom('kept_answers')
    .where('id', '=', id)
    .where('deleted', '=', 1)
    .where((answer) => {
      const later = answer.selectFrom('kept_answers as later').select('later.id')
      return answer.not(answer.exists(later.where('later.parent_id', '=', id)))
    })
    .returning(['thread_id', 'parent_id', bytesOfRow.as('bytes')])
    .executeTakeFirst()
  if (row === undefined) return null
  await takeFromThread(transaction, row.thread_id, { answers: 1, bytes: row.bytes })
  return row.parent_id
}

async function takeFromThread(
  transaction: Transaction<Tables>,
  id: string,
  { answers, bytes }: { answers: number; bytes: number },
): Promise<void> {
  await transaction
    .updateTable('kept_threads')
    .set({ answers: sql<number>`answers - ${answers}`, bytes: sql<number>`bytes - ${bytes}` })
    .where('id', '=', id)
    .execute()
  await transaction
    .deleteFrom('kept_threads')
    .where('id', '=', id)
    .where((thread) => {
      const left = thread.selectFrom('kept_answers').select('kept_answers.id')
      return thread.not(thread.exists(left.where('thread_id', '=', id)))
    })
    .execute()
}

interface Most {
  answers: number
  bytes: number
  now: string
}

/** Whole conversations go, those first that were used longest ago; one that alone is too much loses its beginning. */
export async function expireExcess(database: Database, owner: string, most: Most): Promise<void> {
  const threads = await database
    .selectFrom('kept_threads')
    .select(['id', 'answers', 'bytes'])
    .where('owner', '=', owner)
    .where('expires_at', '>', most.now)
    .orderBy('expires_at', 'desc')
    .execute()
  const sum = { answers: 0, bytes: 0 }
  const excess: string[] = []
  for (const { id, answers, bytes } of threads) {
    sum.answers += answers
    sum.bytes += bytes
    if ((sum.answers > most.answers || sum.bytes > most.bytes) && id !== threads[0]?.id) excess.push(id)
  }
  for (let start = 0; start < excess.length; start += THREADS_AT_ONCE) {
    await database
      .updateTable('kept_threads')
      .set({ expires_at: BEGINNING_OF_TIME })
      .where('id', 'in', excess.slice(start, start + THREADS_AT_ONCE))
      .execute()
  }
  const [newest] = threads
  if (newest !== undefined) await shorten(database, newest, most)
}

async function shorten(
  database: Database,
  thread: { id: string; answers: number; bytes: number },
  most: Most,
): Promise<void> {
  let { answers, bytes } = thread
  if (answers <= most.answers && bytes <= most.bytes) return
  const rows = await database
    .selectFrom('kept_answers')
    .select(['id', bytesOfRow.as('bytes')])
    .where('thread_id', '=', thread.id)
    .orderBy('created_at')
    .orderBy('id')
    .execute()
  for (const row of rows) {
    if (answers <= most.answers && bytes <= most.bytes) return
    answers -= 1
    bytes -= row.bytes
    await drop(database, thread.id, [row.id])
  }
}

/** So many answers at most of conversations whose time is over. */
export async function pruneAnswers(database: Database, now: string, most: number): Promise<number> {
  const rows = await database
    .selectFrom('kept_threads')
    .leftJoin('kept_answers', 'kept_answers.thread_id', 'kept_threads.id')
    .select(['kept_threads.id as threadId', 'kept_answers.id'])
    .where('expires_at', '<=', now)
    .orderBy('expires_at')
    .limit(most)
    .execute()
  for (const threadId of new Set(rows.map((row) => row.threadId))) {
    const ids = rows.flatMap((row) => (row.threadId === threadId ? (row.id ?? []) : []))
    await drop(database, threadId, ids)
  }
  return rows.length
}

async function drop(database: Database, threadId: string, ids: readonly string[]): Promise<void> {
  await database.transaction().execute(async (transaction) => {
    await lockThread(transaction, threadId)
    const dropped =
      ids.length === 0
        ? []
        : await transaction
            .deleteFrom('kept_answers')
            .where('id', 'in', ids)
            .returning(bytesOfRow.as('bytes'))
            .execute()
    if (ids.length > 0) await transaction.deleteFrom('kept_items').where('answer_id', 'in', ids).execute()
    const bytes = dropped.reduce((sum, each) => sum + each.bytes, 0)
    await takeFromThread(transaction, threadId, { answers: dropped.length, bytes })
  })
}
