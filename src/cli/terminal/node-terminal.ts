/** The terminal of a process of Node. */
import { createInterface } from 'node:readline/promises'
import { text } from 'node:stream/consumers'
import { UsageError } from '../command-error.ts'
import type { Terminal } from './terminal.ts'

type Program = Pick<NodeJS.Process, 'stdin' | 'stdout' | 'stderr' | 'env' | 'once'>

export function createNodeTerminal(program: Program): Terminal {
  const { stdin, stdout, stderr, env } = program
  const interruption = new AbortController()
  program.once('SIGINT', () => interruption.abort())
  program.once('SIGTERM', () => interruption.abort())
  const isInteractive = stdin.isTTY && stderr.isTTY

  async function readLine(question: string, isShown: boolean): Promise<string> {
    if (!isInteractive) throw new UsageError(`Nobody is there to answer: ${question}`)
    // Without an output, what is typed is not shown.
    const reader = createInterface({ input: stdin, terminal: true, ...(isShown && { output: stderr }) })
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
    hasColours: stdout.isTTY && env['NO_COLOR'] === undefined && env['TERM'] !== 'dumb',
    columns: stdout.isTTY ? stdout.columns : Number.POSITIVE_INFINITY,
    ask: (question) => readLine(question, true),
    askSecret: (question) => readLine(question, false),
    readInput: () => text(stdin),
    interrupted: interruption.signal,
  }
}
