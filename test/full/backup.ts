/**
 * A backup of ten thousand accounts, restored on another data folder with its master key: at most 30 seconds, every
 * account byte for byte, every secret readable. Run: node test/full/backup.ts [accounts]
 */
import { randomBytes } from 'node:crypto'
import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { sql } from 'kysely'
import { openSecrets } from '../../src/access/master-key.ts'
import { sampleAccount } from '../../src/accounts/sample-account.ts'
import { createAccountStore } from '../../src/storage/accounts.ts'
import { createDataKeyStore } from '../../src/storage/data-keys.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { createSecretCheckStore } from '../../src/storage/settings.ts'
import { openCliUnderTest } from '../cli-under-test.ts'

const ACCOUNTS = Number(process.argv[2] ?? 10_000)
const MOST_SECONDS = 30

const tell = (line: string) => process.stdout.write(`${line}\n`)

async function openAccounts(dataDirectory: string) {
  const database = await openDatabase({ path: join(dataDirectory, 'data.sqlite3') })
  const checks = createSecretCheckStore(database)
  const dataKeys = createDataKeyStore(database)
  const { secrets } = await openSecrets({ dataDirectory, checks, dataKeys, randomBytes })
  return { database, store: createAccountStore(database, secrets) }
}

const secret = () => randomBytes(300).toString('base64url')

async function fill(dataDirectory: string): Promise<void> {
  const { database, store } = await openAccounts(dataDirectory)
  // One commit a row is not what is measured.
  await sql`pragma synchronous = off`.execute(database)
  for (let index = 0; index < ACCOUNTS; index += 1) {
    const credentials = {
      clientId: `c${index}`,
      clientSecret: secret(),
      refreshToken: secret(),
      accessToken: secret(),
    }
    await store.insert(sampleAccount(`account-${index}`, { label: `seat ${index}` }), credentials)
  }
  await database.destroy()
}

async function readAll(dataDirectory: string) {
  const { database, store } = await openAccounts(dataDirectory)
  const rows = await database.selectFrom('accounts').selectAll().orderBy('id').execute()
  const accounts = await store.list()
  await database.destroy()
  return { text: JSON.stringify(rows), readable: accounts.filter((each) => each.readable).length }
}

const cli = openCliUnderTest()
try {
  const [from, to] = [join(cli.folder, 'data'), join(cli.folder, 'elsewhere')]
  mkdirSync(from)
  mkdirSync(to)
  await fill(from)
  copyFileSync(join(from, 'master.key'), join(to, 'master.key'))
  const file = join(cli.folder, 'full.backup')
  const begun = performance.now()
  const made = await cli.run(['backup', file])
  const between = performance.now()
  const restored = await cli.run(['restore', file], { environment: { DATA_DIR: to } })
  const ended = performance.now()
  tell(`${made.output}${made.notes}${restored.output}${restored.notes}`)
  const seconds = (ended - begun) / 1000
  tell(
    `backup ${((between - begun) / 1000).toFixed(2)} s, both ${seconds.toFixed(2)} s (at most ${MOST_SECONDS} s)`,
  )
  const [before, after] = [await readAll(from), await readAll(to)]
  if (before.text !== after.text) throw new Error('accounts differ')
  if (after.readable !== ACCOUNTS) throw new Error(`${after.readable} of ${ACCOUNTS} can be read`)
  if (seconds > MOST_SECONDS) throw new Error('too slow')
} finally {
  cli.close()
}
