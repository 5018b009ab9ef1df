/** Accounts on a database of their own, for imports into it. */
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecrets } from '../src/access/secrets.ts'
import { createAccountTransfer } from '../src/accounts/account-transfer.ts'
import { createAccounts } from '../src/accounts/accounts.ts'
import { createPool } from '../src/accounts/pool/pool.ts'
import { chooseAtRandom } from '../src/accounts/pool/strategies/random.ts'
import { sampleLimits } from '../src/accounts/sample-account.ts'
import { createMemorySpill } from '../src/accounts/tokens/memory-spill.ts'
import { createTokenKeeper } from '../src/accounts/tokens/token-keeper.ts'
import { createAccountStore } from '../src/storage/accounts.ts'
import { openDatabase } from '../src/storage/database.ts'
import { createFakeClock } from './fake-clock.ts'

const report = (error: unknown) => {
  throw error
}

export async function openImportRig() {
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-import-rig-'))
  const database = await openDatabase({ path: join(folder, 'data.sqlite3') })
  const secrets = createSecrets({ masterKey: Buffer.alloc(32, 7), randomBytes })
  const store = createAccountStore(database, secrets)
  const clock = createFakeClock()
  const pool = await createPool({
    store,
    strategy: chooseAtRandom,
    random: () => 0,
    clock,
    limits: sampleLimits,
    report,
  })
  const keeper = createTokenKeeper({ store, spill: createMemorySpill().of(), clock, report })
  let count = 0
  const accounts = createAccounts({
    store,
    pool,
    freshCredentials: { forget() {}, refreshNow: () => Promise.reject(new Error('not expected')) },
    keeper,
    createId: () => `id-${(count += 1)}`,
    clock,
  })
  return {
    database,
    store,
    accounts,
    transfer: createAccountTransfer({ store, fingerprint: (secret) => secrets.fingerprint(secret) }),
    async close() {
      await database.destroy()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
