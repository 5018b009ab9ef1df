import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inScratchFolder, removeAbandonedScratch } from './scratch-folder.ts'

const MODULE = new URL('scratch-folder.ts', import.meta.url).href

describe('a scratch folder', () => {
  let parent = ''
  beforeEach(() => {
    parent = mkdtempSync(join(tmpdir(), 'aqueduct-scratch-test-'))
  })
  afterEach(() => rmSync(parent, { recursive: true, force: true }))

  it('is private, and gone with its work, done or failed', async () => {
    const mode = await inScratchFolder(parent, async (folder) => statSync(folder).mode & 0o777)
    expect(mode).toBe(0o700)
    await expect(inScratchFolder(parent, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
    expect(readdirSync(parent)).toEqual([])
  })

  /** A process that ends in the middle of its work. */
  const runAndEnd = (ending: string) =>
    spawnSync(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { writeFileSync } from 'node:fs'
       import { inScratchFolder } from ${JSON.stringify(MODULE)}
       await inScratchFolder(${JSON.stringify(parent)}, async (folder) => {
         writeFileSync(folder + '/copy', 'canary')
         ${ending}
       })`,
    ])

  it.each([
    'process.exit(130)',
    "setImmediate(() => { throw new Error('fault') }); await new Promise((r) => setTimeout(r, 60000))",
  ])('is gone when its process ends by %s', (ending) => {
    runAndEnd(ending)
    expect(readdirSync(parent)).toEqual([])
  })

  it('of a process that was killed is removed by the next one, and no other', async () => {
    runAndEnd("process.kill(process.pid, 'SIGKILL')")
    const [left = ''] = readdirSync(parent)
    expect(readdirSync(join(parent, left))).toEqual(['copy'])
    const mine = left.replace(/-\d+-/, `-${process.pid}-`)
    const elsewhere = left.replace(/scratch-[0-9a-f]{8}/, 'scratch-00000000')
    const old = `${elsewhere}-old`
    for (const name of [mine, elsewhere, old, 'aqueduct-other']) mkdirSync(join(parent, name))
    writeFileSync(join(parent, `${left}-file`), '')
    utimesSync(join(parent, old), 1, 1)
    removeAbandonedScratch(parent)
    expect(readdirSync(parent).toSorted()).toEqual(
      [mine, elsewhere, 'aqueduct-other', `${left}-file`].toSorted(),
    )
  })

  it('is looked for where there is nothing', () => {
    expect(() => removeAbandonedScratch(join(parent, 'missing'))).not.toThrow()
  })
})
