/**
 * Two processes on one database refresh the same rotating tokens at the same time: none is used twice, none is lost.
 * Run: node test/full/token-rotation.ts [accounts]
 */
import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { startSimulator } from '../../simulator/simulator.ts'

const DEFAULT_ACCOUNTS = 1000
const MOST_AT_ONCE = 16

const [accounts = DEFAULT_ACCOUNTS] = process.argv.slice(2).map(Number)
const simulator = await startSimulator({ switches: { journalBodies: false, journalEntries: 100_000 } })
const dataDirectory = mkdtempSync(join(tmpdir(), 'aqueduct-rotation-'))
const ready = z.looseObject({ url: z.string(), version: z.string() })
const added = z.looseObject({ id: z.string() })
const children: ChildProcess[] = []

async function startProcess(): Promise<string> {
  const environment = { DATA_DIR: dataDirectory, PORT: '0', HOST: '127.0.0.1', LOG_LEVEL: 'info' }
  const services = { AMAZON_Q_ENDPOINT: simulator.url, OIDC_ENDPOINT: simulator.url }
  const child = fork(new URL('../../src/main.ts', import.meta.url), {
    cwd: dataDirectory,
    env: { PATH: process.env['PATH'], ...environment, ...services },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  children.push(child)
  if (child.stdout === null) throw new Error('no output')
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve) => {
    lines.on('line', (line) => {
      const said = ready.safeParse(JSON.parse(line))
      if (said.success) resolve(said.data.url)
    })
  })
}

async function post(url: string, body: unknown): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

async function forEach<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items]
  const lane = async () => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item)
  }
  await Promise.all(Array.from({ length: MOST_AT_ONCE }, lane))
}

const first = await startProcess()
const ids: string[] = []
await forEach([...Array(accounts).keys()], async () => {
  const { clientId, clientSecret, refreshToken } = simulator.seed()
  const answer = await post(`${first}/v2/accounts`, { clientId, clientSecret, refreshToken, enabled: false })
  ids.push(added.parse(await answer.json()).id)
})
const second = await startProcess()

const startedAt = performance.now()
const failures: number[] = []
async function refresh(url: string, id: string): Promise<void> {
  const answer = await post(`${url}/v2/accounts/${id}/refresh`, {})
  await answer.arrayBuffer()
  if (!answer.ok) failures.push(answer.status)
}
await forEach(ids, async (id) => {
  await Promise.all([refresh(first, id), refresh(second, id)])
})
const seconds = (performance.now() - startedAt) / 1000
const refreshes = simulator.journal.refreshes()
// A token that was lost shows in the next refresh.
await forEach(ids, (id) => refresh(second, id))

const refusals = simulator.journal.entries().filter(({ outcome }) => outcome.kind === 'refused').length
const signedOut = simulator.accounts().filter(({ signedIn }) => !signedIn).length
for (const child of children) child.kill('SIGTERM')
await simulator.close()
rmSync(dataDirectory, { recursive: true, force: true })
process.stdout.write(
  `${accounts} accounts, each refreshed by two processes at once: ${refreshes} refreshes in ${seconds.toFixed(1)} s, ` +
    `${refusals} refused, ${failures.length} failed, ${signedOut} signed out\n`,
)
if (refreshes < accounts) throw new Error('not every account was refreshed')
if (refusals + failures.length + signedOut > 0) throw new Error('a rotating token was used twice, or lost')
