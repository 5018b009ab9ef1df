/** What a command does beside what it says: nothing. */
import BetterSqlite3 from 'better-sqlite3'
import { mkdirSync, readdirSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCliUnderTest, type CliUnderTest } from '../../test/cli-under-test.ts'
import { startGatewayUnderTest, type GatewayUnderTest } from '../../test/gateway-under-test.ts'
import { systemClock, type Clock } from '../clock.ts'

/** Everything that is due within an hour is due at once. */
const hasty: Clock = {
  ...systemClock,
  after: (delayMs, action) => systemClock.after(delayMs / 3_600_000, action),
}

function readTables(folder: string): Map<string, string> {
  const database = new BetterSqlite3(join(folder, 'data.sqlite3'), { readonly: true })
  try {
    const names = database.prepare<[], { name: string }>(
      "select name from sqlite_schema where type = 'table'",
    )
    return new Map(
      names.all().map(({ name }) => [name, JSON.stringify(database.prepare(`select * from ${name}`).all())]),
    )
  } finally {
    database.close()
  }
}

const listFiles = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => !/-(wal|shm)$/.test(name))

describe('a command, after a gateway that has left a sign-in, tokens and old accounts behind,', () => {
  let gateway: GatewayUnderTest
  let cli: CliUnderTest
  beforeAll(async () => {
    gateway = await startGatewayUnderTest()
    await gateway.postJson('/v2/auth/start', {})
    await gateway.stop()
    const unsaved = join(gateway.dataDirectory, 'unsaved-tokens')
    mkdirSync(unsaved, { mode: 0o700, recursive: true })
    for (const name of ['cut-off.unfinished', 'unknown']) {
      writeFileSync(join(unsaved, name), 'x', { mode: 0o600 })
      utimesSync(join(unsaved, name), 1, 1)
    }
    gateway.simulator.journal.clear()
    cli = openCliUnderTest({
      DATA_DIR: gateway.dataDirectory,
      AMAZON_Q_ENDPOINT: gateway.simulator.url,
      OIDC_ENDPOINT: gateway.simulator.url,
      ADMIN_PASSWORD: 'a password that is set',
    })
  })
  afterAll(async () => {
    cli.close()
    await gateway.close()
  })

  const account = JSON.stringify({
    clientId: 'c',
    clientSecret: 's',
    refreshToken: 'r',
    models: ['claude-sonnet-4.5'],
  })

  it.each<[string, string[]]>([
    ['accounts list', []],
    ['accounts stats --json', []],
    ['keys list', []],
    ['accounts import - --dry-run', []],
    ['accounts export -', ['events', 'settings']],
    ['keys create laptop', ['client_key_secrets', 'client_keys', 'events', 'revisions', 'settings']],
    ['accounts disable all', ['accounts', 'events', 'revisions', 'settings']],
    ['accounts reset all', ['accounts', 'events', 'revisions', 'settings']],
    [
      'accounts import - --yes',
      ['account_seals', 'accounts', 'data_keys', 'events', 'revisions', 'settings'],
    ],
  ])('%s does only what it says', async (words, changed) => {
    const before = readTables(gateway.dataDirectory)
    const files = listFiles(gateway.dataDirectory)
    const { exitCode } = await cli.run(words, { clock: hasty, input: account })
    expect(exitCode).toBe(0)
    const after = readTables(gateway.dataDirectory)
    const differing = [...after].filter(([name, rows]) => before.get(name) !== rows).map(([name]) => name)
    expect(differing.toSorted()).toEqual(changed)
    expect(listFiles(gateway.dataDirectory)).toEqual(files)
    expect(gateway.simulator.journal.entries()).toEqual([])
  })

  it('accounts refresh asks for tokens of the account, and for nothing else', async () => {
    const { exitCode } = await cli.run('accounts refresh test', { clock: systemClock })
    expect(exitCode).toBe(0)
    expect(gateway.simulator.journal.entries().map(({ operation }) => operation)).toEqual(['CreateToken'])
    expect(listFiles(gateway.dataDirectory)).toContain(join('unsaved-tokens', 'cut-off.unfinished'))
  })
})
