import { describe, expect, it } from 'vitest'
import { joinLive, joinOlder, readFurther, toPages } from './request-pages.ts'
import { sampleCall } from './sample-call.ts'

const page = (ids: readonly number[], nextCursor: string | null = null) => ({
  calls: ids.map((id) => sampleCall({ id: `req_${id}` })),
  nextCursor,
})
const idsOf = ({ calls }: { calls: readonly { id: string }[] }) => calls.map(({ id }) => Number(id.slice(4)))
const count = (from: number, to: number) => Array.from({ length: from - to + 1 }, (_, index) => from - index)

describe('a list of requests', () => {
  it('is looked for further while a page is not full', async () => {
    const pages = [page([9], 'a'), page([], 'b'), page([8]), page([7])]
    const found = await readFurther(undefined, async (cursor) => {
      return pages[cursor === undefined ? 0 : cursor === 'a' ? 1 : 2] ?? page([])
    })
    expect(idsOf(found)).toEqual([9, 8])
    expect(found.nextCursor).toBeNull()
  })

  it('gives a rare one up for now, and tells where to go on', async () => {
    let looks = 0
    const found = await readFurther(undefined, async () => {
      looks += 1
      return page([], 'further')
    })
    expect(looks).toBe(20)
    expect(found).toEqual({ calls: [], nextCursor: 'further' })
  })

  it('goes on with older ones, each of them once', () => {
    const joined = joinOlder(toPages(page([9, 8], 'a')), page([8, 7]))
    expect(idsOf(joined)).toEqual([9, 8, 7])
    expect(joined.nextCursor).toBeNull()
  })

  it('takes ten new ones at once, and counts the others', () => {
    const known = toPages(page([1], 'a'))
    expect(joinLive(known, page([1]))).toBe(known)
    const some = joinLive(known, page([3, 2, 1]))
    expect(idsOf(some)).toEqual([3, 2, 1])
    expect(some.passedBy).toBe(0)
    const many = joinLive(some, page(count(50, 4)))
    expect(idsOf(many)).toEqual([...count(50, 41), 3, 2, 1])
    expect(many).toMatchObject({ passedBy: 37, isPassedByMore: false, nextCursor: null })
    // Those that were counted are not counted again.
    expect(joinLive(many, page(count(50, 4)))).toBe(many)
    expect(joinLive(many, page(count(70, 60), 'more'))).toMatchObject({ passedBy: 38, isPassedByMore: true })
  })

  it('does not grow without end', () => {
    let pages = toPages(page([0]))
    for (let round = 1; round <= 60; round += 1)
      pages = joinLive(pages, page(count(round * 10, round * 10 - 4)))
    expect(pages.calls).toHaveLength(200)
    expect(idsOf(pages)[0]).toBe(600)
  })
})
