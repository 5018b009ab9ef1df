import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { Actor, Happening } from '../events/event.ts'
import type { ClientKey } from './client-key.ts'
import { statusOf } from './client-key.ts'
import type { KeyChange } from './client-key-store.ts'
import { followKeys } from './follow-keys.ts'
import { openKeyRing } from './key-ring.ts'
import { createKeySecrets } from './key-secrets.ts'
import { createKeyUses } from './key-uses.ts'
import { createKeys } from './keys.ts'

const actor: Actor = { kind: 'operator', via: 'password' }
const DAY_SECONDS = 86_400
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/** A database that several processes share. */
function createMemory() {
  const keys = new Map<string, ClientKey>()
  const state: { revision: number; isDown: boolean; listing?: Promise<void> } = { revision: 0, isDown: false }
  const happenings: Happening[] = []
  const recorder = { fails: false }
  const record = (happening: Happening) => {
    if (recorder.fails) throw new Error('cannot record')
    happenings.push(happening)
  }
  const guard = () => {
    if (state.isDown) throw new Error('database is down')
  }
  const store = {
    async readRevision() {
      guard()
      return state.revision
    },
    async list() {
      guard()
      const found = [...keys.values()]
      await state.listing
      return found
    },
    find: async (id: string) => keys.get(id),
    async insert(key: ClientKey, happening: Happening) {
      guard()
      record(happening)
      keys.set(key.id, key)
      state.revision += 1
    },
    async update(id: string, change: (key: ClientKey) => KeyChange) {
      guard()
      const before = keys.get(id)
      if (before === undefined) return undefined
      const { after, happening } = change(before)
      if (happening !== undefined) record(happening)
      keys.set(id, after)
      state.revision += 1
      return { before, after }
    },
    noteUses: async () => {},
  }
  return { store, state, happenings, recorder }
}

async function startProcess(memory = createMemory(), clock = createFakeClock()) {
  const { store } = memory
  const reported: unknown[] = []
  const report = (error: unknown) => void reported.push(error)
  const uses = createKeyUses({ store, clock, report })
  const secrets = createKeySecrets({ digestKey: Buffer.alloc(32, 1), randomBytes })
  const ring = await openKeyRing({ store, uses, clock })
  const follower = followKeys({ ring, clock, report })
  let ids = 0
  const keys = createKeys({
    store,
    ring,
    uses,
    secrets,
    clock,
    createId: () => `key-${(ids += 1)}`,
  })
  const outcome = (secret: string, address = '192.0.2.1') =>
    ring.admit(secrets.digestOf(secret), address)?.kind ?? 'unknown'
  return { ...memory, clock, reported, ring, follower, keys, outcome, secrets }
}

describe('a key', () => {
  it('works at once, with what it was given', async () => {
    const { keys, ring, outcome, secrets } = await startProcess()
    expect(ring.exist()).toBe(false)
    const limits = { tokensPerDay: 5 }
    const { key, secret } = await keys.create({ name: 'a', models: ['m'], accountTags: ['t'], limits }, actor)
    expect([ring.exist(), outcome(secret), outcome(`${secret}x`)]).toEqual([true, 'usable', 'unknown'])
    expect(ring.admit(secrets.digestOf(secret), undefined)).toEqual({
      kind: 'usable',
      key: { print: key.id, grant: { id: key.id, name: 'a', models: ['m'], accountTags: ['t'], limits } },
    })
  })

  it('ends with its time', async () => {
    const { keys, clock, outcome } = await startProcess()
    const expiresAt = new Date(clock.now() + 1000)
    const { key, secret } = await keys.create({ name: 'a', expiresAt }, actor)
    clock.advance(999)
    expect([outcome(secret), statusOf(key, clock.now())]).toEqual(['usable', 'active'])
    clock.advance(1)
    expect([outcome(secret), statusOf(key, clock.now())]).toEqual(['expired', 'expired'])
    await keys.change(key.id, { expiresAt: null }, actor)
    expect(outcome(secret)).toBe('usable')
  })

  it('serves the addresses that it is for', async () => {
    const { keys, outcome } = await startProcess()
    const { key, secret } = await keys.create({ name: 'a', addresses: ['198.51.100.0/24'] }, actor)
    expect([outcome(secret, '198.51.100.7'), outcome(secret, '192.0.2.1')]).toEqual([
      'usable',
      'wrong-address',
    ])
    await keys.change(key.id, { addresses: null }, actor)
    expect(outcome(secret, '192.0.2.1')).toBe('usable')
  })

  it('is changed by what is given alone; null takes a value away', async () => {
    const { keys } = await startProcess()
    const limits = { tokensPerDay: 5, requestsPerMinute: 2 }
    const { key } = await keys.create({ name: 'a', models: ['m'], limits }, actor)
    await keys.change(key.id, { name: 'b', limits: { tokensPerDay: null, creditsPerDay: 1 } }, actor)
    expect(await keys.get(key.id)).toMatchObject({
      name: 'b',
      models: ['m'],
      limits: { requestsPerMinute: 2, creditsPerDay: 1 },
    })
    expect(await keys.change(key.id, { models: null, limits: null }, actor)).toMatchObject({ limits: {} })
    expect(Object.keys(await keys.get(key.id))).not.toContain('models')
  })

  it('is told to have been used', async () => {
    const { keys, clock, outcome } = await startProcess()
    const { key, secret } = await keys.create({ name: 'a' }, actor)
    expect((await keys.get(key.id)).lastUsedAt).toBeUndefined()
    clock.advance(5)
    outcome(secret)
    expect((await keys.list())[0]?.lastUsedAt).toEqual(new Date(clock.now()))
  })

  it('cannot be made to have expired already', async () => {
    const { keys, clock } = await startProcess()
    const expiresAt = new Date(clock.now())
    await expect(keys.create({ name: 'a', expiresAt }, actor)).rejects.toThrow(
      /^expires_at: must be in the future/,
    )
    const { key } = await keys.create({ name: 'a' }, actor)
    await expect(keys.change(key.id, { expiresAt }, actor)).rejects.toThrow(
      /^expires_at: must be in the future/,
    )
  })
})

describe('a rotated key', () => {
  it('works by both secrets until the grace ends', async () => {
    const { keys, clock, outcome } = await startProcess()
    const { key, secret } = await keys.create({ name: 'a' }, actor)
    const rotated = await keys.rotate(key.id, 60, actor)
    expect(rotated.key.id).toBe(key.id)
    expect([outcome(secret), outcome(rotated.secret)]).toEqual(['usable', 'usable'])
    expect(statusOf(rotated.key, clock.now())).toBe('rotating')
    clock.advance(60_000)
    expect([outcome(secret), outcome(rotated.secret)]).toEqual(['replaced', 'usable'])
    expect(statusOf(rotated.key, clock.now())).toBe('active')
  })

  it('ends the old secret at once without grace, whatever grace it had', async () => {
    const { keys, outcome } = await startProcess()
    const { key, secret: first } = await keys.create({ name: 'a' }, actor)
    const { secret: second } = await keys.rotate(key.id, DAY_SECONDS, actor)
    expect([first, second].map((each) => outcome(each))).toEqual(['usable', 'usable'])
    const { secret: third } = await keys.rotate(key.id, 0, actor)
    expect([first, second, third].map((each) => outcome(each))).toEqual(['replaced', 'replaced', 'usable'])
  })

  it('gives no ended secret a new life', async () => {
    const { keys, clock, outcome } = await startProcess()
    const { key, secret } = await keys.create({ name: 'a' }, actor)
    await keys.rotate(key.id, 60, actor)
    clock.advance(61_000)
    await keys.rotate(key.id, DAY_SECONDS, actor)
    expect(outcome(secret)).toBe('replaced')
  })

  it('must not have expired', async () => {
    const { keys, clock } = await startProcess()
    const { key } = await keys.create({ name: 'a', expiresAt: new Date(clock.now() + 1) }, actor)
    clock.advance(1)
    await expect(keys.rotate(key.id, 60, actor)).rejects.toThrow(/change expires_at first/)
  })
})

describe('a revoked key', () => {
  it('is refused at once, by all its secrets and for good, and stays listed', async () => {
    const { keys, ring, clock, outcome } = await startProcess()
    const { key, secret } = await keys.create({ name: 'a' }, actor)
    const { secret: second } = await keys.rotate(key.id, DAY_SECONDS, actor)
    const revoked = await keys.revoke(key.id, actor)
    expect([outcome(secret), outcome(second)]).toEqual(['revoked', 'revoked'])
    expect(statusOf(revoked, clock.now())).toBe('revoked')
    await expect(keys.rotate(key.id, 0, actor)).rejects.toThrow(/was revoked/)
    await expect(keys.change(key.id, { name: 'b' }, actor)).rejects.toThrow(/was revoked/)
    expect((await keys.list()).map(({ id }) => id)).toEqual([key.id])
    // With no usable key left, the gateway must not fall open.
    expect(ring.exist()).toBe(true)
  })

  it('keeps the moment of the first time', async () => {
    const { keys, clock, happenings } = await startProcess()
    const { key } = await keys.create({ name: 'a' }, actor)
    const { revokedAt } = await keys.revoke(key.id, actor)
    clock.advance(1000)
    expect((await keys.revoke(key.id, actor)).revokedAt).toEqual(revokedAt)
    expect(happenings.map(({ kind }) => kind)).toEqual(['key-created', 'key-removed'])
  })
})

describe('an id that is not known', () => {
  it('is not found', async () => {
    const { keys } = await startProcess()
    const found = expect.objectContaining({ failure: expect.objectContaining({ kind: 'not-found' }) })
    await expect(keys.get('x')).rejects.toEqual(found)
    await expect(keys.change('x', {}, actor)).rejects.toEqual(found)
    await expect(keys.rotate('x', 0, actor)).rejects.toEqual(found)
    await expect(keys.revoke('x', actor)).rejects.toEqual(found)
  })
})

describe('what happens to keys', () => {
  it('S60: is recorded with who did it, as it was and as it is, without a secret', async () => {
    const { keys, happenings } = await startProcess()
    const { key, secret } = await keys.create({ name: 'a', limits: { tokensPerDay: 5 } }, actor)
    await keys.change(key.id, { name: 'b', limits: { tokensPerDay: 6 } }, actor)
    await keys.change(key.id, { name: 'b' }, actor)
    const rotated = await keys.rotate(key.id, 0, actor)
    await keys.revoke(key.id, actor)
    expect(happenings).toMatchObject([
      { kind: 'key-created', actor, subject: { kind: 'key', id: key.id, name: 'a' }, after: { name: 'a' } },
      {
        kind: 'key-changed',
        before: { name: 'a', limits: { tokens_per_day: 5 } },
        after: { name: 'b', limits: { tokens_per_day: 6 } },
      },
      {
        kind: 'key-rotated',
        before: { prefix: secret.slice(0, 8) },
        after: { prefix: rotated.secret.slice(0, 8) },
      },
      { kind: 'key-removed' },
    ])
    expect(Object.keys(happenings[1]?.after ?? {})).toEqual(['name', 'limits'])
    const told = JSON.stringify(happenings)
    for (const each of [secret, rotated.secret]) expect(told).not.toContain(each.slice(8))
    for (const { digest } of (await keys.get(key.id)).secrets) expect(told).not.toContain(digest)
  })

  it('S60: is not done when it cannot be recorded', async () => {
    const { keys, recorder, outcome } = await startProcess()
    const { key, secret } = await keys.create({ name: 'a' }, actor)
    recorder.fails = true
    await expect(keys.create({ name: 'b' }, actor)).rejects.toThrow('cannot record')
    await expect(keys.rotate(key.id, 0, actor)).rejects.toThrow('cannot record')
    await expect(keys.revoke(key.id, actor)).rejects.toThrow('cannot record')
    expect([await keys.list(), outcome(secret)]).toEqual([[key], 'usable'])
  })
})

describe('another process', () => {
  it('S15: knows of a new and of a revoked key within five seconds', async () => {
    const clock = createFakeClock()
    const memory = createMemory()
    const here = await startProcess(memory, clock)
    const there = await startProcess(memory, clock)
    const { key, secret } = await here.keys.create({ name: 'a' }, actor)
    expect([here.outcome(secret), there.outcome(secret)]).toEqual(['usable', 'unknown'])
    clock.advance(1000)
    await settle()
    expect([there.outcome(secret), there.ring.exist()]).toEqual(['usable', true])
    await here.keys.revoke(key.id, actor)
    clock.advance(1000)
    await settle()
    expect(there.outcome(secret)).toBe('revoked')
  })

  it('goes on with the keys that it knows while the database is down, and says so once', async () => {
    const { keys, state, clock, outcome, reported } = await startProcess()
    const { secret } = await keys.create({ name: 'a' }, actor)
    state.isDown = true
    state.revision += 1
    for (let round = 0; round < 3; round += 1) {
      clock.advance(1000)
      await settle()
    }
    expect([outcome(secret), reported.length]).toEqual(['usable', 1])
  })

  it('is looked after no more once it is closed', async () => {
    const { follower, clock } = await startProcess()
    clock.advance(1000)
    await follower.close()
    await settle()
    expect(clock.pending()).toBe(0)
  })
})

describe('the keys in memory', () => {
  it('S15: are never older than what was stored before they were asked for', async () => {
    const memory = createMemory()
    const { keys, ring, outcome } = await startProcess(memory)
    const { key, secret } = await keys.create({ name: 'a' }, actor)
    // A look that began before the change and ends after it.
    const { promise, resolve } = Promise.withResolvers<void>()
    memory.state.listing = promise
    const slow = ring.reload()
    await settle()
    delete memory.state.listing
    const revoking = keys.revoke(key.id, actor)
    await settle()
    resolve()
    await Promise.all([slow, revoking])
    expect(outcome(secret)).toBe('revoked')
  })
})
