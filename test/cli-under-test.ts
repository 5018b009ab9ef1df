/** The command line in this process, on a data folder of its own, with a terminal that remembers. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createCli } from '../src/cli/cli.ts'
import { runCli } from '../src/cli/run-cli.ts'
import type { Terminal } from '../src/cli/terminal/terminal.ts'
import { createTroubleNotes } from '../src/cli/terminal/trouble-notes.ts'
import { systemClock, type Clock } from '../src/clock.ts'
import { createLogger } from '../src/program/create-logger.ts'

export interface CliRun {
  exitCode: number
  /** Standard output. */
  output: string
  /** Standard error. */
  notes: string
  /** The output, read as JSON. */
  json: () => unknown
}

export interface CliUnderTest {
  folder: string
  /** Words as typed after `aqueduct`. */
  run(words: string | readonly string[], options?: CliRunOptions): Promise<CliRun>
  close(): void
}

export interface CliRunOptions {
  /** What is typed at each question, in turn. Absent: nobody is there. */
  answers?: readonly string[]
  /** What standard input holds. */
  input?: string | Buffer
  environment?: Readonly<Record<string, string>>
  columns?: number
  hasColours?: boolean
  clock?: Clock
  nodeVersion?: string
  interrupted?: AbortSignal
  /** Told of what goes to standard error, when it does. */
  onNote?: (text: string) => void
}

export function openCliUnderTest(environment: Readonly<Record<string, string>> = {}): CliUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-cli-'))
  const usual = { DATA_DIR: join(folder, 'data'), ...environment }

  async function run(words: string | readonly string[], options: CliRunOptions = {}): Promise<CliRun> {
    const { terminal, output, notes } = createTestTerminal(options)
    const logger = createLogger({ level: 'error', base: null, output: createTroubleNotes(terminal) })
    const cli = createCli({
      terminal,
      environment: { ...usual, ...options.environment },
      clock: options.clock ?? systemClock,
      nodeVersion: options.nodeVersion ?? 'v24.0.0',
      logger,
    })
    const exitCode = await runCli(typeof words === 'string' ? words.split(' ') : words, cli)
    const text = output.join('')
    return { exitCode, output: text, notes: notes.join(''), json: (): unknown => JSON.parse(text) }
  }

  return { folder, run, close: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A terminal, and what was written to it. */
export function createTestTerminal(options: CliRunOptions = {}) {
  const output: string[] = []
  const notes: string[] = []
  const answers = [...(options.answers ?? [])]
  const answer = async (question: string): Promise<string> => {
    notes.push(question)
    const next = answers.shift()
    if (next === undefined) throw new Error(`Nobody answers: ${question}`)
    return next
  }
  const terminal: Terminal = {
    write: (text) => void output.push(text),
    note(text) {
      notes.push(text)
      options.onNote?.(text)
    },
    isInteractive: options.answers !== undefined,
    hasColours: options.hasColours ?? false,
    columns: options.columns ?? Number.POSITIVE_INFINITY,
    ask: answer,
    askSecret: answer,
    readInput: async (mostBytes) => Buffer.from(options.input ?? '').subarray(0, mostBytes),
    interrupted: options.interrupted ?? new AbortController().signal,
  }
  return { terminal, output, notes }
}
