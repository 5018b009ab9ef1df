import { randomBytes } from 'node:crypto'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createSecrets } from '../access/secrets.ts'
import { createTokenSpill } from './token-spill.ts'

const at = new Date('2026-11-22T10:00:00.000Z')
const spilled = (id: string, version = 1, accessToken = 'canary-access') => ({
  id,
  version,
  tokens: { accessToken, refreshToken: 'canary-refresh', expiresAt: new Date('2026-11-22T11:00:00.000Z') },
  at,
})

describe('the token spill', () => {
  let directory = ''
  let warnings: string[] = []
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'aqueduct-spill-'))
    warnings = []
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const open = (processId = 'process-1', key = 7) =>
    createTokenSpill({
      dataDirectory: directory,
      secrets: createSecrets({ masterKey: Buffer.alloc(32, key), randomBytes }),
      processId,
      clock: createFakeClock(Date.now()),
      warn: ({ file, why }) => void warnings.push(`${file}: ${why}`),
    })
  const folder = () => join(directory, 'unsaved-tokens')
  const names = () => readdirSync(folder())
  const pathOf = (index = 0) => join(folder(), names()[index] ?? '')

  it('gives back what was written, to whichever process', async () => {
    await open().write(spilled('a'))
    expect(await open('process-2').find('a', 1)).toEqual(spilled('a'))
    expect(await open('process-2').list()).toEqual([spilled('a')])
    expect(await open().find('a', 2)).toBeUndefined()
    expect(await open().find('b', 1)).toBeUndefined()
  })

  it('is empty where nothing was ever spilled, and makes no folder for that', async () => {
    expect(await open().find('a', 1)).toBeUndefined()
    expect(await open().list()).toEqual([])
    await open().remove('a', 1)
    expect(readdirSync(directory)).toEqual([])
  })

  it('keeps files for its own user alone, without a secret in clear', async () => {
    await open().write(spilled('a'))
    expect(statSync(folder()).mode & 0o777).toBe(0o700)
    expect(statSync(pathOf()).mode & 0o777).toBe(0o600)
    expect(readFileSync(pathOf(), 'utf8')).not.toContain('canary')
    expect(names()).toHaveLength(1)
  })

  it('prefers the latest of several processes', async () => {
    await open('process-1').write(spilled('a', 1, 'first'))
    await open('process-2').write({ ...spilled('a', 1, 'second'), at: new Date(at.getTime() + 1) })
    expect((await open().find('a', 1))?.tokens.accessToken).toBe('second')
  })

  it('removes those of one account, up to a version', async () => {
    for (const version of [1, 2, 3]) await open().write(spilled('a', version))
    await open().write(spilled('b', 1))
    await open().remove('a', 2)
    const left = (await open().list()).map(({ id, version }) => `${id}${version}`)
    expect(left.toSorted()).toEqual(['a3', 'b1'])
  })

  it.each<[string, (text: string) => string]>([
    ['cut', (text) => text.slice(0, -20)],
    ['empty', () => ''],
    ['of another account', (text) => text.replace('"account":"a"', '"account":"b"')],
    ['of another version', (text) => text.replace('"version":1', '"version":2')],
    ['without a seal', () => '{"account":"a","version":1,"sealed":"x"}'],
  ])('sets a file aside that is %s, and says so', async (_case, damage) => {
    await open().write(spilled('a'))
    writeFileSync(pathOf(), damage(readFileSync(pathOf(), 'utf8')))
    expect(await open().list()).toEqual([])
    expect(warnings).toHaveLength(1)
    expect(names()).toEqual([expect.stringMatching(/\.set-aside$/)])
    expect(await open().list()).toEqual([])
    expect(warnings).toHaveLength(1)
  })

  it('sets a file aside that another master key sealed', async () => {
    await open('process-1', 8).write(spilled('a'))
    expect(await open().find('a', 1)).toBeUndefined()
    expect(warnings).toEqual([expect.stringContaining('another master key')])
  })

  it('does not take the name of a file for what is in it', async () => {
    await open().write(spilled('a'))
    const moved = pathOf().replace('.1.', '.2.')
    renameSync(pathOf(), moved)
    expect(await open().find('a', 2)).toBeUndefined()
  })

  it('removes what a process that died left unfinished, and leaves what another is writing', async () => {
    await open().write(spilled('a'))
    for (const name of ['old', 'new']) writeFileSync(join(folder(), `${name}.json.unfinished`), '{')
    utimesSync(join(folder(), 'old.json.unfinished'), new Date(0), new Date(0))
    await open().list()
    expect(names().filter((name) => name.endsWith('.unfinished'))).toEqual(['new.json.unfinished'])
  })

  it('fails where it cannot write, and leaves no pieces', async () => {
    writeFileSync(folder(), '')
    await expect(open().write(spilled('a'))).rejects.toThrow(/EEXIST|ENOTDIR/)
    await expect(open().list()).rejects.toThrow(/ENOTDIR/)
  })
})
