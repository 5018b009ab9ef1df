import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import type { FoundPage } from '../upstreams/upstream.ts'
import { createWebSearch, type SearchSource } from './web-search.ts'

const page: FoundPage = { url: 'https://a.example/', title: 'A', excerpt: 'About.' }
const results = { kind: 'results', results: [page] }
const unavailable = { kind: 'failed', failure: 'unavailable' }

const source = (name: string, find: SearchSource['find'], isOffered = true): SearchSource => ({
  name,
  isOffered: () => isOffered,
  find,
})
const good = source('good', async () => [page])
const bad = source('bad', async () => {
  throw new Error('no')
})
const throwing = source('throwing', () => {
  throw new Error('at once')
})
const notHere = source('not-here', () => undefined, false)
const silent = source('silent', () => new Promise(() => {}))

function searching(...sources: SearchSource[]) {
  const clock = createFakeClock()
  const failed: string[] = []
  const webSearch = createWebSearch({ sources, clock, report: (failure) => void failed.push(failure.source) })
  const client = new AbortController()
  const asking = { rules: { kind: 'web-search' as const }, accountId: 'a', signal: client.signal }
  return { clock, failed, client, webSearch, search: () => webSearch.search('tea', asking) }
}

describe('a search of the web', () => {
  it.each([
    [[], unavailable, []],
    [[good], results, []],
    [[notHere, good], results, []],
    [[bad, good], results, ['bad']],
    [[throwing, bad], unavailable, ['throwing', 'bad']],
  ])('asks one source after the other: %#', async (sources, outcome, reported) => {
    const { search, failed } = searching(...sources)
    expect(await search()).toEqual(outcome)
    expect(failed).toEqual(reported)
  })

  it('does not wait for a source that says nothing', async () => {
    const { search, clock, failed } = searching(silent, good)
    const outcome = search()
    clock.advance(9999)
    expect(failed).toEqual([])
    clock.advance(1)
    expect(await outcome).toEqual(results)
    expect(failed).toEqual(['silent'])
  })

  it.each([true, false])('is over when the client is gone (before: %s)', async (isBefore) => {
    const { search, client, failed } = searching(silent, good)
    if (isBefore) client.abort()
    const outcome = search()
    client.abort()
    await expect(outcome).rejects.toMatchObject({ failure: { kind: 'client-gone' } })
    expect(failed).toEqual([])
  })

  it.each([
    [[], false],
    [[notHere], false],
    [[notHere, good], true],
  ])('is on offer where any source is: %#', (sources, isOffered) => {
    expect(searching(...sources).webSearch.isOffered({})).toBe(isOffered)
  })
})
