import { describe, expect, it } from 'vitest'
import {
  isBackwards,
  isFiltered,
  readView,
  spanOf,
  toLocal,
  toQuery,
  withoutFilters,
} from './request-filter.ts'

const NOW = Date.parse('2026-11-22T10:00:00Z')
const read = (query: string) => readView(new URLSearchParams(query))

describe('which requests are shown', () => {
  it('is the last day, without what operators tried out, where the address says nothing', () => {
    const view = read('')
    expect(view).toMatchObject({ range: '24h', filters: {}, brush: undefined, isLive: false })
    expect(toQuery(view)).toEqual({ trials: 'exclude' })
    expect(isFiltered(view)).toBe(false)
    expect(spanOf(view, NOW)).toEqual({
      since: '2026-11-21T10:00:00.000Z',
      until: '2026-11-22T10:00:00.000Z',
    })
  })

  it('is what the address says', () => {
    const view = read('range=1h&status=5xx&min=500&client=+curl+&trials=1&live=1&request=req_1')
    expect(view).toMatchObject({ range: '1h', isLive: true, open: 'req_1' })
    expect(toQuery(view)).toEqual({ status: '5xx', minimum_ms: '500', client: 'curl' })
    expect(isFiltered(view)).toBe(true)
  })

  it.each(['stream=perhaps', 'min=-1', 'min=soon', 'from=2026-11-22T10:00:00Z', 'from=b&to=a', 'range=1y'])(
    'is not narrowed by %s, which means nothing',
    (query) => {
      expect(isFiltered(read(query))).toBe(false)
    },
  )

  it.each([
    ['7', 'what an id may begin with, but too short for one', false],
    ['req_7654321', 'one character less than it takes', false],
    ['req_76543210', 'as much of an id as it takes', true],
    ['THROTT', 'a part of the name of a failure', true],
  ])('is narrowed by the search for %s, %s: %s', (search, _what, isFilter) => {
    const view = read(`search=${search}`)
    expect(view.search).toBe(search)
    expect(isFiltered(view)).toBe(isFilter)
    expect(Object.hasOwn(toQuery(view), 'search')).toBe(isFilter)
  })

  it('is narrowed by what is chosen in the histogram', () => {
    const view = read('from=2026-11-22T09:00:00Z&to=2026-11-22T09:30:00Z')
    expect(view.brush).toEqual({ since: '2026-11-22T09:00:00Z', until: '2026-11-22T09:30:00Z' })
    expect(isFiltered(view)).toBe(true)
    expect(Object.keys(withoutFilters())).toContain('from')
  })

  it('has a time of its own, which may be open at its end', () => {
    const view = read('range=custom&since=2026-11-20T10:00&until=2026-11-20T11:00')
    const { since, until } = spanOf(view, NOW)
    expect(Date.parse(until) - Date.parse(since)).toBe(3_600_000)
    expect(spanOf(read('range=custom'), NOW)).toEqual(spanOf(read(''), NOW))
    expect(Date.parse(toLocal(since))).toBe(Date.parse(since))
  })

  it('never ends before it begins', () => {
    const view = read('range=custom&since=2026-11-20T10:00&until=2026-11-20T09:00')
    expect(isBackwards(view)).toBe(true)
    const { since, until } = spanOf(view, NOW)
    expect(Date.parse(since)).toBeLessThan(Date.parse(until))
  })
})
