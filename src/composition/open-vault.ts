import { randomBytes } from 'node:crypto'
import { createEnvelopes } from '../access/export-envelope.ts'
import { createAccountTransfer } from '../accounts/account-transfer.ts'
import type { Foundation } from './foundation.ts'

/** Keys of secrets, and accounts with theirs on their way out and in. */
export function openVault({ store, keys, upkeep }: Pick<Foundation, 'store' | 'keys' | 'upkeep'>) {
  return {
    transfer: createAccountTransfer({ store, fingerprint: (secret) => keys.secrets.fingerprint(secret) }),
    envelopes: createEnvelopes(randomBytes),
    keyRotation: {
      rotateMaster: () => keys.rotateMaster(),
      async rotateData() {
        const id = await keys.rotate()
        // Sealing anew goes on in the background; nobody waits for it.
        void upkeep.look()
        return id
      },
    },
  }
}
