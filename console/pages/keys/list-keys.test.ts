import { describe, expect, it } from 'vitest'
import type { Key } from '../../api/types.ts'
import { countGroups, endsSoon, isUnused, listKeys, type KeyGroup, type KeyOrder } from './list-keys.ts'
import { sampleKey } from './sample-key.ts'

const now = Date.parse('2026-11-23T10:00:00Z')

function key(name: string, about: Partial<Key> = {}): Key {
  return { ...sampleKey, id: name, name, ...about }
}

function used(requests: number, input: number): Key['usage'] {
  const { today } = sampleKey.usage
  return { today, month: { ...today, requests, input_tokens: input } }
}

const busy = key('busy', {
  usage: used(90, 5),
  last_used_at: '2026-11-23T09:00:00Z',
  created_at: '2026-11-01T00:00:00Z',
  models: ['claude-opus-4.5'],
})
const idle = key('idle', {
  usage: used(2, 900),
  last_used_at: '2026-10-01T00:00:00Z',
  created_at: '2026-09-01T00:00:00Z',
  expires_at: '2026-11-25T00:00:00Z',
})
const fresh = key('Fresh', { last_used_at: null, created_at: '2026-11-22T00:00:00Z' })
const revoked = key('revoked', { status: 'revoked', created_at: '2026-01-01T00:00:00Z', last_used_at: null })
const expired = key('expired', {
  status: 'expired',
  expires_at: '2026-02-01T00:00:00Z',
  created_at: '2025-01-01T00:00:00Z',
})
const keys = [revoked, idle, busy, expired, fresh]

function names(group: KeyGroup, order: KeyOrder = 'created', sought = ''): string[] {
  return listKeys(keys, { group, order, sought }, now).map(({ name }) => name)
}

describe('the list of keys', () => {
  it.each<[KeyGroup, string[]]>([
    ['current', ['Fresh', 'busy', 'idle']],
    ['unused', ['idle']],
    ['ended', ['revoked', 'expired']],
    ['all', ['Fresh', 'busy', 'idle', 'revoked', 'expired']],
  ])('shows of the group %s, the newest first: %j', (group, shown) => {
    expect(names(group)).toEqual(shown)
    expect(countGroups(keys, now)[group]).toBe(shown.length)
  })

  it.each<[KeyOrder, string[]]>([
    ['name', ['busy', 'Fresh', 'idle']],
    ['used', ['busy', 'idle', 'Fresh']],
    ['requests', ['busy', 'idle', 'Fresh']],
    ['tokens', ['idle', 'busy', 'Fresh']],
    ['expires', ['idle', 'Fresh', 'busy']],
  ])('is ordered by %s', (order, shown) => {
    expect(names('current', order)).toEqual(shown)
  })

  it.each([
    ['BUSY', ['busy']],
    ['opus', ['busy']],
    ['qk_7 idle', ['idle']],
    ['nothing', []],
  ])('finds %s', (sought, shown) => {
    expect(names('all', 'created', sought)).toEqual(shown)
  })
})

describe('a key', () => {
  it('is unused after 30 days, counted from its making when it never was', () => {
    expect(isUnused(key('a', { last_used_at: '2026-10-24T10:00:00Z' }), now)).toBe(false)
    expect(isUnused(key('a', { last_used_at: '2026-10-24T09:59:59Z' }), now)).toBe(true)
    expect(isUnused(key('a', { last_used_at: null, created_at: '2026-10-01T00:00:00Z' }), now)).toBe(true)
    expect(isUnused(revoked, now)).toBe(false)
  })

  it('ends soon within a week', () => {
    expect(endsSoon(idle, now)).toBe(true)
    expect(endsSoon(key('a', { expires_at: '2026-12-25T00:00:00Z' }), now)).toBe(false)
    expect(endsSoon(busy, now)).toBe(false)
    expect(endsSoon(expired, now)).toBe(false)
  })
})
