import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { createSecrets } from '../access/secrets.ts'
import { createGrantSpill } from './grant-spill.ts'

const spilled = (signInId: string, accessToken = 'canary-access') => ({
  signInId,
  grant: {
    clientId: 'client-1',
    clientSecret: 'canary-secret',
    accessToken,
    refreshToken: 'canary-refresh',
    expiresAt: new Date('2026-11-22T11:00:00.000Z'),
    registrationExpiresAt: new Date('2027-02-20T10:00:00.000Z'),
  },
})

describe('the spill of sign-ins', () => {
  let directory = ''
  let warnings: string[] = []
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'aqueduct-grants-'))
    warnings = []
  })
  afterEach(() => rmSync(directory, { recursive: true, force: true }))

  const open = (key = 7) =>
    createGrantSpill({
      dataDirectory: directory,
      secrets: createSecrets({ masterKey: Buffer.alloc(32, key), randomBytes }),
      clock: createFakeClock(Date.now()),
      warn: ({ file, why }) => void warnings.push(`${file}: ${why}`),
    })
  const folder = () => join(directory, 'unsaved-sign-ins')
  const names = () => readdirSync(folder())
  const pathOf = (index = 0) => join(folder(), names()[index] ?? '')

  it('gives back what was written, the latest of each sign-in', async () => {
    await open().write(spilled('a', 'first'))
    await open().write(spilled('a', 'second'))
    expect(await open().list()).toEqual([spilled('a', 'second')])
    await open().remove('a')
    expect(await open().list()).toEqual([])
  })

  it('is empty where nothing was ever spilled, and makes no folder for that', async () => {
    expect(await open().list()).toEqual([])
    await open().remove('a')
    expect(readdirSync(directory)).toEqual([])
  })

  it('keeps files for its own user alone, without a secret in clear', async () => {
    await open().write(spilled('a'))
    expect(statSync(folder()).mode & 0o777).toBe(0o700)
    expect(statSync(pathOf()).mode & 0o777).toBe(0o600)
    expect(readFileSync(pathOf(), 'utf8')).not.toMatch(/canary|client-1/)
  })

  it.each<[string, (text: string) => string]>([
    ['cut', (text) => text.slice(0, -20)],
    ['empty', () => ''],
    ['of another sign-in', (text) => text.replace('"signIn":"a"', '"signIn":"b"')],
    ['without a seal', () => '{"signIn":"a","sealed":"x"}'],
  ])('sets a file aside that is %s, and says so once', async (_case, damage) => {
    await open().write(spilled('a'))
    writeFileSync(pathOf(), damage(readFileSync(pathOf(), 'utf8')))
    for (let times = 0; times < 2; times += 1) expect(await open().list()).toEqual([])
    expect(warnings).toEqual([expect.stringContaining('it is damaged')])
    expect(names()).toEqual([expect.stringMatching(/\.set-aside$/)])
  })

  it('sets a file aside that another master key sealed, or that is wished away', async () => {
    await open(8).write(spilled('a'))
    expect(await open().list()).toEqual([])
    await open().write(spilled('b'))
    await open().setAside('b', 'there is no such sign-in')
    expect(await open().list()).toEqual([])
    expect(warnings).toEqual([
      expect.stringContaining('another master key'),
      expect.stringContaining('there is no such sign-in'),
    ])
  })

  it('removes what a process that died left unfinished, though others do so, too', async () => {
    await open().write(spilled('a'))
    for (let index = 0; index < 20; index += 1) {
      const path = join(folder(), `${index}.json.unfinished`)
      writeFileSync(path, '{')
      if (index > 0) utimesSync(path, new Date(0), new Date(0))
    }
    const lists = await Promise.all(Array.from({ length: 5 }, () => open().list()))
    expect(lists).toEqual(lists.map(() => [spilled('a')]))
    expect(names().filter((name) => name.endsWith('.unfinished'))).toEqual(['0.json.unfinished'])
  })

  it('fails where it cannot write, and leaves no pieces', async () => {
    writeFileSync(folder(), '')
    await expect(open().write(spilled('a'))).rejects.toThrow(/EEXIST|ENOTDIR/)
    await expect(open().list()).rejects.toThrow(/ENOTDIR/)
  })
})
