import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Command } from './agent.ts'

export interface CommandResult {
  /** Undefined: a signal ended it, ours when its time was up. */
  exitCode: number | undefined
  /** What it wrote to both of its outputs, without colours. */
  output: string
}

interface Run extends Command {
  folder: string
  limitSeconds: number
}

/** Runs a program that has nothing to read, in a process group of its own, of which nothing is left afterwards. */
export async function runCommand({ line, environment, folder, limitSeconds }: Run): Promise<CommandResult> {
  const [file = '', ...args] = line
  const child = spawn(file, args, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const chunks: string[] = []
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => chunks.push(text))
  }
  const timer = setTimeout(() => endGroup(child.pid), limitSeconds * 1000)
  const closed = once(child, 'close')
  try {
    await once(child, 'exit')
  } finally {
    clearTimeout(timer)
    // What it left running holds its outputs open.
    endGroup(child.pid)
  }
  await closed
  return { exitCode: child.exitCode ?? undefined, output: withoutColours(chunks.join('')) }
}

function endGroup(leader: number | undefined): void {
  if (leader === undefined) return
  try {
    process.kill(-leader, 'SIGKILL')
  } catch {
    // Nothing of it is left.
  }
}

function withoutColours(text: string): string {
  return text.replaceAll(new RegExp(`${String.fromCharCode(27)}\\[[0-9;?]*[a-zA-Z]`, 'g'), '')
}
