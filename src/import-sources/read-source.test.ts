import { createHash } from 'node:crypto'
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createFolder, q2apiRow, readAccount, writeQ2api, type Row } from '../../test/import-samples.ts'
import { toGatewayError } from '../conversation/failures.ts'
import { readSource } from './read-source.ts'
import type { Source } from './source.ts'

let folder = createFolder()
let path = ''
beforeEach(() => {
  folder = createFolder()
  mkdirSync(folder.pathOf('temporary'))
  path = folder.pathOf('data.sqlite3')
})
afterEach(() => folder.remove())

const read = (location = path) =>
  readSource(location, { readAccount, temporaryFolder: folder.pathOf('temporary') })
const accountsOf = ({ rows }: Source) => rows.flatMap((row) => ('account' in row ? [row.account] : []))
const problemsOf = ({ rows }: Source) =>
  rows.flatMap((row) => ('problem' in row ? [[row.row, row.problem]] : []))

async function refusalOf(location = path): Promise<string> {
  const { failure } = toGatewayError(await read(location).catch((error: unknown) => error))
  expect(failure.kind).toBe('invalid-request')
  return failure.message
}

const stateOf = (file: string) => ({
  hash: createHash('sha256').update(readFileSync(file)).digest('hex'),
  modified: statSync(file, { bigint: true }).mtimeNs,
})

describe('the database of q2api', () => {
  const rows = [q2apiRow(1), q2apiRow(2)]

  it.each(['first', 'without-expiry', 'current'] as const)(
    'R46: of the generation "%s" comes whole',
    async (generation) => {
      writeQ2api(path, rows, { generation })
      const source = await read()
      const isFirst = generation === 'first'
      expect(source.kind).toBe('q2api-sqlite')
      expect(source.warning).toMatch(/q2api/)
      expect(accountsOf(source)).toMatchObject([
        {
          label: 'account 1',
          clientId: 'client-1',
          clientSecret: 'canary-secret-1',
          refreshToken: 'canary-refresh-1',
          accessToken: 'canary-access-1',
          enabled: true,
          history: {
            createdAt: new Date('2025-11-02T10:20:30Z'),
            strikes: isFirst ? 0 : 1,
            successes: isFirst ? 0 : 10,
          },
        },
        {
          clientId: 'client-2',
          enabled: isFirst,
          history: { strikes: isFirst ? 0 : 2, successes: isFirst ? 0 : 20 },
        },
      ])
      expect(accountsOf(source)[0]?.history?.expiresAt).toEqual(
        generation === 'current' ? new Date('2026-01-19T09:00:00Z') : undefined,
      )
    },
  )

  it('R46: comes with what is only in its open WAL, which stays as it is', async () => {
    const open = writeQ2api(path, rows, { keepOpen: true })
    const before = [stateOf(path), stateOf(`${path}-wal`)]
    expect(before[1]?.hash).not.toBe(createHash('sha256').digest('hex'))
    expect(accountsOf(await read())).toHaveLength(2)
    expect([stateOf(path), stateOf(`${path}-wal`)]).toEqual(before)
    open.close()
    expect(accountsOf(await read())).toHaveLength(2)
  })

  it('R46, S23: that is read-only comes, stays as it is to the last byte, and leaves no copy behind', async () => {
    writeQ2api(path, rows)
    chmodSync(path, 0o400)
    const before = stateOf(path)
    const listed = readdirSync(folder.pathOf('.'))
    expect(accountsOf(await read())).toHaveLength(2)
    expect(stateOf(path)).toEqual(before)
    expect(readdirSync(folder.pathOf('.'))).toEqual(listed)
    expect(readdirSync(folder.pathOf('temporary'))).toEqual([])
  })

  const repaired: [string, Row, object][] = [
    [
      'NULLs',
      {
        label: null,
        accessToken: null,
        other: null,
        enabled: null,
        error_count: null,
        created_at: null,
        last_refresh_time: null,
        expires_at: null,
      },
      { enabled: true, history: { strikes: 0, lastRefresh: { status: 'never' } } },
    ],
    ['an `other` that is JSON', { other: '{"note":1}' }, { other: { note: 1 } }],
    ['a malformed `other`', { other: '{"note":' }, { other: '{"note":' }],
    [
      'timestamps with microseconds and a zone',
      { created_at: '2025-11-02 10:20:30.123456+08:00' },
      { history: { createdAt: new Date('2025-11-02T02:20:30.123Z') } },
    ],
    [
      'timestamps that count seconds',
      { created_at: 1_762_078_830 },
      { history: { createdAt: new Date('2025-11-02T10:20:30Z') } },
    ],
    ['enabled as the text "true"', { enabled: 'true' }, { enabled: true }],
    ['enabled as the text "0"', { enabled: '0' }, { enabled: false }],
    ['enabled as a text that nobody knows', { enabled: 'maybe' }, { enabled: false }],
    ['an emoji label', { label: '👩‍💻 工作' }, { label: '👩‍💻 工作' }],
    ['a label that is too long', { label: `${'a'.repeat(198)}👍👍` }, { label: `${'a'.repeat(198)}…` }],
    ['a label that would command a terminal', { label: 'a\u001b[2Jb\0' }, { label: 'a [2Jb' }],
    ['formulas, which stay text', { label: '=1+1', other: '=1+1' }, { label: '=1+1', other: '=1+1' }],
    ['tokens with a line end', { refreshToken: 'canary-refresh\n' }, { refreshToken: 'canary-refresh' }],
    [
      'text that is stored as bytes',
      { clientSecret: Buffer.from('canary-bytes') },
      { clientSecret: 'canary-bytes' },
    ],
  ]
  it.each(repaired)('R46: with %s comes', async (_name, changes, expected) => {
    writeQ2api(path, [q2apiRow(1, changes)])
    expect(accountsOf(await read())).toMatchObject([expected])
  })

  it.each(['yesterday', '0000-00-00T00:00:00', '2026-13-01T00:00:00', '9999-01-01T00:00:00', '-5', 1e300])(
    'R46: with the bad timestamp %s comes without it',
    async (bad) => {
      writeQ2api(path, [q2apiRow(1, { created_at: bad, expires_at: bad, last_refresh_time: bad })])
      const [account] = accountsOf(await read())
      expect(account?.history).toEqual({ strikes: 1, successes: 10, lastRefresh: { status: 'never' } })
    },
  )

  const refused: [string, Row, RegExp][] = [
    ['no refreshToken', { refreshToken: null }, /^It has no refreshToken/],
    ['an empty clientSecret', { clientSecret: '' }, /^It has no clientSecret/],
    ['a token that a program has shortened', { refreshToken: 'canary-ref...tail' }, /shortened copy/],
    [
      'a token with a line end in it',
      { refreshToken: 'canary\nrefresh' },
      /^refreshToken: must be visible ASCII/,
    ],
    ['a value that is too long', { other: 'x'.repeat(70_000) }, /^Its other is longer/],
  ]
  it.each(refused)('R46: with %s is told by row, and the others come', async (_name, changes, problem) => {
    writeQ2api(path, [q2apiRow(1), q2apiRow(2, changes), q2apiRow(3)])
    const source = await read()
    expect(accountsOf(source)).toHaveLength(2)
    expect(problemsOf(source)).toEqual([[2, expect.stringMatching(problem)]])
    expect(JSON.stringify(problemsOf(source))).not.toContain('canary')
  })

  it('R46: that is damaged is refused in one sentence', async () => {
    writeQ2api(
      path,
      Array.from({ length: 200 }, (_, index) => q2apiRow(index)),
    )
    const bytes = readFileSync(path)
    bytes.fill(0x5a, 8192, 16_384)
    writeFileSync(path, bytes)
    expect(await refusalOf()).toMatch(/damaged/)
    writeFileSync(path, bytes.subarray(0, 5000))
    expect(await refusalOf()).toMatch(/damaged/)
    expect(readdirSync(folder.pathOf('temporary'))).toEqual([])
  })

  it('is refused while half of a change is in its journal', async () => {
    writeQ2api(path, rows)
    writeFileSync(`${path}-journal`, Buffer.from('d9d505f920a163d70000', 'hex'))
    expect(await refusalOf()).toMatch(/start that program once/)
  })

  it('is not mistaken for one of this gateway, whose secrets are sealed', async () => {
    writeQ2api(path, rows, { sql: 'create table kysely_migration (name text)' })
    expect(await refusalOf()).toMatch(/export its accounts/)
  })
})

describe('a hostile database', () => {
  const expression = "hex(randomblob(1000)) || load_extension('canary')"
  const hostile: [string, string][] = [
    [
      'a view',
      `drop table accounts; create view accounts as select 'a' as clientId, 'b' as clientSecret, ${expression} as refreshToken`,
    ],
    [
      'a virtual table',
      'drop table accounts; create virtual table accounts using fts5(clientId, clientSecret, refreshToken)',
    ],
    [
      'a generated column',
      `alter table accounts add column extra text generated always as (hex(zeroblob(10))) virtual`,
    ],
    [
      'a check',
      `drop table accounts; create table accounts (clientId, clientSecret, refreshToken check (length(hex(zeroblob(9))) > 0))`,
    ],
  ]
  it.each(hostile)('F17: that has %s for the table is not read', async (_name, sql) => {
    writeQ2api(path, [q2apiRow(1)], { sql })
    expect(await refusalOf()).toMatch(/no plain table/)
  })

  it('F17: has its triggers, other views and expressions of indexes left alone', async () => {
    const sql = `create view other as select ${expression};
      create table log (line); create virtual table words using fts5(word);
      create trigger t after update on accounts begin insert into log values ('ran'); end;
      create index i on accounts (hex(clientId)) where length(clientId) > 0`
    writeQ2api(path, [q2apiRow(1)], { sql })
    const before = stateOf(path)
    expect(accountsOf(await read())).toHaveLength(1)
    expect(stateOf(path)).toEqual(before)
  })
})

describe('what is no source', () => {
  const contents: [string, string | Buffer, RegExp][] = [
    ['nothing', '', /empty/],
    ['blanks', ' \n\t', /empty/],
    ['a zip archive', Buffer.from('504b0304140000000800', 'hex'), /archive/],
    ['a gzip archive', Buffer.from('1f8b0800000000000003', 'hex'), /archive/],
    ['bytes', Buffer.from([0x80, 0x81, 0xff, 0x90]), /no text/],
    ['prose', 'Dear operator, here are my accounts.', /neither JSON, nor a table/],
    ['JSON that was cut off', '{"accounts": [{"clientId": "a"', /damaged, or was cut off/],
    ['JSON that is too deep', '['.repeat(100_000), /damaged, or was cut off/],
    ['JSON without accounts', '{"models": []}', /no list of accounts/],
    ['a locked export without its passphrase', '{"format":"aqueduct-sealed"}', /passphrase/],
    ['an export of the future', '{"format":"aqueduct-accounts","version":2,"accounts":[]}', /newer version/],
    ['10 MB', Buffer.alloc(10_000_000, 0x20), /10 MB or more/],
    ['another program’s database', '', /neither of q2api nor/],
  ]
  it.each(contents)('%s is refused with a sentence', async (name, content, sentence) => {
    if (name.endsWith('database')) writeQ2api(path, [], { sql: 'drop table accounts; create table a (b)' })
    else folder.write('data.sqlite3', content)
    expect(await refusalOf()).toMatch(sentence)
  })

  it.each([
    ['a file that is not there', 'none', /ENOENT/],
    ['a folder', '.', /no file/],
    ['an unknown scheme', 'ftp://user:canary@host/', /path of a file/],
    ['an address that is none', 'postgres://user:canary@host:port:x/', /no valid address/],
  ])('%s is refused with a sentence', async (_name, location, sentence) => {
    const refusal = await refusalOf(location.includes(':') ? location : folder.pathOf(location))
    expect(refusal).toMatch(sentence)
    expect(refusal).not.toContain('canary')
  })
})
