import { describe, expect, it } from 'vitest'
import { viewStatus } from '../../../src/accounts/account-view.ts'
import type { Account } from '../../api/types.ts'
import { quotaShare, signInKindOf } from './account-facts.ts'
import { countChoices, createJudge, listAccounts, type ListWishes } from './list-accounts.ts'
import { isNarrowed, noWishes, readWishes, writeWishes } from './list-address.ts'
import { sampleAccount } from './sample-account.ts'

const NOW = Date.parse('2026-11-23T10:00:00Z')
const QUOTA = { left: 1, limit: 10, resetsAt: null, plan: 'PRO', readAt: '2026-11-23T09:00:00Z' }
const all: ListWishes = { ...noWishes, sort: undefined }

const judgeAll: ReturnType<typeof createJudge> = (...given) => createJudge()(...given)

const list = [
  sampleAccount({ id: 'a', label: 'Team 10', tags: ['team', 'eu'], region: 'eu-central-1', priority: 5 }),
  sampleAccount({ id: 'b', label: 'team 9', tags: ['team'], quota: QUOTA, enabled: true }),
  sampleAccount({ id: 'c', label: null, readable: false, quota: null, priority: -1 }),
  sampleAccount({
    id: 'd',
    label: 'Ärger <b>',
    enabled: false,
    status: viewStatus({ kind: 'disabled', by: 'operator' }),
    quota: { ...QUOTA, left: 20 },
  }),
]

function idsOf(wishes: Partial<ListWishes>, accounts: readonly Account[] = list): string[] {
  return listAccounts(judgeAll(accounts, NOW), { ...all, ...wishes }).entries.map(({ account }) => account.id)
}

describe('the list of accounts', () => {
  it('sorts by what went through accounts, those without a request last', () => {
    const counts = new Map(
      [
        { accountId: 'a', requests: 10, ok: 5, firstTokenP95Ms: 900, inFlight: 0 },
        { accountId: 'b', requests: 2, ok: 2, firstTokenP95Ms: null, inFlight: 1 },
        { accountId: 'd', requests: 0, ok: 0, firstTokenP95Ms: null, inFlight: 3 },
      ].map((each) => [each.accountId, each]),
    )
    const sorted = (by: 'requests' | 'success' | 'firstToken' | 'inFlight') =>
      listAccounts(judgeAll(list, NOW, counts), { ...all, sort: { by, descends: true } })
        .entries.map(({ account }) => account.id)
        .join('')
    expect(sorted('requests')).toBe('abdc')
    expect(sorted('success')).toBe('bacd')
    expect(sorted('firstToken')).toBe('abcd')
    expect(sorted('inFlight')).toBe('dbac')
  })

  it('keeps the gateway’s order when nothing is wished for', () => {
    expect(idsOf({})).toEqual(['a', 'b', 'c', 'd'])
  })

  it.each<[Partial<ListWishes>, string[]]>([
    [{ text: 'TEAM' }, ['a', 'b']],
    [{ text: 'team eu' }, ['a']],
    [{ text: 'ärger <B>' }, ['d']],
    [{ text: '.*' }, []],
    [{ tag: 'eu' }, ['a']],
    [{ plan: 'PRO' }, ['b', 'd']],
    [{ region: 'us-east-1' }, ['b', 'c', 'd']],
    [{ states: ['attention'] }, ['c']],
    [{ states: ['needs-sign-in'] }, ['c']],
    [{ states: ['ready'] }, ['a', 'b']],
    [{ states: ['ready', 'disabled'] }, ['a', 'b', 'd']],
    [{ states: ['ready'], tag: 'eu' }, ['a']],
  ])('with %o shows %j', (wishes, expected) => {
    expect(idsOf(wishes)).toEqual(expected)
  })

  it.each<[NonNullable<ListWishes['sort']>, string[]]>([
    [{ by: 'label', descends: false }, ['c', 'b', 'a', 'd']],
    [{ by: 'priority', descends: true }, ['a', 'd', 'b', 'c']],
    [{ by: 'state', descends: false }, ['c', 'd', 'a', 'b']],
    [{ by: 'quota', descends: false }, ['b', 'a', 'd', 'c']],
    [{ by: 'quota', descends: true }, ['d', 'a', 'b', 'c']],
  ])('sorted by %o is %j', (sort, expected) => {
    expect(idsOf({ sort })).toEqual(expected)
  })

  it('counts each state as if it were the only one chosen', () => {
    const { stateCounts } = listAccounts(judgeAll(list, NOW), { ...all, states: ['ready'], tag: 'team' })
    expect(stateCounts).toMatchObject({ ready: 2, disabled: 0, attention: 0 })
  })

  it('offers what can be chosen from, the most frequent first', () => {
    expect(countChoices(judgeAll(list, NOW), ({ tags }) => tags)).toEqual([
      { value: 'team', count: 2 },
      { value: 'eu', count: 1 },
    ])
  })

  it.each([
    [null, null, undefined],
    [5, null, undefined],
    [0, 0, 0],
    [-3, 10, 0],
    [30, 10, 1],
    [5, 10, 0.5],
  ])('knows that %o of %o is the share %o', (left, limit, share) => {
    expect(quotaShare(sampleAccount({ quota: { ...QUOTA, left, limit } }))).toBe(share)
  })
})

function countsOf(requests: number) {
  return new Map([['a', { accountId: 'a', requests, ok: 1, firstTokenP95Ms: null, inFlight: 0 }]])
}

describe('judging again and again', () => {
  const [first = sampleAccount({}), ...others] = list

  it('keeps the entries of accounts that are as before', () => {
    const judge = createJudge()
    const before = judge([first, ...others], NOW, countsOf(1))
    expect(
      judge([first, ...others], NOW + 1000, countsOf(1)).every((entry, at) => entry === before[at]),
    ).toBe(true)
    const [changed, ...same] = judge([{ ...first }, ...others], NOW + 1000, countsOf(1))
    expect(changed).not.toBe(before[0])
    expect(same.every((entry, at) => entry === before[at + 1])).toBe(true)
  })

  it.each([
    ['a request went through it', NOW, countsOf(2)],
    ['nobody counts any more', NOW, undefined],
  ])('makes another entry when %s', (_, now, next) => {
    const judge = createJudge()
    const [before] = judge([first], NOW, countsOf(1))
    expect(judge([first], now, next)[0]).not.toBe(before)
  })

  it('judges anew once a pause has ended', () => {
    const judge = createJudge()
    const until = new Date(NOW + 60_000)
    const status = viewStatus({ kind: 'cooling', until, why: 'throttled' })
    const paused = [sampleAccount({ id: 'p', status })]
    expect(judge(paused, NOW)[0]?.states).toEqual(['cooling'])
    expect(judge(paused, NOW + 59_999)[0]?.states).toEqual(['cooling'])
    expect(judge(paused, NOW + 60_000)[0]?.states).toEqual(['ready'])
  })
})

describe('how an account is signed in', () => {
  it.each([
    [null, undefined],
    ['https://view.awsapps.com/start', 'builder-id'],
    ['https://d-1234567890.awsapps.com/start', 'identity-center'],
  ])('with the start URL %s is %s', (startUrl, kind) => {
    expect(signInKindOf(sampleAccount({ startUrl }))).toBe(kind)
  })
})

describe('the address of the list', () => {
  it('says all that is wished for, and is read back', () => {
    const wishes: ListWishes = {
      text: 'a & b',
      states: ['attention', 'cooling'],
      tag: 'eu west',
      plan: 'PRO+',
      region: 'us-east-1',
      sort: { by: 'quota', descends: true },
    }
    const written = Object.entries(writeWishes(wishes)).map(([name, value]) => [name, value ?? ''])
    expect(readWishes(new URLSearchParams(written))).toEqual(wishes)
    expect(isNarrowed(wishes)).toBe(true)
  })

  it('changes what is named alone', () => {
    expect(writeWishes({ text: 'x' })).toEqual({ q: 'x' })
    expect(writeWishes({ sort: undefined })).toEqual({ sort: undefined })
  })

  it('passes over what it does not know', () => {
    expect(readWishes(new URLSearchParams('state=happy&sort=-mood'))).toEqual(all)
    expect(isNarrowed(all)).toBe(false)
  })
})
