/**
 * Accounts of other programs: 20,000 files that were damaged or changed to do harm, and a q2api database of 10,000 accounts that is imported
 * twice. Run: node test/full/import-sources.ts [seed] [count] [rows]
 */
import { importAccounts, countImported } from '../../src/accounts/import-accounts.ts'
import { readSource } from '../../src/import-sources/read-source.ts'
import { openImportRig } from '../import-rig.ts'
import { createFolder, q2apiRow, readAccount, writeQ2api } from '../import-samples.ts'
import { checkMutatedSources } from '../mutated-sources.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 20_000
const DEFAULT_ROWS = 10_000
/** Of the processor, as others may use the machine as well. */
const MOST_SECONDS = 10
/** As long as those of AWS are. */
const SECRET_CHARACTERS = 3000

const numbers = process.argv.slice(2).map(Number)
const [seed = DEFAULT_SEED, runs = DEFAULT_COUNT, rows = DEFAULT_ROWS] = numbers

const { read, refused } = await checkMutatedSources({ runs, seed })
process.stdout.write(`${runs} changed sources: ${read} read, ${refused} refused, no promise broken\n`)
if (!(await importsLargeDatabase())) process.exitCode = 1

async function importsLargeDatabase(): Promise<boolean> {
  const folder = createFolder()
  const rig = await openImportRig()
  try {
    const path = folder.pathOf('data.sqlite3')
    const padding = 'x'.repeat(SECRET_CHARACTERS)
    const sample = Array.from({ length: rows }, (_, index) =>
      q2apiRow(index, { clientSecret: `canary-${index}-${padding}` }),
    )
    writeQ2api(path, sample)
    const results: boolean[] = []
    for (const expected of ['created', 'duplicates'] as const) {
      const { seconds, counts } = await importOnce(path, rig)
      process.stdout.write(
        `${rows} accounts: ${counts.created} created, ${counts.duplicates} duplicates, ${counts.invalid} invalid in ${seconds.toFixed(1)} s of the processor (at most ${MOST_SECONDS})\n`,
      )
      results.push(counts[expected] === rows && seconds <= MOST_SECONDS)
    }
    return results.every(Boolean)
  } finally {
    await rig.close()
    folder.remove()
  }
}

async function importOnce(path: string, rig: Awaited<ReturnType<typeof openImportRig>>) {
  const before = process.cpuUsage()
  const source = await readSource(path, { readAccount })
  const imported = await importAccounts(source.rows, { ...rig, by: { kind: 'operator' } })
  const { user, system } = process.cpuUsage(before)
  return { seconds: (user + system) / 1e6, counts: countImported(imported) }
}
