/** The gateway as a process of its own, in a hostile environment. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CANARY } from './environment-kinds.ts'
import { checkRefusal, type HostileEnvironment } from './environment.ts'

const PROGRAM = join(import.meta.dirname, '../../../src/main.ts')
/** What decides where it listens, writes and logs: no test may, but for values that are refused. */
const OURS = ['HOST', 'PORT', 'DATA_DIR', 'LOG_LEVEL', 'WORKERS']
const MOST_CHARACTERS = 50_000

/** Starts it, and ends it again if it serves. Throws unless it either serves or ends with 78 and one line that names a variable. */
export async function checkProcess(hostile: HostileEnvironment): Promise<'served' | 'refused'> {
  const folder = mkdtempSync(join(tmpdir(), 'aqueduct-environment-'))
  try {
    const { exitCode, errors, served, log } = await run(hostile, folder)
    if (`${errors}${log}`.includes(CANARY)) throw new Error('What may be a secret was written')
    if (served) {
      if (exitCode !== 0 || errors !== '') throw new Error(`It ended with ${exitCode}: ${errors}`)
      return 'served'
    }
    const [, line] = /^aqueduct: ([^\n]*)\n$/.exec(errors) ?? []
    if (exitCode !== 78 || line === undefined) throw new Error(`It ended with ${exitCode}: ${errors}`)
    // What is read in full may be refused still, such as a key file that is not there.
    checkRefusal(line, new Map(Array.from(hostile.expected.keys(), (name) => [name, 'unknown'])))
    return 'refused'
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run({ environment, expected }: HostileEnvironment, folder: string) {
  const passed = Object.entries(environment).filter(
    ([name, value]) =>
      !value.includes('\0') &&
      value.length < MOST_CHARACTERS &&
      !(OURS.includes(name) && expected.get(name) !== false),
  )
  const env = { PORT: '0', DATA_DIR: join(folder, 'data'), ...Object.fromEntries(passed) }
  const child = spawn(process.execPath, [PROGRAM], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let [log, errors, served] = ['', '', false]
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text
  })
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    log += text
    if (served || !log.includes('Aqueduct is ready')) return
    served = true
    child.kill('SIGTERM')
  })
  const [exitCode] = await once(child, 'close')
  return { exitCode: Number(exitCode), errors, served, log }
}
