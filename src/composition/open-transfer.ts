import { randomBytes } from 'node:crypto'
import { createEnvelopes } from '../access/export-envelope.ts'
import { createAccountTransfer } from '../accounts/account-transfer.ts'
import type { Records } from './records.ts'

/** Accounts with their secrets, on their way out and in. */
export function openTransfer({ store, keys }: Pick<Records, 'store' | 'keys'>) {
  return {
    transfer: createAccountTransfer({ store, fingerprint: (secret) => keys.secrets.fingerprint(secret) }),
    envelopes: createEnvelopes(randomBytes),
  }
}
