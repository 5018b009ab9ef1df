import { spawn } from 'node:child_process'
import { once } from 'node:events'

interface ProcessRun {
  /** Arguments of Node: a script and its own. */
  args: readonly string[]
  /** Ends the process: SIGTERM first, SIGKILL after five seconds. */
  stop: AbortSignal
  capSeconds: number
  /** Let it write to our own output instead of collecting it. */
  inherit?: boolean
}

interface ProcessResult {
  succeeded: boolean
  /** 1 when a signal ended it. */
  exitCode: number
  output: string
  seconds: number
}

/** Runs Node from the current folder until it ends or its time is up, which is a failure. */
export async function runProcess({
  args,
  stop,
  capSeconds,
  inherit = false,
}: ProcessRun): Promise<ProcessResult> {
  if (stop.aborted) return { succeeded: false, exitCode: 1, output: 'Not run.\n', seconds: 0 }
  const startedAt = performance.now()
  const child = spawn(process.execPath, args, {
    stdio: inherit ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...(process.stdout.isTTY ? {} : { NO_COLOR: '1', FORCE_COLOR: undefined }) },
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
  }

  const timeUp = AbortSignal.timeout(capSeconds * 1000)
  const ended = new AbortController()
  AbortSignal.any([stop, timeUp]).addEventListener(
    'abort',
    () => {
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), 5000)
      ended.signal.addEventListener('abort', () => clearTimeout(force))
    },
    { signal: ended.signal },
  )
  const exitCode = await waitForExit(child)
  ended.abort()

  const stopped = stop.aborted || timeUp.aborted
  if (timeUp.aborted) chunks.push(`\nStopped: it took longer than ${capSeconds} s.\n`)
  return {
    succeeded: exitCode === 0 && !stopped,
    exitCode: stopped && exitCode === 0 ? 1 : exitCode,
    output: chunks.join(''),
    seconds: (performance.now() - startedAt) / 1000,
  }
}

async function waitForExit(child: ReturnType<typeof spawn>): Promise<number> {
  await once(child, 'close')
  return child.exitCode ?? 1
}

/** Aborts when a person or a supervisor ends this process. */
export function abortOnSignals(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => controller.abort())
  }
  return controller.signal
}
