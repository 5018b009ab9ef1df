import { setImmediate } from 'node:timers/promises'
import type { AccountStore } from '../accounts/account-store.ts'
import type { Account } from '../accounts/account.ts'
import type { Secrets } from '../access/secrets.ts'
import {
  originHashOf,
  placeOf,
  toAccount,
  toCredentialColumns,
  toCredentials,
  toRow,
  toSettingColumns,
  toStandingColumns,
} from './account-rows.ts'
import { readDatabaseTime } from './database-time.ts'
import type { Database } from './database.ts'

const ROWS_AT_ONCE = 20
const noLease = { refresh_lease_owner: null, refresh_lease_until: null }

/** Keeps accounts, their secrets sealed and bound to row and column. */
export function createAccountStore(database: Database, secrets: Secrets): AccountStore {
  const rowOf = (id: string) =>
    database.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()

  return {
    async insert(account, credentials) {
      await database
        .insertInto('accounts')
        .values(toRow(account, credentials, secrets))
        .execute()
    },

    async list() {
      const rows = await database
        .selectFrom('accounts')
        .selectAll()
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      const accounts: Account[] = []
      for (const [index, row] of rows.entries()) {
        // Opening takes some 0.2 ms a row: streams of other requests get their turn in between.
        if (index % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await setImmediate()
        accounts.push(toAccount(row, secrets))
      }
      return accounts
    },

    async find(id) {
      const row = await rowOf(id)
      return row && toAccount(row, secrets)
    },

    async findDuplicate(credentials) {
      const row = await database
        .selectFrom('accounts')
        .select('id')
        .where('origin_hash', '=', originHashOf(credentials, secrets))
        .orderBy('created_at')
        .executeTakeFirst()
      return row?.id
    },

    async save(account, { credentials, standing }) {
      const { numUpdatedRows } = await database
        .updateTable('accounts')
        .set((column) => ({
          ...toSettingColumns(account, secrets),
          ...(standing && { ...toStandingColumns(account), error_count: account.strikes }),
          ...(credentials !== undefined && {
            ...toCredentialColumns(account.id, credentials, secrets),
            origin_hash: originHashOf(credentials, secrets),
            token_version: column('token_version', '+', 1),
            ...noLease,
          }),
        }))
        .where('id', '=', account.id)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async remove(id) {
      const { numDeletedRows } = await database.deleteFrom('accounts').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },

    async readCredentials(id) {
      const row = await rowOf(id)
      return row && toCredentials(row, secrets)
    },

    async leaseRefresh(id, version, { owner, durationMs }) {
      const now = await readDatabaseTime(database)
      const { numUpdatedRows } = await database
        .updateTable('accounts')
        .set({
          refresh_lease_owner: owner,
          refresh_lease_until: new Date(now.getTime() + durationMs).toISOString(),
        })
        .where('id', '=', id)
        .where('token_version', '=', version)
        .where((row) =>
          row.or([
            row('refresh_lease_owner', 'is', null),
            row('refresh_lease_owner', '=', owner),
            row('refresh_lease_until', '<=', now.toISOString()),
          ]),
        )
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async saveTokens(id, version, { tokens, at }) {
      const { numUpdatedRows } = await database
        .updateTable('accounts')
        .set({
          accessToken: secrets.seal(tokens.accessToken, placeOf(id, 'accessToken')),
          ...(tokens.refreshToken !== undefined && {
            refreshToken: secrets.seal(tokens.refreshToken, placeOf(id, 'refreshToken')),
          }),
          expires_at: tokens.expiresAt.toISOString(),
          last_refresh_time: at.toISOString(),
          last_refresh_status: 'success',
          updated_at: at.toISOString(),
          token_version: version + 1,
          ...noLease,
        })
        .where('id', '=', id)
        .where('token_version', '=', version)
        .executeTakeFirst()
      return numUpdatedRows > 0n
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
      await database.transaction().execute(async (transaction) => {
        // In one order everywhere: two processes must not wait for each other's rows.
        for (const change of changes.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
          const { id, successes, strikes, strikesReset, standing } = change
          await transaction
            .updateTable('accounts')
            .set((column) => ({
              success_count: column('success_count', '+', successes),
              error_count: strikesReset ? strikes : column('error_count', '+', strikes),
              ...(standing !== undefined && toStandingColumns(standing)),
            }))
            .where('id', '=', id)
            .execute()
        }
      })
    },
  }
}
