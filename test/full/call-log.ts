/**
 * What traffic costs: a request that is noted, a batch that is written, and a page of the log of calls where there are
 * many. Run: node test/full/call-log.ts [rows]
 */
import BetterSqlite3 from 'better-sqlite3'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { toKeptCall, type DetailedCall } from '../../src/calls/kept-call.ts'
import { noCounts } from '../../src/calls/request-counts.ts'
import { sampleEndedCall } from '../../src/calls/sample-ended-call.ts'
import { createCallHistogram } from '../../src/calls/call-histogram.ts'
import { createTraffic } from '../../src/calls/traffic.ts'
import type { CallFilter, CallSlice } from '../../src/calls/traffic-store.ts'
import { systemClock as clock } from '../../src/clock.ts'
import { toCallRow } from '../../src/storage/call-rows.ts'
import { createCallStore } from '../../src/storage/calls.ts'
import { createTrafficStore } from '../../src/storage/traffic.ts'
import { openDatabase } from '../../src/storage/database.ts'

const ROWS = Number(process.argv[2] ?? 1_000_000)
const FILL_MS = 45_000
const FILLED_AT_ONCE = 5000
const BATCH = 100
const MOST_PAGE_MS = 50
const MOST_NOTE_MICROSECONDS = 2
const START = Date.parse('2026-11-01T00:00:00Z')
const MODELS = ['claude-sonnet-4.5', 'claude-haiku-4.5', 'claude-opus-4.5', 'rare']

const tell = (line: string) => process.stdout.write(`${line}\n`)

/** In the best of some rounds: whatever else the machine does spares that one. */
async function measureNote(): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < 50; round += 1) {
    const traffic = createTraffic({
      store: {
        add: async () => {},
        listSince: async () => [],
        sumSince: () => Promise.reject(new Error('Nobody asks.')),
        sumTops: async () => [],
        listBeatsSince: async () => [],
        listAccountSteps: async () => [],
        prune: async () => {},
      },
      calls: { insert: async () => {} },
      keepsCalls: () => true,
      clock,
      warn: () => {},
      report: () => {},
    })
    const { call } = sampleEndedCall('r')
    const begun = performance.now()
    for (let index = 0; index < 4000; index += 1) traffic.note(sampleOf(index, call))
    least = Math.min(least, ((performance.now() - begun) * 1000) / 4000)
    await traffic.close()
  }
  return least
}

function sampleOf(index: number, call: ReturnType<typeof sampleEndedCall>['call']) {
  return {
    id: 'req_x',
    endedAt: clock.now(),
    outcome: 'ok' as const,
    status: 200,
    failure: undefined,
    dialect: 'openai-chat',
    stream: true,
    model: 'm',
    modelUsed: 'm',
    isCounted: true,
    keyId: 'k',
    totalMs: index,
    leadMs: 1,
    call,
    userAgent: 'claude-cli/2.1.0 (external, cli)',
    requestBytes: 512,
    holds: { tools: true, images: false },
  }
}

function rowOf(index: number): DetailedCall {
  const isFailed = index % 50 === 0
  const kept = toKeptCall(sampleEndedCall(`req_${String(index * 7919).padStart(20, 'x')}`))
  return {
    ...kept,
    at: START + index * 2000,
    outcome: isFailed ? 'upstream-error' : 'ok',
    ...(isFailed && { status: 502, failure: index % 5000 === 0 ? 'throttled' : 'upstream-unavailable' }),
    model: index % 100_003 === 7 ? 'rare' : (MODELS[index % 3] ?? ''),
    keyId: `key-${index % 40}`,
    accountIds: isFailed ? [`account-${index % 100}`, 'spare'] : [`account-${index % 100}`],
  }
}

/** Faster than the store, which does not write so many at once. */
function fill(file: string): number {
  const sqlite = new BetterSqlite3(file)
  sqlite.pragma('synchronous = off')
  const columns = Object.keys(toCallRow(rowOf(0)))
  const marks = columns.map((column) => `@${column}`).join(', ')
  const calls = sqlite.prepare(`insert into calls (${columns.join(', ')}) values (${marks})`)
  const accounts = sqlite.prepare('insert into call_accounts values (?, ?, ?)')
  const insertMany = sqlite.transaction((first: number) => {
    for (let index = first; index < first + FILLED_AT_ONCE; index += 1) {
      const row = rowOf(index)
      calls.run(toCallRow(row))
      for (const account of row.accountIds) accounts.run(account, new Date(row.at).toISOString(), row.id)
    }
  })
  const begun = performance.now()
  let rows = 0
  for (; rows < ROWS && performance.now() - begun < FILL_MS; rows += FILLED_AT_ONCE) insertMany(rows)
  sqlite.close()
  return rows
}

/** Milliseconds of processor time, in which nothing else is done, in the best of some rounds: other programs shall not count. */
async function leastOf(rounds: number, run: (round: number) => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY
  for (let round = 0; round < rounds; round += 1) {
    const begun = process.cpuUsage()
    await run(round)
    const { user, system } = process.cpuUsage(begun)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}

const filters: [string, CallFilter][] = [
  ['all', {}],
  ['failed', { outcome: 'upstream-error' }],
  ['shed, of which there are none', { outcome: 'shed' }],
  ['of a key', { key: 'key-7' }],
  ['of an account', { account: 'account-13' }],
  ['of a rare model', { model: 'rare' }],
  ['of a key, failed', { key: 'key-10', outcome: 'upstream-error' }],
  ['of a key, of a rare model', { key: 'key-7', model: 'rare' }],
  ['of an account, shed', { account: 'account-13', outcome: 'shed' }],
  ['in the middle', { since: START + ROWS * 500, until: START + ROWS * 1000 }],
  ['of one id', { id: 'req_none' }],
  ['of ids that begin so', { idPrefix: 'req_xxxxxxxxxxx' }],
  ['of ids that no call has', { idPrefix: 'req_a1b2c3d4' }],
  ['with a status', { statusClass: '5xx', withoutTrials: true }],
  ['of a failure', { failures: ['throttled'], withoutTrials: true }],
  ['of a client, slow ones', { client: 'curl', minimumMs: 5000 }],
]

const HOUR_MS = 3_600_000
/** The whole of a month by what is counted already; else as many calls as one look counts, wherever they are. */
const histograms: [string, Omit<CallFilter, 'since' | 'until'>][] = [
  ['all', { withoutTrials: true }],
  ['failed', { withoutTrials: true, outcome: 'upstream-error' }],
  ['all, one by one', {}],
  ['that went well, one by one', { outcome: 'ok' }],
  ['of a key', { key: 'key-7' }],
  ['of an account', { account: 'account-13', withoutTrials: true }],
  ['of a key, slow ones', { key: 'key-7', minimumMs: 500, withoutTrials: true }],
  ['with a status', { statusClass: '5xx', withoutTrials: true }],
  ['of a failure', { failures: ['throttled'], withoutTrials: true }],
]

/** As the gateway counts while it serves: a month by the hour. */
async function fillCounts(store: ReturnType<typeof createTrafficStore>, end: number): Promise<void> {
  const { at: _, ...counts } = { ...noCounts(), at: 0, ok: 100, upstreamErrors: 2 }
  const hours = Array.from({ length: 24 * 30 }, (_hour, index) => ({
    ...counts,
    at: end - (end % HOUR_MS) - index * HOUR_MS,
    firstTokens: new Map([[3, 100]]),
    durations: new Map([[3, 100]]),
  }))
  await store.add({ steps: new Map([[3600, hours]]), beats: [], accounts: [], tops: new Map() })
}

async function measureHistograms(store: ReturnType<typeof createCallStore>, rows: number): Promise<void> {
  const end = START + rows * 2000
  const counts = createTrafficStore(database)
  await fillCounts(counts, end)
  const read = createCallHistogram({
    calls: store,
    traffic: counts,
    clock: { now: () => end },
    cursorKey: Buffer.alloc(32),
  })
  const span = { since: end - 30 * 24 * HOUR_MS, until: end }
  for (const [name, filter] of histograms) {
    let cursor: string | undefined
    const times: number[] = []
    let counted = 0
    for (let look = 0; look < 10; look += 1) {
      const wishes = { filter, ...span, cursor }
      times.push(await leastOf(5, () => read(wishes)))
      const { steps, nextCursor } = await read(wishes)
      counted += steps.reduce((sum, { ok, upstreamErrors }) => sum + ok + upstreamErrors, 0)
      cursor = nextCursor
      if (cursor === undefined) break
    }
    const worst = Math.max(...times)
    tell(`a histogram, ${name}: ${worst.toFixed(1)} ms at worst of ${times.length}, ${counted} counted`)
    if (worst > MOST_PAGE_MS) problems.push(`a histogram, ${name}, takes too long`)
  }
}

const note = await measureNote()
tell(`a request that is noted: ${note.toFixed(2)} µs`)

const folder = mkdtempSync(join(tmpdir(), 'aqueduct-calls-'))
const path = join(folder, 'data.sqlite3')
const database = await openDatabase({ path })
const problems: string[] = note > MOST_NOTE_MICROSECONDS ? ['noting takes too long'] : []
try {
  const store = createCallStore(database)
  const rows = fill(path)
  tell(`${rows} calls`)
  const stored = await leastOf(20, async (round) =>
    store.insert(Array.from({ length: BATCH }, (_, index) => rowOf(rows + round * BATCH + index))),
  )
  tell(`to store ${BATCH} at once: ${stored.toFixed(1)} ms`)
  for (const [name, filter] of filters) {
    const times: number[] = []
    let before: CallSlice['before']
    for (let page = 0; page < 10; page += 1) {
      const slice = { limit: 100, ...(before && { before }) }
      times.push(await leastOf(5, () => store.find(filter, slice)))
      before = (await store.find(filter, slice)).next
      if (before === undefined) break
    }
    const worst = Math.max(...times)
    tell(`a page, ${name}: ${worst.toFixed(1)} ms at worst of ${times.length}`)
    if (worst > MOST_PAGE_MS) problems.push(`a page, ${name}, takes too long`)
  }
  await measureHistograms(store, rows)
  const counting = await leastOf(3, () => store.count())
  const forgetting = await leastOf(10, () => store.prune({}, 250))
  tell(`to count them: ${counting.toFixed(1)} ms; to forget 250: ${forgetting.toFixed(1)} ms`)
} finally {
  await database.destroy()
  rmSync(folder, { recursive: true, force: true })
}
if (problems.length > 0) {
  tell(problems.join('\n'))
  process.exitCode = 1
}
