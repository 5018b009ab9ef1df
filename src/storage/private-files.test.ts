import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { preparePrivateFolder } from './private-files.ts'

describe('preparePrivateFolder', () => {
  let directory = ''
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'aqueduct-folder-'))
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const folder = () => join(directory, 'data')
  const modeOf = (path: string) => (statSync(path).mode & 0o7777).toString(8)
  const makeFolder = (mode: number, entries: string[] = []) => {
    mkdirSync(folder())
    for (const name of entries) writeFileSync(join(folder(), name), '')
    chmodSync(folder(), mode)
  }

  it('makes one that only this user can open', () => {
    preparePrivateFolder(folder())
    expect(modeOf(folder())).toBe('700')
  })

  it.each([[[]], [['data.sqlite3', 'data.sqlite3-wal', 'master.key']]])(
    'narrows one that holds nothing but its own: %j',
    (entries) => {
      makeFolder(0o755, entries)
      preparePrivateFolder(folder())
      expect(modeOf(folder())).toBe('700')
    },
  )

  it('leaves a folder that others share', () => {
    makeFolder(0o755, ['data.sqlite3', 'package.json'])
    preparePrivateFolder(folder())
    expect(modeOf(folder())).toBe('755')
  })

  it('leaves one like /tmp', () => {
    makeFolder(0o1777)
    preparePrivateFolder(folder())
    expect(modeOf(folder())).toBe('1777')
  })

  it('refuses a file, in a line that names the variable', () => {
    writeFileSync(folder(), '')
    expect(() => preparePrivateFolder(folder())).toThrow(
      /^DATA_DIR: .* cannot be used as a folder \(EEXIST\)/,
    )
  })
})
