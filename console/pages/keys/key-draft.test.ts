import { describe, expect, it } from 'vitest'
import { blankKey, changesOfKey, draftOfKey, faultsOf, wishesOf, type KeyDraft } from './key-draft.ts'
import { sampleKey } from './sample-key.ts'

const now = Date.parse('2026-11-23T10:00:00Z')
const lastSecond = `${new Date(2027, 0, 31, 23, 59, 59).toISOString().slice(0, 19)}Z`

describe('a form for a new key', () => {
  const named: KeyDraft = { ...blankKey, name: ' Laptop ' }

  it('lets the key end after 30 days, unless something else is chosen', () => {
    expect(wishesOf(named, now)).toEqual({ name: 'Laptop', expires_at: '2026-12-23T10:00:00Z' })
  })

  it.each<[string, Partial<KeyDraft>, object]>([
    ['never', { expiry: 'never' }, {}],
    ['after a year', { expiry: '365' }, { expires_at: '2027-11-23T10:00:00Z' }],
    ['with the last second of a day', { expiry: 'date', lastDay: '2027-01-31' }, { expires_at: lastSecond }],
  ])('lets it end %s', (_, edits, ends) => {
    expect(wishesOf({ ...named, ...edits }, now)).toEqual({ name: 'Laptop', ...ends })
  })

  it('sends limits and scope where there are some', () => {
    const limits = { ...blankKey.limits, tokens_per_day: '1000000', credits_per_day: '0.5' }
    const draft: KeyDraft = {
      ...named,
      expiry: 'never',
      models: ['claude-sonnet-4.5'],
      accountTags: ['team'],
      addresses: ['192.0.2.0/24'],
      limits,
    }
    expect(wishesOf(draft, now)).toEqual({
      name: 'Laptop',
      models: ['claude-sonnet-4.5'],
      account_tags: ['team'],
      addresses: ['192.0.2.0/24'],
      limits: { tokens_per_day: 1_000_000, credits_per_day: 0.5 },
    })
    expect(faultsOf(draft, now)).toEqual([])
  })

  it.each<[string, Partial<KeyDraft>, string[]]>([
    ['no name', { name: '  ' }, ['name']],
    ['a day that is over', { expiry: 'date', lastDay: '2026-11-20' }, ['lastDay']],
    ['no day', { expiry: 'date', lastDay: '' }, ['lastDay']],
    [
      'half a request a minute',
      { limits: { ...blankKey.limits, requests_per_minute: '0.5' } },
      ['requests_per_minute'],
    ],
    ['no credits', { limits: { ...blankKey.limits, credits_per_day: '0' } }, ['credits_per_day']],
    ['a word for a number', { limits: { ...blankKey.limits, tokens_per_day: 'many' } }, ['tokens_per_day']],
  ])('finds fault with %s', (_, edits, faults) => {
    expect(faultsOf({ ...named, ...edits }, now)).toEqual(faults)
  })
})

describe('a form that edits a key', () => {
  const key = {
    ...sampleKey,
    models: ['claude-sonnet-4.5'],
    expires_at: '2026-12-01T00:00:00Z',
    limits: { ...sampleKey.limits, tokens_per_day: 500 },
  }

  it('changes nothing when nothing is edited', () => {
    expect(changesOfKey(key, draftOfKey(key), now)).toEqual({})
    expect(faultsOf(draftOfKey(key), now)).toEqual([])
  })

  it.each<[string, Partial<KeyDraft>, object]>([
    ['a name', { name: 'Other' }, { name: 'Other' }],
    ['no end any more', { expiry: 'never' }, { expires_at: null }],
    ['another end', { expiry: '90' }, { expires_at: '2027-02-21T10:00:00Z' }],
    ['all models', { models: [] }, { models: null }],
    ['tags', { accountTags: ['a'] }, { account_tags: ['a'] }],
    ['addresses', { addresses: ['::1'] }, { addresses: ['::1'] }],
    [
      'limits one by one',
      { limits: { ...blankKey.limits, requests_per_minute: '60', tokens_per_day: '' } },
      { limits: { requests_per_minute: 60, tokens_per_day: null } },
    ],
  ])('sends %s alone', (_, edits, changes) => {
    expect(changesOfKey(key, { ...draftOfKey(key), ...edits }, now)).toEqual(changes)
  })
})
