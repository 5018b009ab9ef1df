import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProcess } from './run-process.ts'

describe('a process of the checks', () => {
  let folder = ''
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'aqueduct-run-process-'))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  function run(source: string, { capSeconds = 60, stop = new AbortController().signal } = {}) {
    const script = path.join(folder, 'script.mjs')
    writeFileSync(script, source)
    return runProcess({ args: [script], stop, capSeconds })
  }

  const endless = 'setInterval(() => {}, 1000)'

  it.each([
    { source: 'console.log("out"); console.error("err")', succeeded: true, exitCode: 0 },
    { source: 'console.log("out"); console.error("err"); process.exit(3)', succeeded: false, exitCode: 3 },
    {
      source: 'console.log("out"); console.error("err"); process.kill(process.pid, "SIGKILL")',
      succeeded: false,
      exitCode: 1,
    },
  ])('$source: exit code $exitCode, with all it printed', async ({ source, succeeded, exitCode }) => {
    const result = await run(source)
    expect(result).toMatchObject({ succeeded, exitCode })
    expect(result.output.split('\n')).toEqual(expect.arrayContaining(['out', 'err']))
  })

  it('that takes too long is stopped and has failed', async () => {
    expect(await run(endless, { capSeconds: 0.2 })).toMatchObject({
      succeeded: false,
      exitCode: 1,
      output: expect.stringContaining('longer than 0.2 s'),
    })
  })

  it('that is stopped has failed, even when it ends well', async () => {
    const controller = new AbortController()
    const graceful = `process.on('SIGTERM', () => process.exit(0)); ${endless}`
    const running = run(graceful, { stop: controller.signal })
    controller.abort()
    expect(await running).toMatchObject({ succeeded: false, exitCode: 1 })
  })

  it('is not begun after the stop', async () => {
    expect(await run('', { stop: AbortSignal.abort() })).toMatchObject({
      succeeded: false,
      output: 'Not run.\n',
    })
  })
})
