import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'

const file = new URL('close-to-debuggers.ts', import.meta.url).href

/** A process that holds a secret, gets the signal, and then writes a report of itself. */
async function run(isClosed: boolean): Promise<string> {
  const code = `
    ${isClosed ? `(await import('${file}')).closeToDebuggers(process)` : ''}
    console.log('ready')
    process.stdin.once('data', () => {
      console.log(JSON.stringify(process.report.getReport()))
      process.exit()
    })`
  const child = spawn(process.execPath, ['--input-type=module', '--inspect-port=0', '--eval', code], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { CANARY: 'canary-of-the-environment' },
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    said += piece
    if (said.includes('Debugger listening')) child.stdin.write('go\n')
  })
  const lines = createInterface(child.stdout)
  lines.on('line', (line) => {
    said += line
    if (line !== 'ready') return
    child.kill('SIGUSR1')
    // Nothing tells that a signal was heeded by nobody; the report is asked for all the same.
    if (isClosed) child.stdin.write('go\n')
  })
  await once(child, 'close')
  return said
}

it('S27: no signal opens an inspector, and no report has the environment', async () => {
  const open = await run(false)
  expect(open).toContain('Debugger listening')
  expect(open).toContain('canary-of-the-environment')
  const closed = await run(true)
  expect(closed).toContain('"nodejsVersion"')
  expect(closed).not.toContain('Debugger listening')
  expect(closed).not.toContain('canary-of-the-environment')
}, 20_000)
