import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { StartError } from '../start-error.ts'
import { prepareDataFolder } from './data-folder.ts'

let parent = ''
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'aqueduct-folder-'))
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))
const modeOf = (path: string) => statSync(path).mode & 0o7777

function makeFolder(mode: number, files: readonly string[]): string {
  const path = join(parent, 'data')
  mkdirSync(path)
  for (const name of files) writeFileSync(join(path, name), '')
  chmodSync(path, mode)
  return path
}

describe('prepareDataFolder', () => {
  it('makes folders that only this user can open', () => {
    const path = join(parent, 'new', 'data')
    expect(prepareDataFolder(path)).toBe('private')
    expect([modeOf(join(parent, 'new')), modeOf(path)]).toEqual([0o700, 0o700])
  })

  it.each([
    [0o755, []],
    [0o777, ['data.sqlite3', 'notes.txt']],
    [0o750, ['master.key']],
  ])('narrows a folder of its own (mode %o, with %o)', (mode, files) => {
    const path = makeFolder(mode, files)
    expect(prepareDataFolder(path)).toBe('private')
    expect(modeOf(path)).toBe(0o700)
  })

  it.each<[string, number, string[]]>([
    ['that holds the files of somebody else', 0o755, ['index.html']],
    ['that is shared, like /tmp', 0o1777, ['data.sqlite3']],
  ])('leaves a folder alone %s', (_, mode, files) => {
    const path = makeFolder(mode, files)
    expect(prepareDataFolder(path)).toBe('open-to-others')
    expect(modeOf(path)).toBe(mode)
  })

  it('refuses a file', () => {
    writeFileSync(join(parent, 'file'), '')
    expect(() => prepareDataFolder(join(parent, 'file'))).toThrow(StartError)
    expect(() => prepareDataFolder(join(parent, 'file', 'data'))).toThrow(
      /^DATA_DIR .+ cannot be used as a folder: /,
    )
  })
})
