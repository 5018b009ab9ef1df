/** The program as it is started, killed in the middle of rotating its keys: what it has stored opens again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as z from 'zod'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'

const program = join(import.meta.dirname, '../../src/main.ts')
const ACCOUNTS = 40
/** After so many answers about rotations, of those that were asked for at once. */
const KILLS_AFTER = [1, 3]
const ROTATIONS = ['data', 'master', 'data', 'master', 'data', 'data', 'master'] as const

let simulator: Simulator
let folder = ''
beforeEach(async () => {
  simulator = await startSimulator()
  folder = mkdtempSync(join(tmpdir(), 'aqueduct-killed-'))
})
afterEach(async () => {
  await simulator.close()
  rmSync(folder, { recursive: true, force: true })
})

const lineSchema = z.object({ msg: z.string(), url: z.string().optional() })
const accountList = z.object({ accounts: z.array(z.object({ readable: z.boolean() })) })

async function start() {
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PORT: '0',
      DATA_DIR: folder,
      AMAZON_Q_ENDPOINT: simulator.url,
      OIDC_ENDPOINT: simulator.url,
      LOG_LEVEL: 'info',
    },
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = lineSchema.parse(JSON.parse(line))
    if (msg !== 'Aqueduct is ready' || url === undefined) continue
    child.stdout.resume()
    return {
      get: (path: string) => fetch(url + path),
      post: (path: string, body: unknown) =>
        fetch(url + path, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        }),
      end: async (signal: 'SIGKILL' | 'SIGTERM') => {
        child.kill(signal)
        await once(child, 'close')
      },
    }
  }
  throw new Error('It ended before it was ready.')
}
type Running = Awaited<ReturnType<typeof start>>

/** Asks for all rotations at once, and answers how many were done when it was killed. */
async function killAmidRotations(running: Running, after: number): Promise<number> {
  let done = 0
  const { promise, resolve } = Promise.withResolvers<void>()
  const rotations = ROTATIONS.map(async (what) => {
    const answer = await running.post('/v2/secrets/rotate', { what }).catch(() => undefined)
    if (answer?.status !== 200) return
    done += 1
    if (done === after) resolve()
  })
  await promise
  const doneAtKill = done
  await running.end('SIGKILL')
  await Promise.all(rotations)
  return doneAtKill
}

it('S22: keys are rotated to the end after a kill in between, and every secret opens at each start', async () => {
  let running = await start()
  const accounts = Array.from({ length: ACCOUNTS }, () => simulator.seed())
  expect((await running.post('/v2/accounts/batch', { accounts })).status).toBe(200)
  for (const after of KILLS_AFTER) {
    expect(await killAmidRotations(running, after)).toBeLessThan(ROTATIONS.length)
    running = await start()
    const list = accountList.parse(await (await running.get('/v2/accounts')).json())
    expect(list.accounts.filter(({ readable }) => readable)).toHaveLength(ACCOUNTS)
    const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
    expect((await running.post('/v1/chat/completions', chat)).status).toBe(200)
    expect(readdirSync(folder).filter((name) => name.startsWith('master'))).toEqual(['master.key'])
  }
  for (const what of ['master', 'data'])
    expect((await running.post('/v2/secrets/rotate', { what })).status).toBe(200)
  await running.end('SIGTERM')
}, 60_000)
