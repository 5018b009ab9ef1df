/** The built program as a process of its own, with the probe in it and its log read. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import nodeFlags from '../../../../bin/launcher/node-flags.json' with { type: 'json' }

const lag = z.object({ p50Ms: z.number(), p99Ms: z.number(), maxMs: z.number() })
const rest = z.object({
  resources: z.record(z.string(), z.number()),
  listeners: z.number(),
  heapBytes: z.number(),
})

export interface SoakedGateway {
  pid: number
  url: string
  beginLoad(): Promise<void>
  /** How late its event loop was since the load began. */
  endLoad(): Promise<z.output<typeof lag>>
  /** What there is while nothing is under way; garbage is collected. */
  rest(): Promise<z.output<typeof rest>>
  /** What it should not have said: of the log the lines that tell of a fault of its own, and anything beside the log. */
  complaints(): readonly string[]
  hasEnded(): boolean
  /** By SIGTERM. */
  stop(): Promise<{ exitCode: number | null; seconds: number }>
}

const program = fileURLToPath(new URL('../../../../dist/main.js', import.meta.url))
const probe = new URL('probe.ts', import.meta.url).href
const MOST_COMPLAINTS = 20
/** As pino has it. */
const ERROR_LEVEL = 50
/** The machine may be busy with others. */
const PATIENCE_MS = 60_000
/** Longer than the program gives itself. */
const LONGEST_END_MS = 45_000

const line = z.looseObject({ level: z.number(), url: z.string().optional(), version: z.string().optional() })
const numbered = z.looseObject({ number: z.int() })

export async function startSoakedGateway(
  folder: string,
  settings: Record<string, string>,
): Promise<SoakedGateway> {
  const args = [...nodeFlags, '--import', probe, program]
  const child = spawn(process.execPath, args, {
    cwd: folder,
    // Nothing of the user's own: a proxy or a NODE_OPTIONS would be measured too.
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...settings },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  const complaints: string[] = []
  const complain = (text: string) => void (complaints.length < MOST_COMPLAINTS && complaints.push(text))
  const url = Promise.withResolvers<string>()
  const [output, errors] = [child.stdout, child.stderr]
  if (output === null || errors === null) throw new Error('The gateway has no output.')
  createInterface({ input: output }).on('line', (text) => {
    const said = line.safeParse(parseJson(text)).data
    if (said === undefined || said.level >= ERROR_LEVEL) complain(text)
    if (said?.url !== undefined && said.version !== undefined) url.resolve(said.url)
  })
  createInterface({ input: errors }).on('line', complain)
  const closed = once(child, 'close')
  closed.then(
    () => url.reject(new Error(`The gateway did not start. ${complaints.join(' ')}`)),
    () => {},
  )

  const waiting = new Map<number, (message: unknown) => void>()
  let number = 0
  child.on('message', (message) => {
    const answer = numbered.parse(message)
    waiting.get(answer.number)?.(answer)
    waiting.delete(answer.number)
  })
  function ask(kind: 'begin-load' | 'end-load' | 'rest'): Promise<unknown> {
    number += 1
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const patience = setTimeout(() => reject(new Error('The gateway does not react.')), PATIENCE_MS)
    waiting.set(number, (message) => {
      clearTimeout(patience)
      resolve(message)
    })
    child.send({ number, kind })
    return promise
  }

  const readyUrl = await url.promise
  return {
    pid: child.pid ?? 0,
    url: readyUrl,
    beginLoad: async () => void (await ask('begin-load')),
    endLoad: async () => lag.parse(await ask('end-load')),
    rest: async () => rest.parse(await ask('rest')),
    complaints: () => complaints,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    async stop() {
      const startedAt = performance.now()
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), LONGEST_END_MS)
      await closed
      clearTimeout(force)
      return { exitCode: child.exitCode, seconds: (performance.now() - startedAt) / 1000 }
    },
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
