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
const pages = (ids: number[], nextCursor: string | null = null) => ({ entries: ids.map(entry), nextCursor })
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
