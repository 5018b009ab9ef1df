/** A child of the demo: its output is kept back and shown only when it dies. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'

export interface Program {
  /** What it prints first, one line. Rejects when it ends without a word. */
  firstLine: Promise<string>
  /** Settles when it is gone, with the reason and its last words. */
  ended: Promise<string>
  stop(): Promise<void>
}

interface ProgramStart {
  name: string
  /** Arguments of Node. */
  args: readonly string[]
  cwd: string
  settings: Record<string, string>
}

/** What a program needs of the user's environment; the rest stays out. */
const passedOn = ['PATH', 'HOME', 'LANG', 'TZ', 'TMPDIR', 'TEMP', 'SystemRoot', 'NODE_OPTIONS']
const lastWordsLength = 2000
const patienceMs = 5000

export function startProgram({ name, args, cwd, settings }: ProgramStart): Program {
  const inherited = passedOn.flatMap((key) =>
    process.env[key] === undefined ? [] : [[key, process.env[key]]],
  )
  const child = spawn(process.execPath, args, {
    cwd,
    env: { ...Object.fromEntries(inherited), ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })

  let output = ''
  const spoke = Promise.withResolvers<string>()
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    const [line, rest] = output.split('\n', 2)
    if (line !== undefined && rest !== undefined) spoke.resolve(line)
    output = output.slice(-lastWordsLength)
  })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints = (complaints + text).slice(-lastWordsLength)
  })

  const closed = once(child, 'close')
  const ended = closed.then(() => {
    const end = child.signalCode ?? `exit code ${child.exitCode}`
    return `${name} ended (${end}).\n${complaints}${output}`.trimEnd()
  })
  void ended.then((reason) => spoke.reject(new Error(reason)))
  spoke.promise.catch(() => undefined)

  return {
    firstLine: spoke.promise,
    ended,
    async stop() {
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      await closed
      clearTimeout(force)
    },
  }
}
