import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openCliUnderTest, type CliRunOptions, type CliUnderTest } from '../../../test/cli-under-test.ts'
import { createFolder, q2apiRow, writeQ2api } from '../../../test/import-samples.ts'
import { createEnvelopes } from '../../access/export-envelope.ts'

const passphrase = 'a passphrase of some length'

/** Nothing is there, so that tests stay on this machine. */
const unreachable = { AMAZON_Q_ENDPOINT: 'http://127.0.0.1:1', OIDC_ENDPOINT: 'http://127.0.0.1:1' }

/** Accounts as q2api's own answers have them. */
function accountsOf(count: number): object[] {
  return Array.from({ length: count }, (_, index) => q2apiRow(index + 1))
}

const statuses = (answer: unknown) => JSON.stringify(answer).match(/"status":"\w+"/g)

describe('accounts import', () => {
  let cli: CliUnderTest
  let source: ReturnType<typeof createFolder>
  beforeEach(() => {
    source = createFolder()
    cli = openCliUnderTest({ ...unreachable, INIT_CWD: source.pathOf('.'), HOME: source.pathOf('.') })
  })
  afterEach(() => {
    cli.close()
    source.remove()
  })

  const listed = async () => (await cli.run('accounts list --json')).json()
  const imported = async (words: string, options: CliRunOptions = {}) => {
    const { json, ...run } = await cli.run(`accounts import ${words} --json`, options)
    return { ...run, answer: json() }
  }

  it("tells what it found, warns, asks, and says of each row what became of it: q2api's database", async () => {
    writeQ2api(source.pathOf('data.sqlite3'), [q2apiRow(1), q2apiRow(2, { refreshToken: null }), q2apiRow(3)])
    const before = readFileSync(source.pathOf('data.sqlite3'))
    const { exitCode, output, notes } = await cli.run('accounts import data.sqlite3', { answers: ['y'] })
    expect(output).toBe(
      [
        'ROW  LABEL      RESULT   WHY',
        '  1  account 1  created',
        '  2  account 2  invalid  It has no refreshToken, so nothing can be done with it: sign this account in anew.',
        '  3  account 3  created',
        '',
        '2 created, 0 duplicates, 1 invalid',
        '',
      ].join('\n'),
    )
    expect(notes).toContain(
      'data.sqlite3: a database of q2api with 2 accounts, and 1 that cannot be imported.',
    )
    expect(notes).toContain('q2api')
    expect(notes).toMatch(
      /as soon as one of them refreshes it, the other one's may end.*\nImport 2 accounts\? /,
    )
    expect(notes).toContain('aqueduct: 1 of 3 rows could not be imported.')
    expect(exitCode).toBe(1)
    expect(output + notes).not.toContain('canary')
    expect(readFileSync(source.pathOf('data.sqlite3')).equals(before)).toBe(true)
    expect(await listed()).toMatchObject({ count: 2 })
  })

  it('does nothing when the answer is no, or nobody is there', async () => {
    source.write('accounts.json', JSON.stringify(accountsOf(1)))
    const no = await cli.run('accounts import accounts.json', { answers: [''] })
    expect(no).toMatchObject({ exitCode: 1, output: '' })
    expect(no.notes).toContain('Nothing was done.')
    const nobody = await cli.run('accounts import accounts.json')
    expect(nobody).toMatchObject({ exitCode: 64, output: '' })
    expect(nobody.notes).toContain('Import 1 account? Say --yes')
    expect(await listed()).toMatchObject({ count: 0 })
  })

  it('changes nothing the second time', async () => {
    source.write('accounts.json', JSON.stringify({ accounts: accountsOf(3) }))
    // Switched off, so that nobody fetches tokens for them meanwhile.
    const first = await imported('accounts.json --yes --disabled')
    expect(first.answer).toMatchObject({ created: 3, duplicates: 0 })
    const before = await listed()
    const again = await imported('accounts.json --yes --label-prefix other-')
    expect(again.answer).toMatchObject({ created: 0, duplicates: 3, invalid: 0 })
    expect(again.exitCode).toBe(0)
    expect(await listed()).toEqual(before)
  })

  it('rehearses without leaving anything behind, and says the same as the import then does', async () => {
    const accounts = [...accountsOf(2), q2apiRow(1), q2apiRow(4, { clientId: null })]
    source.write('accounts.json', JSON.stringify(accounts))
    const rehearsal = await imported('accounts.json --dry-run')
    expect(rehearsal.answer).toMatchObject({ dryRun: true, created: 2, duplicates: 1, invalid: 1 })
    expect((await cli.run('accounts list')).exitCode).toBe(78)
    const done = await imported('accounts.json --yes')
    expect(statuses(rehearsal.answer)).toEqual(statuses(done.answer))
    const later = await cli.run('accounts import accounts.json --dry-run')
    expect(later.output).toContain('0 would be created, 3 duplicates, 1 invalid')
    expect(await listed()).toMatchObject({ count: 2 })
  })

  it('switches accounts off and prefixes labels where that is asked for', async () => {
    source.write(
      'accounts.json',
      JSON.stringify([q2apiRow(1), q2apiRow(3, { label: null, created_at: '2025-01-01T00:00:00' })]),
    )
    const run = await cli.run('accounts import accounts.json --yes --disabled --label-prefix old-')
    expect(run.output).toMatch(/^ +1 +old-account 1 +created$/m)
    const { accounts } = { accounts: [], ...Object(await listed()) }
    expect(accounts).toMatchObject([
      { label: 'old-account 1', enabled: false },
      { label: 'old-2', enabled: false },
    ])
  })

  it('S23: leaves nothing in clear in the data folder, nor beside it', async () => {
    writeQ2api(source.pathOf('data.sqlite3'), [q2apiRow(1), q2apiRow(2)])
    await cli.run('accounts import data.sqlite3 --yes')
    const files = readdirSync(cli.folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
      statSync(join(cli.folder, name)).isFile(),
    )
    expect(files.toSorted()).toEqual([join('data', 'data.sqlite3'), join('data', 'master.key')])
    const [database = Buffer.alloc(0)] = files.toSorted().map((name) => readFileSync(join(cli.folder, name)))
    expect(database.includes('client-1')).toBe(true)
    expect(database.includes('canary')).toBe(false)
  })

  it.each<[string, string | Buffer, RegExp]>([
    ['UTF-16', Buffer.from(`\ufeff${JSON.stringify(accountsOf(2))}`, 'utf16le'), /2 created/],
    ['a mark at its beginning', `\ufeff${JSON.stringify(accountsOf(2))}`, /2 created/],
    ['a database', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(100)]), /name its file/],
    ['too much', 'x'.repeat(10_000_000), /import it in parts/],
    ['nothing', '', /It is empty/],
  ])('reads standard input as it would a file: %s', async (_, input, says) => {
    const { output, notes } = await cli.run('accounts import - --yes', { input })
    expect(output + notes).toMatch(says)
  })

  it('reads standard input', async () => {
    const run = await imported('- --yes', { input: JSON.stringify(accountsOf(2)) })
    expect(run.answer).toMatchObject({ source: 'json', created: 2 })
    expect(run.notes).toContain('standard input: JSON with 2 accounts.')
  })

  it.each([
    ['amazon-q', '.local/share/amazon-q/data.sqlite3'],
    ['kiro-cli', 'Library/Application Support/kiro-cli/data.sqlite3'],
    ['kiro-ide', '.aws/sso/cache/kiro-auth-token.json'],
  ])('looks for %s where it usually keeps its accounts', async (name, path) => {
    const missing = await cli.run(`accounts import ${name} --yes`)
    expect(missing.exitCode).toBe(69)
    expect(missing.notes).toContain(join(source.pathOf('.'), path))
    const place = source.pathOf(path)
    mkdirSync(dirname(place), { recursive: true })
    writeFileSync(place, JSON.stringify(accountsOf(1)))
    expect((await imported(`${name} --yes`)).answer).toMatchObject({ created: 1 })
  })

  it("finds the database in q2api's folder, or the server that its settings name", async () => {
    writeQ2api(source.pathOf('data.sqlite3'), [q2apiRow(1)])
    source.write('.env', 'DATABASE_URL=""\nOPENAI_KEYS="key1"\n')
    expect((await imported('. --yes')).answer).toMatchObject({ source: 'q2api-sqlite', created: 1 })
    source.write('.env', 'DATABASE_URL="postgres://user:canary-password@127.0.0.1:1/db?sslmode=disable"\n')
    const server = await cli.run('accounts import . --yes')
    expect(server.exitCode).toBe(1)
    expect(server.notes).toContain('postgres://127.0.0.1:1/db')
    expect(server.notes).not.toContain('canary')
  })

  it.each([
    ['nothing-here.json', 'nothing-here.json: It cannot be opened for reading (ENOENT).'],
    ['broken.json', 'broken.json: It begins like JSON but is none'],
    ['empty', 'empty holds neither a data.sqlite3 nor a .env'],
    ['ftp://host/file', 'ftp://host/file: It must be the path of a file'],
  ])('says what is wrong with %s', async (name, sentence) => {
    source.write('broken.json', '{"accounts": [')
    mkdirSync(source.pathOf('empty'), { recursive: true })
    const { exitCode, output, notes } = await cli.run(`accounts import ${name} --yes`)
    expect({ isFailed: exitCode > 0, output }).toEqual({ isFailed: true, output: '' })
    expect(notes).toContain(sentence)
  })

  describe('of a locked export', () => {
    beforeEach(async () => {
      const document = { format: 'aqueduct-accounts', version: 1, exportedAt: '', accounts: accountsOf(2) }
      const envelopes = createEnvelopes((size) => Buffer.alloc(size, 5))
      source.write('move.json', JSON.stringify(await envelopes.seal(JSON.stringify(document), passphrase)))
    })

    it('asks for the passphrase', async () => {
      const run = await imported('move.json', { answers: [passphrase, 'yes'] })
      expect(run.answer).toMatchObject({ source: 'aqueduct-export', created: 2 })
      expect(run.notes).not.toContain(passphrase)
    })

    it('takes it from a file', async () => {
      source.write('secret.txt', `${passphrase}\n`)
      expect((await imported('move.json --yes --passphrase-file secret.txt')).answer).toMatchObject({
        created: 2,
      })
    })

    it.each([
      [
        'a wrong one',
        { answers: ['another passphrase'] },
        1,
        'move.json: export: cannot be opened: the passphrase is wrong',
      ],
      ['none', {}, 64, 'Say --passphrase-file'],
    ])('does not open with %s', async (_what, options, code, sentence) => {
      const { exitCode, notes } = await cli.run('accounts import move.json --yes', options)
      expect(exitCode).toBe(code)
      expect(notes).toContain(sentence)
    })
  })

  describe('of many accounts', () => {
    beforeEach(() => {
      source.write('many.json', JSON.stringify(accountsOf(450)))
    })

    it('shows how far it is, and people only what needs them', async () => {
      const { output, notes } = await cli.run('accounts import many.json --yes')
      expect(notes).toMatch(/200 of 450\n400 of 450\n$/)
      expect(output).toBe('450 created, 0 duplicates, 0 invalid\n')
    })

    it('ends between two lots when it is interrupted, says what is stored, and goes on the next time', async () => {
      const interruption = new AbortController()
      const interrupted = interruption.signal
      const run = await cli.run('accounts import many.json --yes', {
        interrupted,
        // What is shown of the first lot is the moment to interrupt.
        onNote: (text) => {
          if (text.startsWith('200 of')) interruption.abort()
        },
      })
      expect(run.exitCode).toBe(130)
      expect(run.output).toBe('200 created, 0 duplicates, 0 invalid\n')
      expect(run.notes).toContain('Interrupted: 200 were imported and stay, 250 rows were not looked at.')
      expect(await listed()).toMatchObject({ count: 200 })
      expect((await imported('many.json --yes')).answer).toMatchObject({ created: 250, duplicates: 200 })
    })
  })
})
