import { describe, expect, it } from 'vitest'
import { isBackwards, isFiltered, readFilter, toQuery } from './event-filter.ts'

const NOW = Date.parse('2026-11-23T10:00:00Z')
const queryOf = (search: string) => toQuery(readFilter(new URLSearchParams(search)), NOW)

describe('the filter of events', () => {
  it('asks for all where the address says nothing', () => {
    expect(queryOf('')).toEqual({})
    expect(isFiltered(readFilter(new URLSearchParams('event=5')))).toBe(false)
  })

  it('asks for what the address says', () => {
    expect(queryOf('kind=key-created&subject=%20abc%20&actor=10.0&event=7')).toEqual({
      kind: 'key-created',
      subject: 'abc',
      actor: '10.0',
    })
    expect(isFiltered(readFilter(new URLSearchParams('range=1h')))).toBe(true)
  })

  it.each([
    ['1h', '2026-11-23T09:00:00.000Z'],
    ['24h', '2026-11-22T10:00:00.000Z'],
    ['7d', '2026-11-16T10:00:00.000Z'],
    ['30d', '2026-10-24T10:00:00.000Z'],
  ])('counts %s back from now', (range, since) => {
    expect(queryOf(`range=${range}`)).toEqual({ since })
  })

  it('takes a range of its own, of which either end may be open', () => {
    const span = { since: '2026-11-01T00:00:00.000Z', until: '2026-11-02T12:30:00.000Z' }
    expect(queryOf('range=custom&since=2026-11-01T00:00Z&until=2026-11-02T12:30Z')).toEqual(span)
    expect(queryOf('range=custom&until=2026-11-02T12:30Z')).toEqual({ until: span.until })
    expect(queryOf('range=custom&since=nonsense')).toEqual({})
  })

  it.each([
    ['2026-11-02T00:00', '2026-11-01T00:00', true],
    ['2026-11-02T00:00', '2026-11-02T00:00', true],
    ['2026-11-01T00:00', '2026-11-02T00:00', false],
    ['', '2026-11-02T00:00', false],
  ])('from %s to %s is backwards: %s', (since, until, isSo) => {
    expect(isBackwards(since, until)).toBe(isSo)
  })

  it('cuts what is longer than the gateway takes', () => {
    expect(queryOf(`subject=${'x'.repeat(100)}`)['subject']).toHaveLength(64)
  })
})
