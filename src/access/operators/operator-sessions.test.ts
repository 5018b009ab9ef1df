import { hash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import {
  createOperatorSessions,
  handleOf,
  type SessionRecord,
  type SessionStore,
} from './operator-sessions.ts'

const HOUR = 3_600_000
const print = 'print of the password'
const signedIn = { kind: 'operator-signed-in', actor: { kind: 'operator' } } as const

function start() {
  const clock = createFakeClock()
  const rows = new Map<string, SessionRecord>()
  const isDiskFull = { now: false }
  const reported: unknown[] = []
  const asked: string[] = []
  const store: SessionStore = {
    insert: async (session) => void rows.set(session.digest, session),
    async find(digest) {
      asked.push(digest)
      return rows.get(digest)
    },
    list: async () => [...rows.values()],
    async touch(digest, lastSeenAt) {
      if (isDiskFull.now) throw new Error('disk full')
      const session = rows.get(digest)
      if (session !== undefined) rows.set(digest, { ...session, lastSeenAt })
    },
    remove: async (digest) => rows.delete(digest),
    async prune({ createdBefore, seenBefore }) {
      for (const { digest, createdAt, lastSeenAt } of rows.values()) {
        if (createdAt < createdBefore || lastSeenAt < seenBefore) rows.delete(digest)
      }
    },
    clear: async () => rows.clear(),
  }
  const sessions = createOperatorSessions({
    store,
    clock,
    randomBytes,
    proofKey: Buffer.alloc(32, 1),
    report: (error) => void reported.push(error),
  })
  const isAlive = async (id: string, of = print) => (await sessions.find(id, of)) !== undefined
  return { clock, rows, sessions, isAlive, asked, isDiskFull, reported }
}

describe('the sessions that are listed', () => {
  it('are those of the password that have not ended, without what lets one in', async () => {
    const { sessions, clock } = start()
    const first = await sessions.start(print, signedIn)
    clock.advance(HOUR)
    const second = await sessions.start(print, signedIn)
    await sessions.start('print of another password', signedIn)
    const list = await sessions.list(print)
    expect(list.map(({ handle }) => handle)).toEqual([handleOf(second.id), handleOf(first.id)])
    expect(JSON.stringify(list)).not.toContain(first.id)
    clock.advance(11.5 * HOUR)
    expect((await sessions.list(print)).map(({ handle }) => handle)).toEqual([handleOf(second.id)])
  })

  it('end one by one', async () => {
    const { sessions, isAlive } = start()
    const { id } = await sessions.start(print, signedIn)
    const { id: other } = await sessions.start(print, signedIn)
    const ended = { kind: 'operator-signed-out', actor: { kind: 'operator' } } as const
    expect(await sessions.endOther(handleOf(id), 'print of another password', ended)).toBe(false)
    expect(await sessions.endOther(handleOf(id), print, ended)).toBe(true)
    expect(await sessions.endOther(handleOf(id), print, ended)).toBe(false)
    expect([await isAlive(id), await isAlive(other)]).toEqual([false, true])
  })
})

describe('a session of the operator', () => {
  it('S10: has an id of 256 bits, another one each time, of which the SHA-256 is stored alone', async () => {
    const { sessions, rows, isAlive } = start()
    const { id } = await sessions.start(print, signedIn)
    const { id: other } = await sessions.start(print, signedIn)
    expect(Buffer.from(id, 'base64url')).toHaveLength(32)
    expect(other).not.toBe(id)
    expect([...rows.keys()]).toEqual([hash('sha256', id), hash('sha256', other)])
    expect(JSON.stringify([...rows.values()])).not.toContain(id)
    expect(await isAlive(id)).toBe(true)
  })

  it('goes on while its use cannot be noted, and then ends as if it had not been used', async () => {
    const { sessions, clock, isAlive, isDiskFull, reported } = start()
    const { id } = await sessions.start(print, signedIn)
    isDiskFull.now = true
    clock.advance(11 * HOUR)
    expect(await isAlive(id)).toBe(true)
    expect(reported).toEqual([new Error('disk full')])
    clock.advance(HOUR)
    expect(await isAlive(id)).toBe(false)
  })

  it('S10: is not kept alive by a page that nobody uses', async () => {
    const { sessions, clock } = start()
    const { id } = await sessions.start(print, signedIn)
    const find = (isUnattended: boolean) => sessions.find(id, print, { isUnattended })
    clock.advance(6 * HOUR)
    expect(await find(false)).toBeDefined()
    clock.advance(11 * HOUR)
    expect(await find(true)).toBeDefined()
    clock.advance(1 * HOUR)
    expect(await find(true)).toBeUndefined()
  })

  it('S10: ends after twelve hours without a request', async () => {
    const { sessions, clock, isAlive } = start()
    const { id } = await sessions.start(print, signedIn)
    for (let n = 0; n < 3; n += 1) {
      clock.advance(12 * HOUR - 1)
      expect(await isAlive(id)).toBe(true)
    }
    clock.advance(12 * HOUR)
    expect(await isAlive(id)).toBe(false)
  })

  it('S10: ends after seven days, however busy', async () => {
    const { sessions, clock, isAlive } = start()
    const { id, expiresAt } = await sessions.start(print, signedIn)
    expect(expiresAt - clock.now()).toBe(7 * 24 * HOUR)
    for (let hours = 0; hours < 7 * 24; hours += 1) {
      expect(await isAlive(id)).toBe(true)
      clock.advance(HOUR)
    }
    expect(await isAlive(id)).toBe(false)
  })

  it('S10: ends when it is ended, and with the password', async () => {
    const { sessions, isAlive, rows } = start()
    const { id } = await sessions.start(print, signedIn)
    expect(await isAlive(id, 'print of the next password')).toBe(false)
    expect(await sessions.end(id)).toBe(true)
    expect(await sessions.end(id)).toBe(false)
    expect(await isAlive(id)).toBe(false)
    const { id: second } = await sessions.start(print, signedIn)
    await sessions.endAll()
    expect([await isAlive(second), rows.size]).toEqual([false, 0])
  })

  it.each<[string, (session: SessionRecord, other: SessionRecord) => SessionRecord]>([
    ['without a proof', (session) => ({ ...session, proof: '' })],
    ['with the proof of another', (session, { proof }) => ({ ...session, proof })],
    ['with one digit of the proof changed', (session) => ({ ...session, proof: flipLast(session.proof) })],
    ['that was made younger', (session) => ({ ...session, createdAt: session.createdAt + 1 })],
    ['that was made older', (session) => ({ ...session, createdAt: session.createdAt - 1 })],
    ['that was seen before it began', (session) => ({ ...session, lastSeenAt: session.createdAt - 1 })],
    ['of the future', (session) => ({ ...session, lastSeenAt: session.lastSeenAt + 24 * HOUR })],
    ['without instants', (session) => ({ ...session, createdAt: Number.NaN, lastSeenAt: Number.NaN })],
  ])('S10: is none when the database holds a record %s', async (_, forge) => {
    const { sessions, rows, isAlive } = start()
    const { id } = await sessions.start(print, signedIn)
    const { id: second } = await sessions.start(print, signedIn)
    const [session, other] = [rows.get(hash('sha256', id)), rows.get(hash('sha256', second))]
    if (session === undefined || other === undefined) throw new TypeError('The sessions were not stored.')
    rows.set(session.digest, forge(session, other))
    expect(await isAlive(id)).toBe(false)
    expect(await isAlive(second)).toBe(true)
  })

  it.each(['', 'a', 'x'.repeat(43), 'a'.repeat(1_000_000), '密'.repeat(43), "' or 1=1 --"])(
    'S10: is none by an id that nobody was given: %.20s',
    async (id) => {
      const { sessions, isAlive } = start()
      await sessions.start(print, signedIn)
      expect(await isAlive(id)).toBe(false)
    },
  )

  it('S13: is looked up by its digest, so that no look-up is nearer for a guess that is nearly right', async () => {
    const { sessions, isAlive, asked } = start()
    const { id } = await sessions.start(print, signedIn)
    const near = id.slice(0, -2) + (id.endsWith('AA') ? 'BB' : 'AA')
    expect([await isAlive(id), await isAlive(near)]).toEqual([true, false])
    expect(asked).toEqual([hash('sha256', id), hash('sha256', near)])
  })

  it('forgets those that are over when another one begins', async () => {
    const { sessions, clock, rows } = start()
    await sessions.start(print, signedIn)
    clock.advance(13 * HOUR)
    await sessions.start(print, signedIn)
    expect(rows.size).toBe(1)
  })
})

function flipLast(text: string): string {
  return text.slice(0, -1) + (text.endsWith('0') ? '1' : '0')
}
