import { createServer } from 'node:net'
import * as z from 'zod'
import type { Config } from '../../config.ts'
import { bad, doubtful, good, type Finding } from './finding.ts'

const SUBJECT = 'Port'
const TIMEOUT_MS = 2000

const health = z.object({ status: z.literal('ok'), version: z.string() })

/** Whether the gateway runs, or could. */
export async function checkPort(
  { host, port }: Pick<Config, 'host' | 'port'>,
  { version, signal }: { version: string; signal: AbortSignal },
): Promise<Finding> {
  if (port === 0) return good(SUBJECT, 'The system chooses it at each start.')
  const running = await readVersion({ host, port }, signal)
  if (running === version) return good(SUBJECT, `The gateway runs on port ${port}.`)
  if (running !== undefined) {
    return doubtful(
      SUBJECT,
      `Version ${running} runs on port ${port}, and this is ${version}.`,
      'Restart the gateway.',
    )
  }
  const fault = await tryToListen({ host, port })
  if (fault === undefined)
    return doubtful(SUBJECT, `Nothing runs on port ${port}.`, 'Start the gateway: npm start')
  return fault === 'EADDRINUSE'
    ? bad(SUBJECT, `Another program uses port ${port}.`, 'End it, or set PORT to another one.')
    : bad(
        SUBJECT,
        `Port ${port} of ${host} cannot be used (${fault}).`,
        'Set PORT above 1023, and HOST to an address of this machine.',
      )
}

interface Place {
  host: string
  port: number
}

async function readVersion({ host, port }: Place, signal: AbortSignal): Promise<string | undefined> {
  const reachable = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host
  const name = reachable.includes(':') ? `[${reachable}]` : reachable
  try {
    const within = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)])
    const answer = await fetch(`http://${name}:${port}/healthz`, { signal: within, redirect: 'error' })
    return health.safeParse(await answer.json()).data?.version
  } catch {
    return undefined
  }
}

function tryToListen({ host, port }: Place): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error) => resolve('code' in error ? String(error.code) : error.message))
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)))
  })
}
