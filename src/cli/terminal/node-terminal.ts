/** The terminal of a process of Node. */
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { UsageError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Terminal } from './terminal.ts'

type Program = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env' | 'on' | 'exit' | 'exitCode'>

/** Under npm one Ctrl-C arrives up to three times: from the terminal, and passed on by npm and the launcher. */
const ECHO_MS = 1000

export function createNodeTerminal(program: Program): Terminal {
  const { stdin, stdout, stderr, env } = program
  const interruption = watchSignals(program)
  heedLostOutput(program)
  const isInteractive = stdin.isTTY && stderr.isTTY

  async function readLine(question: string, isShown: boolean): Promise<string> {
    if (!isInteractive) throw new UsageError(`Nobody is there to answer: ${question}`)
    // Without an output, what is typed is not shown.
    const reader = createInterface({ input: stdin, terminal: true, ...(isShown && { output: stderr }) })
    // In a question Ctrl-C is a key, not a signal.
    reader.once('SIGINT', () => interruption.abort())
    try {
      if (!isShown) stderr.write(question)
      return await reader.question(isShown ? question : '', { signal: interruption.signal })
    } finally {
      reader.close()
      if (!isShown) stderr.write('\n')
    }
  }

  return {
    write: (told) => void stdout.write(told),
    note: (told) => void stderr.write(told),
    isInteractive,
    hasColours: stdout.isTTY && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    // Some terminals say 0 when they do not know.
    columns: stdout.isTTY && stdout.columns > 0 ? stdout.columns : Number.POSITIVE_INFINITY,
    ask: (question) => readLine(question, true),
    askSecret: (question) => readLine(question, false),
    readInput() {
      interruption.signal.addEventListener('abort', () => stdin.destroy())
      return text(stdin)
    },
    interrupted: interruption.signal,
  }
}

/** The first signal lets the command end well; a later one ends it at once. */
function watchSignals(program: Program): AbortController {
  const interruption = new AbortController()
  let heardAt: number | undefined
  function heed(): void {
    if (heardAt !== undefined && performance.now() - heardAt > ECHO_MS) program.exit(exitCodes.interrupted)
    heardAt ??= performance.now()
    interruption.abort()
  }
  program.on('SIGINT', heed)
  program.on('SIGTERM', heed)
  return interruption
}

/** A reader that has enough, as `head` has, is no fault; an answer that a full disk does not take is. */
function heedLostOutput(program: Program): void {
  const { stdout, stderr } = program
  stderr.on('error', () => {})
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') return
    stderr.write(`aqueduct: The answer could not be written (${error.code ?? error.message}).\n`)
    program.on('exit', () => {
      program.exitCode = exitCodes.failed
    })
  })
}
