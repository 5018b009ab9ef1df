import { PGlite } from '@electric-sql/pglite'
import { createServer, type Connection } from 'mysql2'
import { once } from 'node:events'
import { Server } from 'node:net'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
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

/** A session of MySQL whose answers are rows in memory. */
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
    dialect: {
      ...mysql,
      connect: async () => ({ query, close: () => Promise.resolve(), destroy: () => void (isClosed = true) }),
    },
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
      connect: async () => ({
        query: refuse,
        close: () => Promise.resolve(),
        destroy: () => void (isClosed = true),
      }),
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

function send(connection: Connection, rows: readonly SourceRecord[]): void {
  const [first] = rows
  if (first === undefined) return connection.writeOk()
  const columns = Object.keys(first).map((name) => ({
    catalog: 'def',
    schema: 'q2api',
    table: 'accounts',
    orgTable: 'accounts',
    name,
    orgName: name,
    characterSet: 45,
    columnLength: 100_000,
    columnType: 253,
    flags: 0,
    decimals: 0,
  }))
  connection.writeTextResult([...rows], columns)
}

/** The protocol of MySQL as its driver speaks it on the other side: what is asked, and what became of it, is real. */
async function startMysql(answer: (text: string) => readonly SourceRecord[] | 'silence' | 'refusal') {
  const asked: string[] = []
  const server = createServer((connection: Connection) => {
    // Packets are counted from each command on, which this side of the driver leaves to its user.
    const countFrom = (number: number) => Reflect.set(connection, 'sequenceId', number)
    connection.serverHandshake({
      protocolVersion: 10,
      serverVersion: '8.0.36',
      connectionId: 1,
      statusFlags: 2,
      characterSet: 45,
      capabilityFlags: 0xffffff,
      authCallback(_user: unknown, accept: () => void) {
        accept()
        countFrom(0)
      },
    })
    connection.on('error', () => {})
    const heed = (text: string) => {
      asked.push(text)
      const answered = answer(text)
      countFrom(1)
      if (answered === 'refusal') connection.writeError({ message: 'canary', code: 1142 })
      else if (answered !== 'silence') send(connection, answered)
      countFrom(0)
    }
    connection.on('query', heed)
    // How it calls what begins with `set`.
    connection.on('stmt_prepare', heed)
  })
  const socket = z.instanceof(Server).parse(Reflect.get(server, '_server'))
  socket.listen(0, '127.0.0.1')
  await once(socket, 'listening')
  const { port } = z.object({ port: z.number() }).parse(socket.address())
  return { asked, url: `mysql://user:canary@127.0.0.1:${port}/q2api`, close: () => socket.close() }
}

describe('q2api on MySQL, over the wire', () => {
  let server: Awaited<ReturnType<typeof startMysql>> | undefined
  afterEach(() => void server?.close())

  const start = async (answer: Parameters<typeof startMysql>[0]) => (server = await startMysql(answer))

  const stored = [q2apiRow(1), q2apiRow(2, { refreshToken: null }), q2apiRow(3, { label: '账号 😀' })]
  const answerAsQ2api = (text: string): readonly SourceRecord[] => {
    if (text.includes('information_schema.tables')) return [{ name: 'accounts', kind: 'BASE TABLE' }]
    if (text.includes('information_schema.columns')) {
      return Object.keys(q2apiColumns('current')).map((name) => ({ name }))
    }
    return text.startsWith('select') ? stored : []
  }

  it('R46: comes whole, in one transaction that may not write', async () => {
    const { url, asked } = await start(answerAsQ2api)
    const { kind, rows } = await readSource(url, { readAccount })
    expect(kind).toBe('q2api-mysql')
    expect(rows).toMatchObject([
      {
        row: 1,
        account: { clientId: 'client-1', refreshToken: 'canary-refresh-1', history: { successes: 10 } },
      },
      { row: 2, problem: expect.stringMatching(/no refreshToken/) },
      { row: 3, name: '账号 😀' },
    ])
    expect(asked.slice(0, 2)).toEqual(mysql.begin)
    expect(asked.at(-1)).toBe('rollback')
  })

  it('that refuses is told by its code', async () => {
    const { url } = await start(() => 'refusal')
    expect(await messageOf(readSource(url, { readAccount }))).toBe(
      'The database server has refused to read on (ER_TABLEACCESS_DENIED_ERROR).',
    )
  })

  it('is not waited for once all is read', async () => {
    const { url } = await start((text) => (text === 'rollback' ? 'silence' : answerAsQ2api(text)))
    expect((await readSource(url, { readAccount })).rows).toHaveLength(3)
  })

  it('is left when the reading is interrupted', async () => {
    const interruption = new AbortController()
    const { url, asked } = await start((text) => {
      if (text.includes('information_schema.columns')) interruption.abort(new Error('enough'))
      return answerAsQ2api(text)
    })
    await expect(readSource(url, { readAccount, signal: interruption.signal })).rejects.toThrow('enough')
    expect(asked.filter((text) => text.includes(' limit '))).toEqual([])
  })
})
