import type { AttemptRows, AttemptStore } from '../access/throttle.ts'
import type { Database } from './database.ts'
import { lockRevision } from './revisions.ts'

const TURNS = 'password-attempts'

/** Keeps what the throttle of password guesses remembers. */
export function createAttemptStore(database: Database): AttemptStore {
  return {
    ...createRows(database),
    inTurn: (work) =>
      database.transaction().execute(async (transaction) => {
        await lockRevision(transaction, TURNS)
        return work(createRows(transaction))
      }),
  }
}

function createRows(database: Pick<Database, 'selectFrom' | 'insertInto' | 'deleteFrom'>): AttemptRows {
  return {
    async read(subject) {
      const row = await database
        .selectFrom('password_attempts')
        .selectAll()
        .where('subject', '=', subject)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return {
        failures: row.failures,
        lastFailureAt: Date.parse(row.last_failure_at),
        lastSuccessAt: row.last_success_at === null ? undefined : Date.parse(row.last_success_at),
      }
    },

    async write(subject, { failures, lastFailureAt, lastSuccessAt }) {
      const values = {
        failures,
        last_failure_at: toText(lastFailureAt),
        last_success_at: lastSuccessAt === undefined ? null : toText(lastSuccessAt),
      }
      await database
        .insertInto('password_attempts')
        .values({ subject, ...values })
        .onConflict((conflict) => conflict.column('subject').doUpdateSet(values))
        .execute()
    },

    async prune(before) {
      await database
        .deleteFrom('password_attempts')
        .where('last_failure_at', '<', toText(before))
        .where((is) => is.or([is('last_success_at', 'is', null), is('last_success_at', '<', toText(before))]))
        .execute()
    },
  }
}

function toText(instant: number): string {
  return new Date(instant).toISOString()
}
