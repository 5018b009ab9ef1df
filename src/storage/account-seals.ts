/**
 * Notices that somebody put older credentials of an account in place of its last ones, a whole row or a part of it: a keyed
 * hash of them is kept in a table of its own. Whoever sets back both tables is not noticed.
 */
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import type { Secrets } from '../access/secrets.ts'
import type { Database } from './database.ts'
import type { AccountsTable } from './tables.ts'

type SealedRow = Pick<
  AccountsTable,
  'id' | 'clientId' | 'clientSecret' | 'refreshToken' | 'accessToken' | 'token_version'
>

/** A row with what is kept of it elsewhere. */
export type WatchedRow = AccountsTable & { seal: string | null }

export interface AccountSeals {
  /** False: its credentials are not the last ones that were stored. */
  isLast(row: SealedRow & { seal: string | null }): boolean
  /** To be called in the transaction that stored them. */
  write(transaction: Pick<Database, 'selectFrom' | 'insertInto'>, ...ids: readonly string[]): Promise<void>
  /** The same for rows as they have just been written. */
  writeOf(transaction: Pick<Database, 'insertInto'>, rows: readonly SealedRow[]): Promise<void>
  remove(transaction: Pick<Database, 'deleteFrom'>, id: string): Promise<void>
}

/** Rows from before there were seals have this at the beginning of their secrets. */
const OLDEST = 'aq1:'

export function createAccountSeals(secrets: Secrets): AccountSeals {
  const key = createSecretKey(secrets.deriveKey('account-seals'))

  function sealOf(row: SealedRow): string {
    const { id, clientId, clientSecret, refreshToken, accessToken, token_version: version } = row
    const credentials = JSON.stringify([id, version, clientId, clientSecret, refreshToken, accessToken])
    return createHmac('sha256', key).update(credentials).digest('hex')
  }

  async function writeOf(
    transaction: Pick<Database, 'insertInto'>,
    rows: readonly SealedRow[],
  ): Promise<void> {
    if (rows.length === 0) return
    await transaction
      .insertInto('account_seals')
      .values(rows.map((row) => ({ account_id: row.id, seal: sealOf(row) })))
      .onConflict((conflict) =>
        conflict.column('account_id').doUpdateSet((row) => ({ seal: row.ref('excluded.seal') })),
      )
      .execute()
  }

  return {
    isLast(row) {
      if (row.seal === null) return secrets.knowsOldRows && row.clientSecret.startsWith(OLDEST)
      const expected = Buffer.from(sealOf(row))
      const found = Buffer.from(row.seal)
      return found.length === expected.length && timingSafeEqual(found, expected)
    },

    async write(transaction, ...ids) {
      const rows = await transaction.selectFrom('accounts').selectAll().where('id', 'in', ids).execute()
      await writeOf(transaction, rows)
    },

    writeOf,

    async remove(transaction, id) {
      await transaction.deleteFrom('account_seals').where('account_id', '=', id).execute()
    },
  }
}
