import type { Foundation } from './foundation.ts'
import { openTransfer } from './open-transfer.ts'

/** Keys of secrets, and accounts with theirs on their way out and in. */
export function openVault({ store, keys, upkeep }: Pick<Foundation, 'store' | 'keys' | 'upkeep'>) {
  return {
    ...openTransfer({ store, keys }),
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
