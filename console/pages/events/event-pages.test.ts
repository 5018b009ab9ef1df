import { describe, expect, it } from 'vitest'
import type { EventEntry, EventList } from '../../api/types.ts'
import { gatherAll, joinNewest, joinOlder, readFurther } from './event-pages.ts'

const entry = (id: number): EventEntry => ({
  id,
  at: '2026-11-23T10:00:00.000Z',
  kind: 'gateway-started',
  actor: { kind: 'gateway', via: null, name: null, address: null },
  subject: null,
  before: null,
  after: null,
  reason: null,
  previousHash: '',
  hash: '',
})
const list = (ids: number[], nextCursor: string | null = null): EventList => ({
  events: ids.map(entry),
  nextCursor,
})
const pages = (ids: number[], nextCursor: string | null = null) => ({
  entries: ids.map(entry),
  nextCursor,
  ends: [{ id: ids.at(-1) ?? 0, nextCursor }],
})
/** From the one id down to the other. */
const down = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index)
const idsOf = ({ entries }: { entries: readonly EventEntry[] }) => entries.map(({ id }) => id)

describe('the list of events', () => {
  it('begins with the newest page', () => {
    expect(joinNewest(undefined, list([3, 2], 'c'))).toEqual(pages([3, 2], 'c'))
  })

  it('puts new ones first, and keeps the older ones it has', () => {
    const joined = joinNewest(pages([5, 4, 3, 2], 'older'), list([7, 6, 5], 'c'))
    expect(idsOf(joined)).toEqual([7, 6, 5, 4, 3, 2])
    expect(joined.nextCursor).toBe('older')
  })

  it('begins anew where more has happened than one page holds', () => {
    expect(joinNewest(pages([5, 4], 'older'), list([20, 19], 'c'))).toEqual(pages([20, 19], 'c'))
  })

  it('does not grow by news alone, and can be read on from where it was cut', () => {
    let known = joinNewest(undefined, list(down(50, 1), 'end of 1'))
    for (let newest = 80; newest <= 1400; newest += 30) {
      known = joinNewest(known, list(down(newest, newest - 49), `end of ${newest - 49}`))
      expect(known.entries.length).toBeLessThanOrEqual(500)
    }
    expect(known.entries.length).toBeGreaterThan(400)
    const last = known.entries.at(-1)?.id ?? 0
    expect(known.nextCursor).toBe(`end of ${last}`)
    expect(idsOf(known)).toEqual(down(1400, last))
    expect(known.ends.length).toBeLessThan(20)
  })

  it('keeps what somebody has asked for', () => {
    let known = joinNewest(undefined, list(down(2000, 1951), 'a'))
    for (let oldest = 1950; oldest > 1000; oldest -= 50) {
      known = joinOlder(known, list(down(oldest, oldest - 49), `end of ${oldest - 49}`))
    }
    const before = known.entries.length
    known = joinNewest(known, list(down(2010, 1961), 'end of 1961'))
    expect(known.entries.length).toBeGreaterThan(before - 50)
    expect(known.entries.length).toBeLessThanOrEqual(before)
    expect(known.nextCursor).toBe(`end of ${known.entries.at(-1)?.id}`)
  })

  it('puts older ones last, each once', () => {
    const joined = joinOlder(pages([5, 4], 'c'), list([4, 3, 2]))
    expect(idsOf(joined)).toEqual([5, 4, 3, 2])
    expect(joined.nextCursor).toBeNull()
  })

  it('looks on while a look has found nothing', async () => {
    const asked: (string | undefined)[] = []
    const page = await readFurther('a', async (cursor) => {
      asked.push(cursor)
      return asked.length < 3 ? list([], `after ${asked.length}`) : list([1])
    })
    expect(asked).toEqual(['a', 'after 1', 'after 2'])
    expect(page.events).toHaveLength(1)
  })

  it('gives up looking after a while', async () => {
    let looks = 0
    const page = await readFurther(undefined, async () => {
      looks += 1
      return list([], 'more')
    })
    expect(looks).toBe(20)
    expect(page.nextCursor).toBe('more')
  })
})

describe('all events', () => {
  const book = [list([6, 5], '1'), list([4, 3], '2'), list([2, 1])]
  const readPage = async (cursor: string | undefined) => book[Number(cursor ?? 0)] ?? list([])

  it('are gathered page by page', async () => {
    const told: number[] = []
    const gathered = await gatherAll(readPage, { most: 100, tell: (count) => void told.push(count) })
    expect(idsOf(gathered)).toEqual([6, 5, 4, 3, 2, 1])
    expect(gathered.isWhole).toBe(true)
    expect(told).toEqual([2, 4, 6])
  })

  it.each([
    [3, [6, 5, 4], false],
    [4, [6, 5, 4, 3], false],
    [6, [6, 5, 4, 3, 2, 1], true],
  ])('are %i at most', async (most, ids, isWhole) => {
    const gathered = await gatherAll(readPage, { most, tell: () => {} })
    expect(idsOf(gathered)).toEqual(ids)
    expect(gathered.isWhole).toBe(isWhole)
  })
})
