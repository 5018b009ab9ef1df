/** Measures what the gateway stands on, for the operator who asks. */
import { statfs } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { sql } from 'kysely'
import type { Account } from '../accounts/account.ts'
import { waitFor } from '../background/wait-for.ts'
import type { Clock } from '../clock.ts'
import type { Config } from '../config.ts'
import type { Measured, Measurements } from '../http/admin/health/judge-health.ts'
import { reachProxy } from '../outbound/reach-proxy.ts'
import type { Database } from '../storage/database.ts'

const WATCH_LOOP_MS = 300
const LOOP_STEP_MS = 10
const DATABASE_WITHIN_MS = 2000
const PROXY_WITHIN_MS = 2000
const NANOSECONDS = 1e6

interface HealthMeasureParts {
  config: Pick<Config, 'dataDirectory' | 'httpProxy' | 'httpsProxy'>
  database: Database
  clock: Clock
  enabledAccounts: () => readonly Account[]
  /** Of this machine's clock at the last answer of the sign-in service. */
  offsetSeconds: () => number | undefined
}

export function createHealthMeasure(parts: HealthMeasureParts): () => Promise<Measurements> {
  const { clock } = parts
  return async () => {
    const [database, disk, eventLoop, proxy] = await Promise.all([
      measureDatabase(parts),
      measureDisk(parts.config.dataDirectory),
      measureEventLoop(clock),
      measureProxies(parts),
    ])
    return {
      database,
      disk,
      'event-loop': eventLoop,
      memory: measureMemory(),
      clock: parts.offsetSeconds() ?? 'unknown',
      proxy,
      'token-refresh': sinceRefresh(parts.enabledAccounts(), clock.now()),
    }
  }
}

async function measureDatabase({ database, clock }: HealthMeasureParts): Promise<Measured> {
  const startedAt = clock.elapsed()
  const giveUp = new AbortController()
  const tooLate = waitFor(DATABASE_WITHIN_MS, { clock, signal: giveUp.signal }).then(() => false)
  const answered = sql`select 1`.execute(database).then(Boolean, () => false)
  const isThere = await Promise.race([answered, tooLate])
  giveUp.abort()
  return isThere ? Math.round((clock.elapsed() - startedAt) * 100) / 100 : 'failed'
}

async function measureDisk(folder: string): Promise<Measured> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return 'unknown'
  }
}

/** How late the loop comes in the worst of a hundred steps, while it is watched. */
async function measureEventLoop(clock: Clock): Promise<Measured> {
  const delays = monitorEventLoopDelay({ resolution: LOOP_STEP_MS })
  delays.enable()
  await new Promise<void>((resolve) => void clock.after(WATCH_LOOP_MS, resolve))
  delays.disable()
  const lateMs = delays.percentile(99) / NANOSECONDS - LOOP_STEP_MS
  return delays.count === 0 ? 'unknown' : Math.max(0, Math.round(lateMs * 10) / 10)
}

/** Of what the container, or else the machine, gives. */
function measureMemory(): Measured {
  const machine = totalmem()
  const allowed = process.constrainedMemory()
  const limit = allowed > 0 && allowed < machine ? allowed : machine
  return Math.round((process.memoryUsage.rss() / limit) * 1000) / 1000
}

/** The slowest of them; one that cannot be reached counts for all. */
async function measureProxies({ config, clock }: HealthMeasureParts): Promise<Measured> {
  const { httpProxy, httpsProxy } = config
  const addresses = new Set([httpProxy, httpsProxy].filter((each) => each !== undefined))
  if (addresses.size === 0) return 'unused'
  const startedAt = clock.elapsed()
  const reached = await Promise.all([...addresses].map((each) => reachProxy(each, PROXY_WITHIN_MS)))
  return reached.every(Boolean) ? Math.round(clock.elapsed() - startedAt) : 'failed'
}

function sinceRefresh(accounts: readonly Account[], now: number): Measured {
  if (accounts.length === 0) return 'unused'
  let latest = Number.NEGATIVE_INFINITY
  for (const { lastRefresh } of accounts) {
    if (lastRefresh.status === 'success') latest = Math.max(latest, lastRefresh.at.getTime())
  }
  return Number.isFinite(latest) ? Math.max(0, Math.round((now - latest) / 1000)) : 'unknown'
}
