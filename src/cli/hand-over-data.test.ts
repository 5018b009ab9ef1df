import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCliUnderTest, type CliUnderTest } from '../../test/cli-under-test.ts'

const SERVICE = 12_345
const isRoot = process.geteuid?.() === 0 && process.platform === 'linux'

describe.runIf(isRoot)('a command that root runs on the data of another user', () => {
  let cli: CliUnderTest
  let data = ''
  beforeEach(() => {
    cli = openCliUnderTest()
    data = join(cli.folder, 'data')
    mkdirSync(data, { mode: 0o700 })
    chownSync(data, SERVICE, SERVICE)
  })
  afterEach(() => cli.close())

  const owners = () =>
    Object.fromEntries(
      readdirSync(data, { recursive: true, encoding: 'utf8' }).map((name) => [
        name,
        lstatSync(join(data, name)).uid,
      ]),
    )

  it('gives him what it makes', async () => {
    await cli.run('keys create laptop')
    expect(owners()).toEqual({ 'data.sqlite3': SERVICE, 'master.key': SERVICE })
    const backup = join(cli.folder, 'move.backup')
    await cli.run(['backup', backup])
    expect((await cli.run(['restore', backup, '--replace'])).exitCode).toBe(0)
    expect([...new Set(Object.values(owners()))]).toEqual([SERVICE])
  })

  it('gives him what an earlier one has left, but nothing of others', async () => {
    const secret = join(cli.folder, 'of-root')
    writeFileSync(secret, 'canary')
    mkdirSync(join(data, 'unsaved-tokens'))
    writeFileSync(join(data, 'unsaved-tokens', 'one'), '')
    linkSync(secret, join(data, 'data.sqlite3.second-name'))
    symlinkSync(secret, join(data, 'master.key.link'))
    symlinkSync(cli.folder, join(data, 'backups'))
    writeFileSync(join(data, 'notes'), '')
    await cli.run('keys create laptop')
    expect(lstatSync(secret).uid).toBe(0)
    expect(owners()).toMatchObject({
      'unsaved-tokens': SERVICE,
      [join('unsaved-tokens', 'one')]: SERVICE,
      'data.sqlite3.second-name': 0,
      notes: 0,
    })
  })

  it('and what was done before is found by the doctor', async () => {
    await cli.run('keys create laptop')
    chownSync(join(data, 'data.sqlite3'), 0, 0)
    const { output } = await cli.run('doctor', {
      environment: { OIDC_ENDPOINT: 'http://127.0.0.1:1', AMAZON_Q_ENDPOINT: 'http://127.0.0.1:1' },
    })
    // The doctor opens it as root, and so mends it after having found it.
    expect(output).toContain('Some of it belongs to another user than the folder: data.sqlite3')
    expect(owners()['data.sqlite3']).toBe(SERVICE)
  })

  it('by somebody else says who should run it', async () => {
    await cli.run('keys create laptop')
    chmodSync(cli.folder, 0o755)
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(import.meta.dirname, 'main.ts'), 'keys', 'list'],
      {
        uid: SERVICE + 1,
        gid: SERVICE + 1,
        cwd: '/',
        env: { DATA_DIR: data, HOME: '/' },
        encoding: 'utf8',
      },
    )
    expect({ status, stderr }).toEqual({
      status: 78,
      stderr: expect.stringMatching(
        /cannot be looked into \(EACCES\): run this as the user that the gateway runs as/,
      ),
    })
  }, 60_000)
})
