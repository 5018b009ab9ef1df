/** Adds events to their chain, in the transaction that makes what they tell of: both are there, or neither. */
import * as z from 'zod'
import type { Secrets } from '../access/secrets.ts'
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import { BEGINNING, createChain, LOST_HASH, type Chain, type Head } from '../events/chain.ts'
import type { Happening, Link } from '../events/event.ts'
import type { Database } from './database.ts'
import { toEventRow } from './event-rows.ts'
import { lockRevision } from './revisions.ts'

export type EventTransaction = Pick<Database, 'selectFrom' | 'insertInto'>

export interface EventLog {
  chain: Chain
  /** Whoever holds the lock is the only one who appends, in all processes. */
  lock(transaction: EventTransaction): Promise<void>
  /** Throws `overloaded-here` when it cannot be recorded: then the transaction must not be committed. */
  append(transaction: EventTransaction, ...happenings: readonly Happening[]): Promise<void>
}

const REVISION = 'events'
const HEAD = 'events-head'
/** Of one statement: databases limit how many values it has. */
const ENTRIES_AT_ONCE = 100

const storedHead = z.object({ id: z.int(), hash: z.string(), signature: z.string() })

export function createEventLog(secrets: Pick<Secrets, 'deriveKey'>, clock: Pick<Clock, 'now'>): EventLog {
  const chain = createChain(secrets.deriveKey('events'))

  async function append(transaction: EventTransaction, happenings: readonly Happening[]): Promise<void> {
    await lockRevision(transaction, REVISION)
    let end = await readEnd(transaction, chain)
    for (let first = 0; first < happenings.length; first += ENTRIES_AT_ONCE) {
      const entries = happenings.slice(first, first + ENTRIES_AT_ONCE).map((happening) => {
        const entry = chain.link(happening, new Date(clock.now()), end)
        end = entry
        return entry
      })
      await transaction.insertInto('events').values(entries.map(toEventRow)).execute()
    }
    const value = JSON.stringify(chain.signHead(end))
    await transaction
      .insertInto('settings')
      .values({ name: HEAD, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
  }

  return {
    chain,
    lock: (transaction) => lockRevision(transaction, REVISION),
    async append(transaction, ...happenings) {
      if (happenings.length > 0) await append(transaction, happenings).catch(refuseUnrecorded)
    },
  }
}

/** Says that what was to be done in the same transaction is not done. */
function refuseUnrecorded(cause: unknown): never {
  throw notRecorded(
    'This could not be recorded among the events, so it was not done. Look at the database and its disk, then try again.',
    cause,
  )
}

export function notRecorded(message: string, cause: unknown): GatewayError {
  return new GatewayError('overloaded-here', message, { code: 'not_recorded', cause })
}

/** Undefined: there is none, or nothing that could be one. */
export async function readHead(database: Pick<Database, 'selectFrom'>): Promise<Head | undefined> {
  const row = await database
    .selectFrom('settings')
    .select('value')
    .where('name', '=', HEAD)
    .executeTakeFirst()
  if (row === undefined) return undefined
  try {
    return storedHead.safeParse(JSON.parse(row.value)).data
  } catch {
    return undefined
  }
}

/** Undefined: there is no entry. */
export async function readLastId(database: Pick<Database, 'selectFrom'>): Promise<number | undefined> {
  const last = await database
    .selectFrom('events')
    .select('id')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return last?.id
}

/** What the next entry follows. Goes on from the signed head even where the entry is gone, so that this stays visible. */
async function readEnd(transaction: EventTransaction, chain: Chain): Promise<Link> {
  const head = await readHead(transaction)
  const lastId = await readLastId(transaction)
  if (head === undefined && lastId === undefined) return BEGINNING
  const id = Math.max(lastId ?? 0, head?.id ?? 0)
  return { id, hash: head !== undefined && chain.isHead(head) ? head.hash : LOST_HASH }
}
