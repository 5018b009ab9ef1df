import { setImmediate } from 'node:timers/promises'
import { sql, type Transaction, type UpdateObject } from 'kysely'
import type { AccountStore, CreationPlace, NewRow, PageWishes } from '../accounts/account-store.ts'
import { describeStatusChange } from '../accounts/describe-change.ts'
import type { Account } from '../accounts/account.ts'
import type { Secrets } from '../access/secrets.ts'
import { systemClock } from '../clock.ts'
import type { Happening } from '../events/event.ts'
import { writeLearnedProfile } from './account-columns.ts'
import {
  identityHashOf,
  originHashOf,
  sealedTextsOf,
  toAccount,
  toCredentialColumns,
  toCredentials,
  toIdentityColumns,
  toRefreshedColumns,
  toRow,
  toSettingColumns,
  toStandingColumns,
} from './account-rows.ts'
import { createAccountSeals, type WatchedRow } from './account-seals.ts'
import { addCounters } from './add-counters.ts'
import { readDatabaseTime } from './database-time.ts'
import { createEventLog } from './event-log.ts'
import { runCountTransaction } from './count-transaction.ts'
import type { Database } from './database.ts'
import { READING_MS } from './leases.ts'
import { countRevision, readRevision } from './revisions.ts'
import type { Tables } from './tables.ts'

const ROWS_AT_ONCE = 20
const EVENTS_AT_ONCE = 500
/** Of one statement: a database in a file answers all of it at once. */
const READ_AT_ONCE = 500
/** Of one statement: databases limit how many values it has. */
const IDS_AT_ONCE = 500
const REVISION = 'accounts'
const noLease = { refresh_lease_owner: null, refresh_lease_until: null }

/** Keeps accounts, their secrets sealed and bound to row and column. */
export function createAccountStore(
  database: Database,
  secrets: Secrets,
  events = createEventLog(secrets, systemClock),
): AccountStore {
  const seals = createAccountSeals(secrets)
  const watchedRows = () =>
    database
      .selectFrom('accounts')
      .leftJoin('account_seals', 'account_seals.account_id', 'accounts.id')
      .selectAll('accounts')
      .select('account_seals.seal')

  async function rowOf(id: string): Promise<WatchedRow | undefined> {
    const row = await watchedRows().where('id', '=', id).executeTakeFirst()
    if (row !== undefined) await secrets.learn(sealedTextsOf(row))
    return row
  }

  /** Takes some 0.2 ms a row: streams of other requests get their turn in between. */
  async function openAll(rows: readonly WatchedRow[]): Promise<Account[]> {
    const accounts: Account[] = []
    await secrets.learn(rows.flatMap(sealedTextsOf))
    for (const [index, row] of rows.entries()) {
      if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await setImmediate()
      accounts.push(toAccount(row, secrets, seals))
    }
    return accounts
  }

  /** Of several accounts that were made with the same, the one that was made first. */
  async function findByOrigin(hashes: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>()
    for (let first = 0; first < hashes.length; first += IDS_AT_ONCE) {
      const rows = await database
        .selectFrom('accounts')
        .select(['id', 'origin_hash'])
        .where('origin_hash', 'in', hashes.slice(first, first + IDS_AT_ONCE))
        .orderBy('created_at', 'desc')
        .execute()
      for (const { id, origin_hash: hash } of rows) if (hash !== null) found.set(hash, id)
    }
    return found
  }

  async function findAll(ids: readonly string[]): Promise<Account[]> {
    const found: Account[] = []
    for (let first = 0; first < ids.length; first += IDS_AT_ONCE) {
      const some = ids.slice(first, first + IDS_AT_ONCE)
      found.push(...(await openAll(await watchedRows().where('id', 'in', some).execute())))
    }
    return found
  }

  async function readPage(wishes: Omit<PageWishes, 'after'> & { after: CreationPlace | undefined }) {
    const { order, limit, after, enabled } = wishes
    const rows = await watchedRows()
      .$if(enabled !== undefined, (query) => query.where('enabled', enabled ? '<>' : '=', 0))
      .$if(after !== undefined, (query) =>
        query.where((row) =>
          row(
            row.refTuple('created_at', 'id'),
            order === 'asc' ? '>' : '<',
            row.tuple(after?.createdAt.toISOString() ?? '', after?.id ?? ''),
          ),
        ),
      )
      .orderBy('created_at', order)
      .orderBy('id', order)
      .limit(limit)
      .execute()
    return openAll(rows)
  }

  /** A change that other processes want to know of. False: there is no such account. */
  async function update(
    id: string,
    values: UpdateObject<Tables, 'accounts'>,
    basis: { revision?: number; tokenVersion?: number; happening?: Happening | undefined } = {},
  ): Promise<boolean> {
    const { revision: known, tokenVersion, happening } = basis
    return database.transaction().execute(async (transaction) => {
      const revision = await countRevision(transaction, REVISION)
      const { numUpdatedRows } = await transaction
        .updateTable('accounts')
        .set(values)
        .set({ revision })
        .where('id', '=', id)
        .$if(known !== undefined, (query) => query.where('revision', '=', known ?? 0))
        .$if(tokenVersion !== undefined, (query) => query.where('token_version', '=', tokenVersion ?? 0))
        .executeTakeFirst()
      const isDone = numUpdatedRows > 0n
      if (isDone && tokenVersion !== undefined) await seals.write(transaction, id)
      if (isDone && happening !== undefined) await events.append(transaction, happening)
      return isDone
    })
  }

  async function insert(transaction: Transaction<Tables>, rows: readonly NewRow[]): Promise<void> {
    const revision = await countRevision(transaction, REVISION)
    for (let first = 0; first < rows.length; first += ROWS_AT_ONCE) {
      if (first > 0) await setImmediate()
      const values = rows.slice(first, first + ROWS_AT_ONCE).map(({ account, credentials }) => ({
        ...toRow(account, credentials, secrets),
        revision,
      }))
      await transaction.insertInto('accounts').values(values).execute()
      await seals.writeOf(transaction, values)
    }
    // To go on with the chain takes longer than to add to it.
    for (let first = 0; first < rows.length; first += EVENTS_AT_ONCE) {
      const lot = rows.slice(first, first + EVENTS_AT_ONCE)
      await events.append(transaction, ...lot.flatMap(({ happening }) => happening ?? []))
    }
  }

  return {
    async insert(account, credentials, happening) {
      await database
        .transaction()
        .execute((transaction) => insert(transaction, [{ account, credentials, happening }]))
    },

    async insertAll(rows, happening) {
      await database.transaction().execute(async (transaction) => {
        if (rows.length > 0) await insert(transaction, rows)
        await events.append(transaction, happening)
      })
    },

    // In pages: one answer with ten thousand rows would hold up all else for a second.
    async list() {
      const accounts: Account[] = []
      for (;;) {
        const page = await readPage({ order: 'asc', limit: READ_AT_ONCE, after: accounts.at(-1) })
        accounts.push(...page)
        if (page.length < READ_AT_ONCE) return accounts
      }
    },

    readPage: ({ after, ...wishes }) => readPage({ ...wishes, after }),

    async count({ enabled }) {
      const { count } = await database
        .selectFrom('accounts')
        .select((row) => row.fn.countAll().as('count'))
        .$if(enabled !== undefined, (query) => query.where('enabled', enabled ? '<>' : '=', 0))
        .executeTakeFirstOrThrow()
      return Number(count)
    },

    async readChanged(revision, most) {
      const changed = await database
        .selectFrom('accounts')
        .select('id')
        .where('revision', '>', revision)
        .limit(most + 1)
        .execute()
      return changed.length > most ? undefined : findAll(changed.map(({ id }) => id))
    },

    async find(id) {
      const row = await rowOf(id)
      return row && toAccount(row, secrets, seals)
    },

    findAll,

    async findDuplicates(credentials) {
      const hashes = credentials.map((each) => originHashOf(each, secrets))
      const ids = await findByOrigin(hashes.filter((hash) => hash !== null))
      return hashes.map((hash) => (hash === null ? undefined : ids.get(hash)))
    },

    async findByIdentity(userId) {
      const row = await database
        .selectFrom('accounts')
        .select('id')
        .where('identity_hash', '=', identityHashOf(userId, secrets))
        .orderBy('created_at')
        .orderBy('id')
        .executeTakeFirst()
      return row?.id
    },

    async saveIdentity(id, identity) {
      await update(id, toIdentityColumns(id, identity, secrets))
    },

    async saveLearnedProfile(id, learned, revision) {
      const basis = revision === undefined ? {} : { revision }
      await update(id, { learned_profile: writeLearnedProfile(learned) }, basis)
    },

    async save(account, { credentials, standing, happening }) {
      const { revision, tokenVersion } = account
      const values = {
        ...toSettingColumns(account, secrets),
        ...(standing && { ...toStandingColumns(account), error_count: account.strikes }),
        ...(credentials !== undefined && {
          ...toCredentialColumns(account.id, credentials, secrets),
          ...toIdentityColumns(account.id, account.identity, secrets),
          origin_hash: originHashOf(credentials, secrets),
          token_version: sql<number>`token_version + 1`,
          ...noLease,
        }),
      }
      const basis = { revision, happening, ...(credentials !== undefined && { tokenVersion }) }
      return update(account.id, values, basis)
    },

    async remove(id, happening) {
      return database.transaction().execute(async (transaction) => {
        await countRevision(transaction, REVISION)
        const { numDeletedRows } = await transaction
          .deleteFrom('accounts')
          .where('id', '=', id)
          .executeTakeFirst()
        // After its account, as whoever stores tokens does: in another order the two would wait for each other.
        await seals.remove(transaction, id)
        const isDone = numDeletedRows > 0n
        if (isDone && happening !== undefined) await events.append(transaction, happening)
        return isDone
      })
    },

    async readCredentials(id) {
      const row = await rowOf(id)
      return row && toCredentials(row, secrets, seals)
    },

    async leaseRefresh(id, version, { owner, durationMs }) {
      const now = await readDatabaseTime(database)
      const until = new Date(now.getTime() + durationMs).toISOString()
      const never = new Date(now.getTime() + durationMs + READING_MS).toISOString()
      const { numUpdatedRows } = await database
        .updateTable('accounts')
        .set({ refresh_lease_owner: owner, refresh_lease_until: until })
        .where('id', '=', id)
        .where('token_version', '=', version)
        .where((row) =>
          row.or([
            row('refresh_lease_owner', 'is', null),
            row('refresh_lease_owner', '=', owner),
            row('refresh_lease_until', '<=', now.toISOString()),
            // Nobody takes one for so long: the clock was set back since.
            row('refresh_lease_until', '>', never),
          ]),
        )
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async saveTokens(id, version, { tokens, at }) {
      const values = toRefreshedColumns(id, { version, tokens, at }, secrets)
      return database.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('accounts')
          .set({ ...values, ...noLease })
          .where('id', '=', id)
          .where('token_version', '=', version)
          .executeTakeFirst()
        if (numUpdatedRows > 0n) await seals.write(transaction, id)
        return numUpdatedRows > 0n
      })
    },

    async saveRefreshFailure(id, version, at) {
      await database
        .updateTable('accounts')
        .set({
          last_refresh_time: at.toISOString(),
          last_refresh_status: 'failed',
          updated_at: at.toISOString(),
          ...noLease,
        })
        .where('id', '=', id)
        .where('token_version', '=', version)
        .execute()
    },

    async addCounters(changes) {
      await runCountTransaction(database, async (transaction) => {
        const statuses = await addCounters(transaction, REVISION, changes)
        const happenings = statuses.map(describeStatusChange)
        for (const happening of happenings.filter((each) => each !== undefined)) {
          await events.append(transaction, happening)
        }
      })
    },

    readRevision: () => readRevision(database, REVISION),

    async changedSince(revision) {
      const present = await database.selectFrom('accounts').select('id').orderBy('id').execute()
      const rows = await watchedRows().where('revision', '>', revision).orderBy('id').execute()
      return { ids: present.map(({ id }) => id), changed: await openAll(rows) }
    },
  }
}
