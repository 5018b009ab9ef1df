/** Nothing but the loopback interface, for this program and all that it starts; and no process that outlives it. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { abortOnSignals } from '../../tools/checks/run-process.ts'

const MARK = 'AQUEDUCT_WITHOUT_NETWORK'
/** Namespaces of their own for users, network and processes, with the loopback interface up; then runs its arguments. */
const NAMESPACES = '--map-root-user --net --pid --fork --kill-child --mount-proc'
const ALONE = `exec unshare ${NAMESPACES} sh -c 'ip link set lo up && exec "$@"' sh "$@"`
/** Reserved for documentation: nothing answers there, where there is a way out at all. */
const OUTSIDE = { host: '192.0.2.1', port: 80 }
/** The discard service, which no machine offers any more. */
const CLOSED_PROXY = 'http://127.0.0.1:9'

type Isolation =
  /** This program already runs without a network. */
  | { kind: 'isolated' }
  /** It ran again without a network, and ended so. */
  | { kind: 'ran'; exitCode: number }
  /** This system has no namespaces for us. */
  | { kind: 'impossible' }

export function isIsolated(): boolean {
  return process.env[MARK] !== undefined
}

/** Starts this program again, where nothing but the loopback interface is. */
export async function isolate(): Promise<Isolation> {
  if (isIsolated()) {
    await assertNoWayOut()
    return { kind: 'isolated' }
  }
  const trial = spawnSync('sh', ['-c', ALONE, 'sh', 'true'])
  if (trial.status !== 0) return { kind: 'impossible' }
  const again = [process.execPath, ...process.execArgv, ...process.argv.slice(1)]
  const child = spawn('sh', ['-c', ALONE, 'sh', ...again], {
    stdio: 'inherit',
    env: { ...process.env, [MARK]: '1' },
  })
  abortOnSignals().addEventListener('abort', () => child.kill('SIGKILL'))
  await once(child, 'exit')
  return { kind: 'ran', exitCode: child.exitCode ?? 1 }
}

async function assertNoWayOut(): Promise<void> {
  const socket = connect(OUTSIDE)
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(1000) })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENETUNREACH') return
  } finally {
    socket.destroy()
  }
  throw new Error('There is a way out of this network.')
}

/** Where there are no namespaces, clients that heed these variables get no further either. */
export function discouragingVariables(): Record<string, string> {
  const names = ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']
  return {
    ...Object.fromEntries(names.map((name) => [name, CLOSED_PROXY])),
    no_proxy: '127.0.0.1,localhost',
    NO_PROXY: '127.0.0.1,localhost',
  }
}
