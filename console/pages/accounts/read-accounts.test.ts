import { describe, expect, it } from 'vitest'
import type { Account } from '../../api/types.ts'
import { createResource } from '../../state/resource.ts'
import { createAccountReader, mergeChanges } from './read-accounts.ts'
import { sampleAccount } from './sample-account.ts'

const MANY = 1300

function makeAccount(number: number): Account {
  const created = new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString()
  return sampleAccount({ id: `a${number}`, label: `${number}`, created_at: created })
}

/** A gateway with so many accounts, the latest first, that counts what it is asked for. */
function start(count: number) {
  const rows = Array.from({ length: count }, (_, number) => ({
    account: makeAccount(number),
    revision: 1,
  })).toReversed()
  const asked: string[] = []
  const expected: (number | undefined)[] = []
  const clock = { now: 0 }
  const whenAsked = { do: () => {} }
  const revision = () => Math.max(0, ...rows.map((row) => row.revision))
  const read = createAccountReader({
    async page({ limit, cursor }) {
      asked.push(`page ${limit}`)
      const first = Number(cursor ?? 0)
      const part = rows.slice(first, first + limit).map(({ account }) => ({ ...account }))
      const next = first + limit
      const answer = {
        total: rows.length,
        revision: revision(),
        nextCursor: next < rows.length ? `${next}` : null,
      }
      whenAsked.do()
      return { accounts: part, ...answer }
    },
    async changes(since) {
      asked.push(`changes since ${since}`)
      const accounts = rows.filter((row) => row.revision > since).map(({ account }) => ({ ...account }))
      return { accounts: accounts.length > 500 ? null : accounts, total: rows.length, revision: revision() }
    },
    expect: (total) => void expected.push(total),
    now: () => clock.now,
  })
  const resource = createResource(read)
  const change = (at: number, label: string) => {
    const row = rows[at]
    if (row !== undefined)
      Object.assign(row, { account: { ...row.account, label }, revision: revision() + 1 })
  }
  const shown = () => resource.state.value.value ?? []
  return { resource, rows, asked, expected, clock, change, shown, whenAsked }
}

describe('reading the accounts', () => {
  it('shows those of the first page before the others have come', async () => {
    const { resource, asked, expected, shown } = start(MANY)
    const seen: number[] = []
    const stop = resource.state.subscribe(({ value }) => void seen.push(value?.length ?? 0))
    await resource.load()
    stop()
    expect([...new Set(seen)]).toEqual([0, 100, 600, 1100, 1300])
    expect(asked).toEqual(['page 100', 'page 500', 'page 500', 'page 500'])
    expect(expected).toEqual([MANY, MANY, MANY, undefined])
    expect(shown().map(({ id }) => id)).toEqual(Array.from({ length: MANY }, (_, at) => `a${MANY - 1 - at}`))
  })

  it('then asks for what has changed alone, and leaves the others as they are', async () => {
    const { resource, asked, change, shown } = start(MANY)
    await resource.load()
    const before = shown()
    asked.length = 0
    change(700, 'other')
    await resource.load()
    expect(asked).toEqual(['changes since 1'])
    expect(shown().flatMap((account, at) => (account === before[at] ? [] : [at]))).toEqual([700])
    expect(shown()[700]?.label).toBe('other')
  })

  it.each<[string, (lab: ReturnType<typeof start>) => void]>([
    ['one is gone', ({ rows }) => rows.splice(3, 1)],
    ['very many have changed', ({ change }) => Array.from({ length: 501 }, (_, at) => change(at, 'x'))],
    ['a minute has passed', ({ clock }) => (clock.now += 60_001)],
  ])('asks for all of them when %s', async (_, happen) => {
    const lab = start(MANY)
    await lab.resource.load()
    happen(lab)
    lab.asked.length = 0
    const before = lab.shown()
    await lab.resource.load()
    expect(lab.asked).toContain('page 100')
    expect(lab.shown().map(({ id, label }) => [id, label])).toEqual(
      lab.rows.map(({ account: { id, label } }) => [id, label]),
    )
    expect(lab.shown().at(-1)).toBe(before.at(-1))
  })

  it('asks for all where they are few', async () => {
    const { resource, asked, change } = start(20)
    await resource.load()
    change(3, 'x')
    await resource.load()
    expect(asked).toEqual(['page 100', 'page 100'])
  })

  it('keeps what somebody has done while the rest was on its way', async () => {
    const { resource, rows, shown, whenAsked } = start(MANY)
    let pages = 0
    whenAsked.do = () => {
      pages += 1
      if (pages !== 3) return
      // The gateway has it too, but after the page that it is on.
      const row = rows[5]
      if (row !== undefined) Object.assign(row, { account: { ...row.account, enabled: false }, revision: 2 })
      resource.set(shown().map((account, at) => (at === 5 ? { ...account, enabled: false } : account)))
    }
    const seen: (boolean | undefined)[] = []
    const stop = resource.state.subscribe(({ value }) => void seen.push(value?.[5]?.enabled))
    await resource.load()
    stop()
    expect(seen.slice(seen.indexOf(false))).not.toContain(true)
    expect(shown()).toHaveLength(MANY)
  })
})

describe('merging changes', () => {
  it('puts what is new in front, the latest first', () => {
    const merged = mergeChanges(
      [makeAccount(1), makeAccount(0)],
      [makeAccount(2), makeAccount(3), makeAccount(0)],
    )
    expect(merged.map(({ id }) => id)).toEqual(['a3', 'a2', 'a1', 'a0'])
  })
})
