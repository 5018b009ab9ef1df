import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { q2apiColumns, q2apiRow, readAccount, type Row } from '../../test/import-samples.ts'
import { startPostgresSocket, type PostgresSocket } from '../../test/postgres-socket.ts'
import { toGatewayError } from '../conversation/failures.ts'
import { createJudge } from './judge-row.ts'
import { mysql } from './mysql-session.ts'
import { readSource } from './read-source.ts'
import { readServerSource } from './server-source.ts'
import type { SourceRecord } from './source.ts'

const judge = createJudge(readAccount)
const messageOf = async (reading: Promise<unknown>) =>
  toGatewayError(await reading.catch((error: unknown) => error)).failure.message

describe('q2api on PostgreSQL', () => {
  // One server inside this process for all tests: to start it takes seconds.
  let server: PGlite
  let socket: PostgresSocket
  beforeAll(async () => {
    server = await PGlite.create()
    socket = await startPostgresSocket(server)
  }, 120_000)
  afterAll(async () => {
    await socket.close()
    await server.close()
  })
  beforeEach(async () => {
    await server.exec('drop schema public cascade; create schema public')
  })

  /** As q2api makes it: without quotes, so that the server folds the names. */
  async function write(rows: readonly Row[]): Promise<void> {
    const columns = q2apiColumns('current')
    const definitions = Object.entries(columns).map(([name, type]) => `${name} ${type}`)
    await server.exec(`create table accounts (${definitions.join(', ')})`)
    const names = Object.keys(columns)
    const places = names.map((_, index) => `$${index + 1}`)
    for (const row of rows) {
      await server.query(
        `insert into accounts values (${places.join(', ')})`,
        names.map((name) => row[name] ?? null),
      )
    }
  }

  it('R46: comes whole, though its column names are folded', async () => {
    await write([
      q2apiRow(1),
      q2apiRow(2, { refreshToken: null }),
      q2apiRow(3, { other: 'x'.repeat(70_000) }),
    ])
    const { kind, rows } = await readSource(socket.url, { readAccount })
    expect(kind).toBe('q2api-postgres')
    expect(rows).toMatchObject([
      {
        row: 1,
        name: 'account 1',
        account: {
          clientId: 'client-1',
          clientSecret: 'canary-secret-1',
          refreshToken: 'canary-refresh-1',
          enabled: true,
          history: { strikes: 1, successes: 10, createdAt: new Date('2025-11-02T10:20:30Z') },
        },
      },
      { row: 2, problem: expect.stringMatching(/no refreshToken/) },
      { row: 3, problem: expect.stringMatching(/^Its other is longer/) },
    ])
  }, 60_000)

  it.each([
    ['no table of that name', '', /no table accounts/],
    ['another table of that name', 'create table accounts (id text, name text)', /not one of q2api/],
    ['a view of that name', "create view accounts as select 'canary' as id", /no plain table/],
    ['the tables of this gateway', 'create table kysely_migration (name text)', /export its accounts/],
  ])('with %s is refused with a sentence', async (_name, sql, sentence) => {
    await server.exec(sql)
    expect(await messageOf(readSource(socket.url, { readAccount }))).toMatch(sentence)
  })

  it('that cannot be reached is told without the address, which holds a password', async () => {
    const reading = readSource('postgres://user:canary@127.0.0.1:1/q2api', { readAccount })
    const message = await messageOf(reading)
    expect(message).toMatch(/cannot be reached/)
    expect(message).not.toContain('canary')
  })
})

/** A server of MySQL whose answers are rows in memory: none runs here. */
function fakeServer(rows: readonly Row[], present = Object.keys(q2apiColumns('current'))) {
  const asked: string[] = []
  let isClosed = false
  async function query(text: string): Promise<SourceRecord[]> {
    asked.push(text)
    if (text.includes('information_schema.tables')) return [{ name: 'accounts', kind: 'BASE TABLE' }]
    if (text.includes('information_schema.columns')) return present.map((name) => ({ name }))
    const [, limit = '0', offset = '0'] = /limit (\d+) offset (\d+)$/.exec(text) ?? []
    return text.startsWith('select') ? rows.slice(Number(offset), Number(offset) + Number(limit)) : []
  }
  return {
    asked,
    isClosed: () => isClosed,
    dialect: { ...mysql, connect: async () => ({ query, close: async () => void (isClosed = true) }) },
  }
}

const refuse = () =>
  Promise.reject(Object.assign(new Error('canary'), { code: 'ER_TABLEACCESS_DENIED_ERROR' }))

describe('q2api on MySQL', () => {
  it('is read page by page in one transaction that may not write', async () => {
    const server = fakeServer(Array.from({ length: 2500 }, (_, index) => q2apiRow(index)))
    const { kind, rows } = await readServerSource('mysql://host/q2api', server.dialect, { judge })
    expect(kind).toBe('q2api-mysql')
    expect(rows).toHaveLength(2500)
    expect(rows.every((row) => 'account' in row)).toBe(true)
    expect(server.asked.slice(0, 2)).toEqual(mysql.begin)
    expect(server.asked.filter((text) => /\boffset\b/.test(text))).toHaveLength(3)
    expect(server.asked.join('\n')).not.toMatch(/\b(insert|update|delete|drop|alter)\b/)
    expect(server.isClosed()).toBe(true)
  })

  it('is told by its code when it refuses, and closed', async () => {
    const server = fakeServer([])
    let isClosed = false
    const dialect = {
      ...server.dialect,
      connect: async () => ({ query: refuse, close: async () => void (isClosed = true) }),
    }
    const message = await messageOf(readServerSource('mysql://host/q2api', dialect, { judge }))
    expect(message).toBe('The database server has refused to read on (ER_TABLEACCESS_DENIED_ERROR).')
    expect(isClosed).toBe(true)
  })

  it('that cannot be reached is told without the address, which holds a password', async () => {
    const message = await messageOf(readSource('mysql://user:canary@127.0.0.1:1/q2api', { readAccount }))
    expect(message).toMatch(/cannot be reached/)
    expect(message).not.toContain('canary')
  })
})
