import type { AccountStore } from '../accounts/account-store.ts'
import type { Secrets } from '../access/secrets.ts'
import { placeOf, toAccount, toCredentials, toRow } from './account-rows.ts'
import type { Database } from './database.ts'

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
      return rows.map((row) => toAccount(row, secrets))
    },

    async find(id) {
      const row = await rowOf(id)
      return row && toAccount(row, secrets)
    },

    async remove(id) {
      const { numDeletedRows } = await database.deleteFrom('accounts').where('id', '=', id).executeTakeFirst()
      return numDeletedRows > 0n
    },

    async readCredentials(id) {
      const row = await rowOf(id)
      return row && toCredentials(row, secrets)
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
        })
        .where('id', '=', id)
        .where('token_version', '=', version)
        .execute()
    },

    async addCounters(changes) {
      await database.transaction().execute(async (transaction) => {
        for (const { id, successes, strikes, strikesReset } of changes) {
          await transaction
            .updateTable('accounts')
            .set((column) => ({
              success_count: column('success_count', '+', successes),
              error_count: strikesReset ? strikes : column('error_count', '+', strikes),
            }))
            .where('id', '=', id)
            .execute()
        }
      })
    },
  }
}
