/** The program as it is started, in processes and a folder of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export const SLOW_START_MS = 60_000
export const PATIENCE_MS = 15_000

const sources = join(import.meta.dirname, '../src/main.ts')

/** A line of the log, as far as tests look at it. */
export interface Line {
  level?: number
  reason?: string
  msg?: string
  requestId?: string
  url?: string
  workers?: number
  worker?: number
  processId?: number
  path?: string
  status?: number
  exitCode?: number | null
  signal?: string | null
}

interface StartWishes {
  cwd?: string
  /** In place of the sources: what has been built of them. */
  program?: string
  /** In place of a program. */
  code?: string
}

interface Programs {
  /** For files of the test; gone with the rest. */
  folder: string
  /** With its own data, and a process group of its own. */
  start(settings: Record<string, string>, wishes?: StartWishes): Started
  /** Resolves when it says that it is ready. */
  startWorkers(count: number, settings: Record<string, string>, wishes?: StartWishes): Promise<Workers>
  close(): void
}

export type Started = ReturnType<typeof startProgram>
export type Workers = Started & { url: string; readyLines: () => Line[] }

export function openPrograms(): Programs {
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-workers-'))
  let started = 0
  function start(settings: Record<string, string>, wishes: StartWishes = {}): Started {
    started += 1
    const environment = {
      PATH: process.env['PATH'] ?? '',
      // Each process would compile all sources anew.
      NODE_COMPILE_CACHE: join(folder, 'compiled'),
      PORT: '0',
      DATA_DIR: join(folder, `data-${started}`),
      LOG_LEVEL: 'debug',
      ...settings,
    }
    return startProgram(environment, { cwd: folder, ...wishes })
  }
  return {
    folder,
    start,
    async startWorkers(count, settings, wishes) {
      const program = start({ WORKERS: `${count}`, ...settings }, wishes)
      const readyLines = () => program.lines.filter(({ msg }) => msg === 'Aqueduct is ready')
      await eventually(() => readyLines().length > 0 || program.exitCode() !== null, SLOW_START_MS)
      const url = readyLines()[0]?.url
      if (url === undefined) throw new Error(`It did not start: ${program.complaint()}`)
      return { ...program, url, readyLines }
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  }
}

function startProgram(
  environment: Record<string, string>,
  { cwd, code, program = sources }: StartWishes & { cwd: string },
) {
  const parameters = code === undefined ? [program] : ['--input-type=module', '--eval', code]
  const child = spawn(process.execPath, parameters, {
    cwd,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: environment,
  })
  const lines: Line[] = []
  let complaint = ''
  createInterface(child.stdout).on('line', (line) => lines.push(JSON.parse(line)))
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    complaint += piece
  })
  const group = -(child.pid ?? 0)
  return {
    lines,
    // Its output ends when the last of its processes has ended.
    ended: once(child, 'close'),
    complaint: () => complaint,
    exitCode: () => child.exitCode,
    signal: (name: NodeJS.Signals) => void child.kill(name),
    signalAll: (name: NodeJS.Signals) => void process.kill(group, name),
    /** Whatever is left of it. */
    kill() {
      try {
        process.kill(group, 'SIGKILL')
      } catch {
        // Nothing is.
      }
    },
    /** Of the process that has this place now. */
    processOf: (worker: number) =>
      lines.findLast((line) => line.msg === 'a worker starts' && line.worker === worker)?.processId ?? 0,
  }
}

export async function eventually(
  isSo: () => boolean | Promise<boolean>,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  const lastMoment = performance.now() + patienceMs
  while (!(await isSo())) {
    if (performance.now() > lastMoment) throw new Error('It did not come to that in time.')
    await delayFor(25)
  }
}

export function delayFor(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
