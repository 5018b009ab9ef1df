import { hash, randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../../test/fake-clock.ts'
import { createAdminTokens, type AdminToken, type AdminTokenStore } from './admin-tokens.ts'

const actor = { kind: 'operator', via: 'password' } as const
const DAY = 24 * 3_600_000

function start() {
  const clock = createFakeClock()
  const rows = new Map<string, AdminToken>()
  const asked: string[] = []
  let ids = 0
  const isDiskFull = { now: false }
  const reported: unknown[] = []
  const byId = (id: string) => [...rows].find(([, token]) => token.id === id)
  const store: AdminTokenStore = {
    insert: async (token, digest) => void rows.set(digest, token),
    async findByDigest(digest) {
      asked.push(digest)
      return rows.get(digest)
    },
    list: async () => [...rows.values()],
    async touch(id, lastUsedAt) {
      if (isDiskFull.now) throw new Error('disk full')
      const [digest, token] = byId(id) ?? []
      if (digest !== undefined && token !== undefined) rows.set(digest, { ...token, lastUsedAt })
    },
    async remove(id) {
      const [digest, token] = byId(id) ?? []
      return digest !== undefined && token !== undefined && rows.delete(digest)
    },
  }
  const createId = () => `id ${(ids += 1)}`
  const report = (error: unknown) => void reported.push(error)
  const digestKey = Buffer.alloc(32, 1)
  const tokens = createAdminTokens({ store, clock, randomBytes, createId, digestKey, report })
  return { clock, rows, tokens, asked, isDiskFull, reported }
}

describe('a token of the operator', () => {
  it('S17: is known by its secret, which is stored nowhere', async () => {
    const { tokens, rows } = start()
    const { token, secret } = await tokens.create({ name: 'backup', scope: 'read' }, actor)
    expect(secret).toMatch(/^qt_[\w-]{43}$/)
    expect(await tokens.find(secret)).toMatchObject({ name: 'backup', scope: 'read' })
    expect(JSON.stringify([...rows])).not.toContain(secret.slice(3))
    expect(await tokens.remove(token.id, actor)).toBe(true)
    expect(await tokens.find(secret)).toBeUndefined()
    expect(await tokens.remove(token.id, actor)).toBe(false)
  })

  it('lets its owner in while its use cannot be noted', async () => {
    const { tokens, isDiskFull, reported } = start()
    const { secret } = await tokens.create({ name: 'backup', scope: 'read' }, actor)
    isDiskFull.now = true
    expect(await tokens.find(secret)).toMatchObject({ name: 'backup' })
    expect(reported).toEqual([new Error('disk full')])
  })

  it.each([
    [undefined, 365],
    [1, 1],
    [3650, 3650],
  ])('S17: that shall last %s days lasts %i', async (expiresInDays, days) => {
    const { tokens, clock } = start()
    const { secret } = await tokens.create({ name: 'a', scope: 'full', expiresInDays }, actor)
    clock.advance(days * DAY - 1)
    expect(await tokens.find(secret)).toBeDefined()
    clock.advance(1)
    expect(await tokens.find(secret)).toBeUndefined()
    expect(await tokens.list()).toHaveLength(1)
  })

  it('S17: is not known by anything near it', async () => {
    const { tokens } = start()
    const { secret } = await tokens.create({ name: 'a', scope: 'full' }, actor)
    const near = [
      secret.slice(0, -1),
      `${secret}a`,
      secret.toUpperCase(),
      secret.slice(3),
      ` ${secret}`,
      'qt_',
      '',
    ]
    for (const each of near) expect(await tokens.find(each)).toBeUndefined()
  })

  it('S13: is looked up by a keyed digest, so that no look-up is nearer for a guess that is nearly right', async () => {
    const { tokens, asked } = start()
    const { secret } = await tokens.create({ name: 'a', scope: 'full' }, actor)
    const near = secret.slice(0, -2) + (secret.endsWith('AA') ? 'BB' : 'AA')
    for (const each of [secret, near]) await tokens.find(each)
    expect(asked.map((digest) => /^[0-9a-f]{64}$/.test(digest))).toEqual([true, true])
    expect(asked[0]?.slice(0, 12)).not.toBe(asked[1]?.slice(0, 12))
    expect(asked).not.toContain(hash('sha256', secret))
  })

  it('tells when it was used last, to the minute', async () => {
    const { tokens, clock } = start()
    const { secret } = await tokens.create({ name: 'a', scope: 'full' }, actor)
    await tokens.find(secret)
    const first = clock.now()
    clock.advance(59_999)
    await tokens.find(secret)
    expect((await tokens.list())[0]?.lastUsedAt).toBe(first)
    clock.advance(1)
    await tokens.find(secret)
    expect((await tokens.list())[0]?.lastUsedAt).toBe(clock.now())
  })
})
