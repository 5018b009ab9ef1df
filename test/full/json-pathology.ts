/**
 * Five thousand bodies of odd JSON, one after another, to a gateway that is a process of its own: how much it works and how
 * much memory it takes for each is told by the kernel. Run: node test/full/json-pathology.ts [seed] [count]
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cpuSecondsOf, peakMegabytesOf } from '../../bench/lab/process-accounting.ts'
import nodeFlags from '../../bin/launcher/node-flags.json' with { type: 'json' }
import { startSimulator } from '../../simulator/simulator.ts'
import { checkOutcome, oddCase } from './hostile/check-odd-bodies.ts'
import { expectEnough } from './lab/enough-done.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 5000
const LONGEST_MS = 11 * 60_000
const PATIENCE_MS = 30_000
const MOST_WORK_SECONDS = 0.2
const MOST_MEGABYTES = 64
const PROGRAM = join(import.meta.dirname, '../../src/main.ts')

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const folder = mkdtempSync(join(tmpdir(), 'aqueduct-json-'))
const simulator = await startSimulator()
const gateway = spawn(process.execPath, [...nodeFlags, PROGRAM], {
  cwd: folder,
  env: {
    PORT: '0',
    DATA_DIR: join(folder, 'data'),
    AMAZON_Q_ENDPOINT: simulator.url,
    OIDC_ENDPOINT: simulator.url,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const { pid = 0 } = gateway
let log = ''
gateway.stdout.setEncoding('utf8').on('data', (text: string) => {
  log += text
})

const statuses = new Map<number, number>()
const most = { work: { value: 0, told: '' }, memory: { value: 0, told: '' } }
let done = 0
try {
  const url = await findUrl()
  await addAccount(url)
  const start = performance.now()
  // What is loaded and compiled once is nobody's fault.
  for (let nth = 0; nth < 200; nth += 1) await send(url, nth)
  for (; done < count && performance.now() - start < LONGEST_MS; done += 1) await check(url, done)
  if ((await fetch(`${url}/healthz`)).status !== 200) throw new Error('The gateway is not well.')
} finally {
  gateway.kill('SIGTERM')
  await once(gateway, 'close')
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
}
const bug = log.split('\n').find((line) => /"level":[56]0/.test(line))
if (bug !== undefined) throw new Error(`The gateway logged a failure of its own: ${bug}`)
const told = Array.from(statuses, ([status, times]) => `${status} × ${times}`).toSorted()
process.stdout.write(
  `F5: seed ${seed}, ${done} bodies: ${told.join(', ')}\n` +
    `most work ${(most.work.value * 1000).toFixed(0)} ms (${most.work.told}), most memory ${most.memory.value.toFixed(0)} MB (${most.memory.told})\n`,
)
expectEnough(done, count)
if (most.work.value > MOST_WORK_SECONDS || most.memory.value > MOST_MEGABYTES) process.exitCode = 1

async function check(url: string, nth: number): Promise<void> {
  const odd = oddCase(seed, nth)
  // The peak counts anew from here.
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
  const before = { work: cpuSecondsOf(pid), memory: peakMegabytesOf(pid) }
  const status = await send(url, nth)
  note('work', cpuSecondsOf(pid) - before.work, odd.told)
  note('memory', peakMegabytesOf(pid) - before.memory, odd.told)
  statuses.set(status, (statuses.get(status) ?? 0) + 1)
  checkOutcome(odd, status)
}

function note(what: keyof typeof most, value: number, by: string): void {
  if (value > most[what].value) most[what] = { value, told: by }
}

async function send(url: string, nth: number): Promise<number> {
  const { dialect, bytes, told: by } = oddCase(seed, nth)
  const headers = { 'content-type': 'application/json' }
  const wishes = { method: 'POST', headers, body: bytes, signal: AbortSignal.timeout(PATIENCE_MS) }
  const answer = await fetch(`${url}${dialect.paths[0]}`, wishes)
  if ((await answer.text()) === '') throw new Error(`${by}: an answer without a body`)
  return answer.status
}

async function findUrl(): Promise<string> {
  for (;;) {
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(log) ?? []
    if (url !== undefined && log.includes('Aqueduct is ready')) return url
    await once(gateway.stdout, 'data')
  }
}

async function addAccount(url: string): Promise<void> {
  const { clientId, clientSecret, refreshToken } = simulator.seed()
  const answer = await fetch(`${url}/v2/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ clientId, clientSecret, refreshToken }),
  })
  if (!answer.ok) throw new Error(`The gateway did not take the account: ${answer.status}`)
}
