/** Answers that are kept. What was said in them is sealed; in clear are ids, instants and sizes. */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { sql, type Transaction } from 'kysely'
import { SealError, type Sealer } from '../access/sealer.ts'
import type { Secrets } from '../access/secrets.ts'
import type {
  KeptAnswerStore,
  NewAnswer,
  StoredAnswer,
  ThreadBounds,
} from '../kept-answers/kept-answer-store.ts'
import type { Database } from './database.ts'
import { readChain } from './kept-chain.ts'
import { eraseAnswer, expireExcess, pruneAnswers } from './kept-answer-ends.ts'
import type { KeptAnswersTable, Tables } from './tables.ts'
import { createThreadKeys } from './thread-keys.ts'

/** Databases bound how many values a statement may have. */
const VALUES_AT_ONCE = 100
/** What is opened before requests get their turn. */
const ROWS_AT_ONCE = 20

interface OpenThread {
  id: string
  sealer: Sealer
  /** Undefined: it is there already. */
  key?: string
}

export function createKeptAnswerStore(
  database: Database,
  secrets: Secrets,
  randomBytes: (size: number) => Buffer,
): KeptAnswerStore {
  const keys = createThreadKeys(secrets, randomBytes)

  /** That of an answer, unless it is another owner's or its time is over. */
  function threadOf(answerId: string, owner: string, now: number) {
    return database
      .selectFrom('kept_answers')
      .innerJoin('kept_threads', 'kept_threads.id', 'kept_answers.thread_id')
      .select(['kept_threads.id', 'kept_threads.owner', 'kept_threads.key', 'kept_answers.deleted'])
      .where('kept_answers.id', '=', answerId)
      .where('owner', '=', owner)
      .where('expires_at', '>', toText(now))
      .executeTakeFirst()
  }

  async function openThread({ id, parentId, owner, createdAt }: NewAnswer): Promise<OpenThread> {
    const known = parentId === undefined ? undefined : await threadOf(parentId, owner, createdAt)
    const sealer = known && (await keys.open(known))
    return known && sealer ? { id: known.id, sealer } : { id, ...keys.create({ id, owner }) }
  }

  /** False: its thread is gone meanwhile. */
  async function insertInto(thread: OpenThread, given: NewAnswer, expiresAt: number): Promise<boolean> {
    const row = sealRow(given, thread)
    return database.transaction().execute(async (transaction) => {
      if (!(await addToThread(transaction, thread, { row, given, expiresAt }))) return false
      await transaction.insertInto('kept_answers').values(row).execute()
      // In order, so that no two processes wait for each other.
      const digests = [...new Set(given.itemIds.map((id) => digestOf(id, given.owner)))].toSorted()
      const items = digests.map((digest) => ({ digest, answer_id: given.id }))
      for (let start = 0; start < items.length; start += VALUES_AT_ONCE) {
        await transaction
          .insertInto('kept_items')
          .values(items.slice(start, start + VALUES_AT_ONCE))
          .onConflict((conflict) => conflict.column('digest').doUpdateSet({ answer_id: given.id }))
          .execute()
      }
      return true
    })
  }

  async function readRows(ids: readonly string[], owner: string): Promise<StoredAnswer[] | undefined> {
    const found = new Map<string, StoredAnswer>()
    const sealers = new Map<string, Sealer | undefined>()
    for (let start = 0; start < ids.length; start += ROWS_AT_ONCE) {
      const rows = await database
        .selectFrom('kept_answers')
        .innerJoin('kept_threads', 'kept_threads.id', 'kept_answers.thread_id')
        .selectAll('kept_answers')
        .select('kept_threads.key')
        .where('kept_answers.id', 'in', ids.slice(start, start + ROWS_AT_ONCE))
        .execute()
      for (const row of rows) {
        const { thread_id: id, key } = row
        if (!sealers.has(id)) sealers.set(id, await keys.open({ id, owner, key }))
        const answer = openRow(row, sealers.get(id))
        if (answer !== undefined) found.set(row.id, answer)
      }
      await setImmediate()
    }
    const answers = ids.flatMap((id) => found.get(id) ?? [])
    return answers.length === ids.length ? answers : undefined
  }

  return {
    async insert(answer, expiresAt) {
      if (await insertInto(await openThread(answer), answer, expiresAt)) return
      const { id, owner } = answer
      await insertInto({ id, ...keys.create({ id, owner }) }, answer, expiresAt)
    },

    async find(id, owner, now) {
      const thread = await threadOf(id, owner, now)
      if (thread === undefined || thread.deleted === 1) return undefined
      return (await readRows([id], owner))?.[0]
    },

    async readThread(id, owner, { now, mostAnswers, mostBytes }) {
      const thread = await threadOf(id, owner, now)
      if (thread === undefined || thread.deleted === 1) return { kind: 'unknown' }
      const chain = await readChain(database, id, mostAnswers)
      if (chain.length > mostAnswers || bytesOf(chain) > mostBytes) return { kind: 'too-long' }
      if (chain.at(-1)?.parentId !== null) return { kind: 'cut' }
      const answers = await readRows(chain.map((each) => each.id).toReversed(), owner)
      return answers === undefined ? { kind: 'cut' } : { kind: 'whole', answers }
    },

    async findByItems(itemIds, owner, limits) {
      const holders = await findHolders(database, { itemIds, owner, ...limits })
      if (holders.length > limits.mostAnswers || bytesOf(holders) > limits.mostBytes) return undefined
      const answers: StoredAnswer[] = []
      // One that cannot be read has nothing; the others have what they have.
      for (const { id } of holders) answers.push(...((await readRows([id], owner)) ?? []))
      return answers
    },

    async remove(id, owner, now) {
      const thread = await threadOf(id, owner, now)
      return thread !== undefined && eraseAnswer(database, id)
    },

    expireExcess: (owner, most, now) => expireExcess(database, owner, { ...most, now: toText(now) }),
    prune: (now, most) => pruneAnswers(database, toText(now), most),
  }
}

function addToThread(
  transaction: Transaction<Tables>,
  { id, key }: OpenThread,
  added: { row: KeptAnswersTable; given: NewAnswer; expiresAt: number },
): Promise<boolean> {
  const { row, given, expiresAt } = added
  return key === undefined
    ? transaction
        .updateTable('kept_threads')
        .set({
          expires_at: toText(expiresAt),
          answers: sql<number>`answers + 1`,
          bytes: sql<number>`bytes + ${row.bytes}`,
        })
        .where('id', '=', id)
        .where('expires_at', '>', toText(given.createdAt))
        .executeTakeFirst()
        .then(({ numUpdatedRows }) => numUpdatedRows > 0n)
    : transaction
        .insertInto('kept_threads')
        .values({
          id,
          owner: given.owner,
          key,
          expires_at: toText(expiresAt),
          answers: 1,
          bytes: row.bytes,
        })
        .execute()
        .then(() => true)
}

function sealRow(given: NewAnswer, { id: threadId, sealer }: OpenThread): KeptAnswersTable {
  const { id, parentId, createdAt } = given
  const seal = (column: 'input' | 'answer') => sealer.seal(given[column], placeOf(id, column))
  const [input, answer] = [seal('input'), seal('answer')]
  return {
    id,
    thread_id: threadId,
    parent_id: parentId ?? null,
    created_at: toText(createdAt),
    deleted: 0,
    bytes: input.length + answer.length,
    input,
    answer,
  }
}

function openRow(row: KeptAnswersTable, sealer: Sealer | undefined): StoredAnswer | undefined {
  if (sealer === undefined) return undefined
  const open = (column: 'input' | 'answer') => sealer.open(row[column], placeOf(row.id, column))
  try {
    return {
      id: row.id,
      parentId: row.parent_id ?? undefined,
      input: open('input'),
      answer: open('answer'),
    }
  } catch (error) {
    if (!(error instanceof SealError)) throw error
    return undefined
  }
}

interface ItemSearch extends ThreadBounds {
  itemIds: readonly string[]
  owner: string
  now: number
}

async function findHolders(database: Database, search: ItemSearch): Promise<{ id: string; bytes: number }[]> {
  const { itemIds, owner, now } = search
  const digests = itemIds.map((id) => digestOf(id, owner))
  const found = new Map<string, { id: string; bytes: number }>()
  for (let start = 0; start < digests.length; start += VALUES_AT_ONCE) {
    const rows = await database
      .selectFrom('kept_items')
      .innerJoin('kept_answers', 'kept_answers.id', 'kept_items.answer_id')
      .innerJoin('kept_threads', 'kept_threads.id', 'kept_answers.thread_id')
      .select(['kept_answers.id', 'kept_answers.bytes'])
      .where('digest', 'in', digests.slice(start, start + VALUES_AT_ONCE))
      .where('owner', '=', owner)
      .where('expires_at', '>', toText(now))
      .where('deleted', '=', 0)
      .execute()
    for (const row of rows) found.set(row.id, row)
  }
  return [...found.values()]
}

/** Clients make up ids as they like, of any length. */
function digestOf(itemId: string, owner: string): string {
  return createHash('sha256')
    .update(JSON.stringify([owner, itemId]))
    .digest('hex')
}

function bytesOf(rows: readonly { bytes: number }[]): number {
  return rows.reduce((sum, { bytes }) => sum + bytes, 0)
}

function placeOf(id: string, column: 'input' | 'answer') {
  return { table: 'kept_answers', row: id, column }
}

function toText(at: number): string {
  return new Date(at).toISOString()
}
