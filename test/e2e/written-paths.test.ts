/** The program as it is started, in folders of its own that are watched: where it writes, and how. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, it } from 'vitest'
import * as z from 'zod'
import { startSimulator, type Simulator } from '../../simulator/simulator.ts'

const program = join(import.meta.dirname, '../../src/main.ts')
const SLOW_START_MS = 60_000
const FOLDERS = ['work', 'home', 'temporary']

/** All that may ever be written: the database and the master key with their drafts, tokens that the database did not take. */
const ALLOWED =
  /^data(\/(data\.sqlite3(\.[0-9a-f]{16})?(-wal|-shm|-journal)?|master\.key(\.[0-9a-f]{16})?|unsaved-(tokens|sign-ins)(\/.*)?))?$/

let simulator: Simulator
let root = ''
beforeEach(async () => {
  simulator = await startSimulator()
  root = mkdtempSync(join(tmpdir(), 'aqueduct-watched-'))
  for (const name of FOLDERS) mkdirSync(join(root, name))
})
afterEach(async () => {
  await simulator.close()
  rmSync(root, { recursive: true, force: true })
})

const lineSchema = z.object({ msg: z.string(), url: z.string().optional() })

async function start() {
  const child = spawn(process.execPath, [program], {
    cwd: join(root, 'work'),
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      HOME: join(root, 'home'),
      TMPDIR: join(root, 'temporary'),
      PORT: '0',
      DATA_DIR: join(root, 'data'),
      AMAZON_Q_ENDPOINT: simulator.url,
      OIDC_ENDPOINT: simulator.url,
      LOG_LEVEL: 'debug',
    },
  })
  const complaints: string[] = []
  child.stderr.setEncoding('utf8').on('data', (piece: string) => complaints.push(piece))
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = lineSchema.parse(JSON.parse(line))
    if (msg === 'Aqueduct is ready' && url !== undefined) {
      child.stdout.resume()
      return { child, url, complaints }
    }
  }
  throw new Error(`It ended before it was ready: ${complaints.join('')}`)
}

it(
  'S25: a whole run writes nowhere but in the data folder, and there what it must; S24: all of it private',
  async () => {
    const seen = new Set<string>()
    const watcher = watch(root, { recursive: true }, (_, name) => {
      if (name !== null) seen.add(name)
    })
    try {
      const { child, url } = await start()
      const post = (path: string, body: unknown) =>
        fetch(`${url}${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
        })
      const { clientId, clientSecret, refreshToken } = simulator.seed()
      await post('/v2/accounts', { clientId, clientSecret, refreshToken })
      const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
      expect((await post('/v1/chat/completions', chat)).status).toBe(200)
      for (const what of ['data', 'master'])
        expect((await post('/v2/secrets/rotate', { what })).status).toBe(200)
      const wishes = { include_secrets: true, passphrase: 'correct horse battery' }
      expect((await post('/v2/accounts/export', wishes)).status).toBe(200)
      const written = listAll(root)
      expect(written.filter(({ isPrivate }) => !isPrivate)).toEqual([])
      child.kill('SIGTERM')
      await once(child, 'exit')
      for (const { path } of [...written, ...listAll(root)]) seen.add(path)
    } finally {
      watcher.close()
    }
    expect(seen).toContain('data/data.sqlite3-wal')
    expect([...seen].filter((path) => !FOLDERS.includes(path) && !ALLOWED.test(path))).toEqual([])
  },
  SLOW_START_MS,
)

it(
  'S27: the program opens no inspector for a signal, and goes on',
  async () => {
    const { child, url, complaints } = await start()
    for (let time = 0; time < 3; time += 1) {
      child.kill('SIGUSR1')
      expect((await fetch(`${url}/healthz`)).status).toBe(200)
    }
    child.kill('SIGTERM')
    const [exitCode] = await once(child, 'exit')
    expect([exitCode, complaints]).toEqual([0, []])
  },
  SLOW_START_MS,
)

/** What the program has made, with whether only its own user can open it. */
function listAll(folder: string): { path: string; isPrivate: boolean }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => ({ path: relative(folder, path), isPrivate: (lstatSync(path).mode & 0o077) === 0 }))
    .filter(({ path }) => !FOLDERS.includes(path))
}
