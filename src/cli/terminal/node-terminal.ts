/** The terminal of a process of Node. */
import { createInterface } from 'node:readline/promises'
import type { Readable, Writable } from 'node:stream'
import { CommandError, UsageError } from '../command-error.ts'
import { exitCodes } from '../exit-codes.ts'
import type { Terminal } from './terminal.ts'

interface Program extends Pick<NodeJS.Process, 'env'> {
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown
  on(event: 'exit', listener: () => void): unknown
  exit(exitCode: number): void
  exitCode?: NodeJS.Process['exitCode']
  stdin: Readable & { isTTY?: boolean }
  stdout: Writable & { isTTY?: boolean; columns?: number }
  stderr: Writable & { isTTY?: boolean }
}

/** Under npm one Ctrl-C arrives up to three times: from the terminal, and passed on by npm and the launcher. */
const ECHO_MS = 1000

export function createNodeTerminal(program: Program): Terminal {
  const { stdin, stdout, stderr, env } = program
  const interruption = watchSignals(program)
  heedLostOutput(program)
  const isInteractive = stdin.isTTY === true && stderr.isTTY === true

  async function readLine(question: string, isShown: boolean): Promise<string> {
    if (!isInteractive || stdin.readableEnded) throw new UsageError(`Nobody is there to answer: ${question}`)
    // Without an output, what is typed is not shown.
    const reader = createInterface({ input: stdin, terminal: true, ...(isShown && { output: stderr }) })
    // In a question Ctrl-C is a key, not a signal.
    reader.once('SIGINT', () => interruption.abort())
    // Ctrl-D, or a terminal that is gone: readline would leave the question open for good.
    const closed = new Promise<never>((_, reject) => reader.once('close', () => reject(noAnswer())))
    try {
      if (!isShown) stderr.write(question)
      const answer = reader.question(isShown ? question : '', { signal: interruption.signal })
      return await Promise.race([answer, closed])
    } catch (error) {
      if (isShown) stderr.write('\n')
      throw error
    } finally {
      reader.close()
      if (!isShown) stderr.write('\n')
    }
  }

  return {
    write: (told) => void stdout.write(told),
    note: (told) => void stderr.write(told),
    isInteractive,
    hasColours: stdout.isTTY === true && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb',
    // Some terminals say 0 when they do not know.
    columns:
      stdout.isTTY === true && Number(stdout.columns) > 0 ? Number(stdout.columns) : Number.POSITIVE_INFINITY,
    ask: (question) => readLine(question, true),
    askSecret: (question) => readLine(question, false),
    readInput(mostBytes) {
      interruption.signal.addEventListener('abort', () => stdin.destroy())
      return readStart(stdin, mostBytes)
    },
    interrupted: interruption.signal,
  }
}

function noAnswer(): CommandError {
  return new CommandError('No answer was given. Nothing was done.')
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

async function readStart(input: AsyncIterable<Uint8Array>, most: number): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of input) {
    pieces.push(piece)
    length += piece.length
    if (length >= most) break
  }
  return Buffer.concat(pieces).subarray(0, most)
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
