/** The upstream, and whatever stands between it and the load. */
import nodeEnvironment from '../../bin/launcher/node-environment.json' with { type: 'json' }
import nodeFlags from '../../bin/launcher/node-flags.json' with { type: 'json' }
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Behaviour } from '../programs/behaviour.ts'
import { createLoadClient, type LoadClient } from '../load/client.ts'
import type { Processors } from './processors.ts'
import { startProgram, type Program } from './program.ts'

/**
 * `ours` is the gateway, with one account; `pool` the same with many; `pass` and `min` are what it is measured by;
 * `direct` is no gateway at all.
 */
export type ContestantName = 'ours' | 'pool' | 'pass' | 'min' | 'direct'

export interface Contestant {
  name: ContestantName
  /** Undefined for `direct`, which is not a process. */
  pid: number | undefined
  /** From the start of the process to its first healthy answer. */
  startSeconds: number
  client: LoadClient
  /** Switches all accounts on, or all but the first off. */
  useAccounts(which: 'all' | 'one'): Promise<void>
  stop(): Promise<void>
}

export interface Lab {
  /** How the upstream answers from now on. */
  behave(behaviour: Behaviour): Promise<void>
  /** A fresh process, healthy and ready to serve. */
  start(name: ContestantName): Promise<Contestant>
  close(): Promise<void>
}

interface LabOptions {
  /** Undefined: nothing is pinned. */
  processors: Processors | undefined
  /** Arguments of Node for the gateway, such as those of its profiler. */
  gatewayFlags: readonly string[]
}

const scripts = {
  ours: fileURLToPath(new URL('../../dist/main.js', import.meta.url)),
  pass: fileURLToPath(new URL('../programs/pass.ts', import.meta.url)),
  pool: fileURLToPath(new URL('../../dist/main.js', import.meta.url)),
  min: fileURLToPath(new URL('../programs/min.ts', import.meta.url)),
  upstream: fileURLToPath(new URL('../programs/upstream.ts', import.meta.url)),
}
const KEY = 'bench-key'
/** As many as an operator of a large pool has. */
const POOL_ACCOUNTS = 100

export async function openLab({ processors, gatewayFlags }: LabOptions): Promise<Lab> {
  if (!existsSync(scripts.ours)) throw new Error('The gateway is not built: use `npm run bench`.')
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-bench-'))
  const open = new Set<Program>()
  let startCount = 0

  async function launch(name: keyof typeof scripts, settings: Record<string, string>): Promise<Program> {
    const processor = name === 'upstream' ? processors?.others : processors?.gateway
    const flags = isOurs(name) ? [...nodeFlags, ...gatewayFlags] : []
    const program = await startProgram({
      script: scripts[name],
      processor,
      flags,
      cwd: folder,
      // As `npm start` sets it: what V8 made of a program is kept for its next start.
      settings: { NODE_COMPILE_CACHE: join(folder, 'compiled'), ...settings },
    })
    open.add(program)
    return program
  }

  async function startContestant(name: Exclude<ContestantName, 'direct'>, upstreamUrl: string) {
    startCount += 1
    const data = join(folder, `data-${startCount}`)
    const settings = isOurs(name) ? gatewaySettings(data, upstreamUrl) : { UPSTREAM: upstreamUrl }
    const startedAt = performance.now()
    const program = await launch(name, settings)
    await send(`${program.url}/healthz`, { method: 'GET' })
    const startSeconds = (performance.now() - startedAt) / 1000
    if (isOurs(name)) await addAccounts(program.url, name === 'pool' ? POOL_ACCOUNTS : 1)
    return { program, startSeconds }
  }

  const upstream = await launch('upstream', {})
  return {
    async behave(behaviour) {
      await send(`${upstream.url}/behaviour`, { method: 'PUT', body: JSON.stringify(behaviour) })
    },
    async start(name) {
      const started = name === 'direct' ? undefined : await startContestant(name, upstream.url)
      const client = createLoadClient(started?.program.url ?? upstream.url, KEY)
      return {
        name,
        pid: started?.program.pid,
        startSeconds: started?.startSeconds ?? 0,
        client,
        async useAccounts(which) {
          if (started !== undefined) await switchAccounts(started.program.url, which === 'all')
        },
        async stop() {
          await client.close()
          if (started === undefined) return
          open.delete(started.program)
          await started.program.stop()
        },
      }
    },
    async close() {
      await Promise.all([...open].map((program) => program.stop()))
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** As in production: client keys, everything else by default. */
function gatewaySettings(dataDirectory: string, upstreamUrl: string): Record<string, string> {
  return {
    ...nodeEnvironment,
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: dataDirectory,
    AMAZON_Q_ENDPOINT: upstreamUrl,
    OIDC_ENDPOINT: upstreamUrl,
    OPENAI_KEYS: `another-key,${KEY}`,
  }
}

function isOurs(name: string): boolean {
  return name === 'ours' || name === 'pool'
}

/** Their tokens are not known to expire, so nothing is refreshed. */
async function addAccounts(gatewayUrl: string, count: number): Promise<void> {
  const accounts = Array.from({ length: count }, (_, index) => ({
    label: `Bench ${index}`,
    clientId: `bench-${index}`,
    clientSecret: 'bench',
    accessToken: `bench-token-${index}`,
  }))
  await send(`${gatewayUrl}/v2/accounts/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ accounts }),
  })
}

const accountList = z.looseObject({ accounts: z.array(z.looseObject({ id: z.string() })) })

async function switchAccounts(gatewayUrl: string, enabled: boolean): Promise<void> {
  const { accounts } = accountList.parse(
    JSON.parse(await send(`${gatewayUrl}/v2/accounts`, { method: 'GET' })),
  )
  for (const { id } of accounts.slice(1)) {
    await send(`${gatewayUrl}/v2/accounts/${id}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ enabled }),
    })
  }
}

async function send(url: string, request: RequestInit): Promise<string> {
  const response = await fetch(url, request)
  const text = await response.text()
  if (!response.ok) throw new Error(`${request.method} ${url} answered ${response.status}: ${text}`)
  return text
}
