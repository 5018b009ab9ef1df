/**
 * Time zones and clocks that are set do not change how often tokens are refreshed: the same days, in processes of
 * several time zones. Run: node test/full/token-clock.ts [accounts]
 */
import { spawnSync } from 'node:child_process'
import { clockFaults, countRefreshesOfADay } from '../token-day.ts'

const ZONES = ['UTC', 'Asia/Shanghai', 'America/New_York', 'Asia/Kolkata']
const DEFAULT_ACCOUNTS = 20

const [accounts = DEFAULT_ACCOUNTS] = process.argv.slice(2).map(Number)
if (process.env['TZ_OF_CHILD'] === undefined) compareZones()
else process.stdout.write(`${(await countDays()).join(' ')}\n`)

async function countDays(): Promise<number[]> {
  const counts: number[] = []
  for (const fault of clockFaults) counts.push(await countRefreshesOfADay(fault, accounts))
  return counts
}

function compareZones(): void {
  const all = new Set<string>()
  for (const zone of ZONES) {
    const { stdout, status } = spawnSync(process.execPath, [import.meta.filename, String(accounts)], {
      env: { ...process.env, TZ: zone, TZ_OF_CHILD: zone },
      stdio: ['ignore', 'pipe', 'inherit'],
      encoding: 'utf8',
    })
    process.stdout.write(`${zone}: refreshes of ${accounts} accounts in a day with each clock: ${stdout}`)
    if (status !== 0) throw new Error(`the process in ${zone} failed`)
    stdout
      .trim()
      .split(' ')
      .forEach((count) => all.add(count))
  }
  if (all.size !== 1) throw new Error('the wall clock has a say in how often tokens are refreshed')
}
