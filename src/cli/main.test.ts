import { spawn } from 'node:child_process'
import { openSync } from 'node:fs'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'

const MAIN = join(import.meta.dirname, 'main.ts')

describe('a command whose answer', () => {
  it('nobody reads ends quietly', async () => {
    const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
    child.stdout.destroy()
    const [notes, [exitCode]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect({ notes, exitCode }).toEqual({ notes: '', exitCode: 0 })
  })

  it.runIf(process.platform === 'linux')('does not fit on the disk says so, and fails', async () => {
    const full = openSync('/dev/full', 'w')
    const child = spawn(process.execPath, [MAIN, '--help'], { stdio: ['ignore', full, 'pipe'] })
    const { stderr } = child
    if (stderr === null) throw new Error('Standard error is a pipe.')
    const [notes, [exitCode]] = await Promise.all([text(stderr), once(child, 'close')])
    expect({ notes, exitCode }).toEqual({
      notes: 'aqueduct: The answer could not be written (ENOSPC).\n',
      exitCode: 1,
    })
  })
})
