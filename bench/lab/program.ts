import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { z } from 'zod'
import { pinCommand } from './processors.ts'

export interface Program {
  pid: number
  url: string
  stop(): Promise<void>
}

interface ProgramStart {
  script: string
  /** Undefined: wherever the system puts it. */
  processor: number | undefined
  cwd: string
  settings: Record<string, string>
  /** Arguments of Node. */
  flags: readonly string[]
}

const announcementSchema = z.looseObject({ url: z.url() })
const LAST_WORDS_LENGTH = 2000
const PATIENCE_MS = 10_000

/** Starts a program that says in a line of its output, a JSON object, at which `url` it listens. */
export async function startProgram(start: ProgramStart): Promise<Program> {
  const node = [process.execPath, ...start.flags, start.script]
  const [command = '', ...args] = pinCommand(node, start.processor)
  const child = spawn(command, args, {
    cwd: start.cwd,
    // Nothing of the user's own: a proxy or a NODE_OPTIONS would be measured too.
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'production', ...start.settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let lastWords = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS_LENGTH)
  })
  const closed = once(child, 'close')
  const url = await Promise.race([readUrl(child.stdout), closed.then(() => undefined)])
  if (url === undefined || child.pid === undefined) {
    child.kill('SIGKILL')
    throw new Error(`${start.script} did not start. ${lastWords}`)
  }
  child.stdout.resume()
  let stopping = false
  child.once('close', () => {
    if (!stopping) process.stderr.write(`${start.script} ended by itself. ${lastWords}\n`)
  })

  return {
    pid: child.pid,
    url,
    async stop() {
      stopping = true
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS)
      await closed
      clearTimeout(force)
    },
  }
}

async function readUrl(output: Readable): Promise<string | undefined> {
  const lines = createInterface({ input: output })
  for await (const line of lines) {
    const announcement = announcementSchema.safeParse(parseJson(line))
    if (announcement.success) return announcement.data.url
  }
  return undefined
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
