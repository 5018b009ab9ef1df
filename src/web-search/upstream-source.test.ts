import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../test/fake-clock.ts'
import { sampleAccount } from '../accounts/sample-account.ts'
import type { Outcome } from '../accounts/standing/after-outcome.ts'
import { createUpstreamSource } from './upstream-source.ts'

const page = { url: 'https://a.example/', title: 'A', excerpt: '' }

function sourceWith({ fails = false } = {}) {
  const clock = createFakeClock()
  const settled: Outcome[] = []
  const asked: string[] = []
  const accounts = [
    { ...sampleAccount('a'), channel: 'searching', labels: {} },
    { ...sampleAccount('b'), channel: 'other' },
  ]
  const source = createUpstreamSource({
    upstream: {
      searchesWeb: (channel) => channel === 'searching',
      async searchWeb({ accountId, accessToken }) {
        asked.push(`${accountId} ${accessToken}`)
        if (fails) throw new Error('no')
        return [page]
      },
    },
    pool: {
      enabled: () => accounts,
      lease: async ({ accountId } = {}) => ({
        account: sampleAccount(accountId ?? ''),
        placement: 'anywhere',
        explain: () => [],
        noteAnswered() {},
        settle: (outcome) => void settled.push(outcome),
      }),
    },
    freshCredentials: { get: async () => 'token' },
    profiles: {
      accessTo: async ({ id: accountId }, accessToken) => ({
        accountId,
        accessToken,
        channel: 'searching',
        region: 'r',
        optsOut: true,
      }),
    },
    clock,
  })
  const { signal } = new AbortController()
  const find = (accountId: string | undefined) =>
    source.find('tea', { rules: { kind: 'web-search' }, accountId, signal })
  return { source, find, clock, settled, asked }
}

describe('the search of the model service', () => {
  it('is made by the account that answers, which keeps its standing', async () => {
    const { find, settled, asked } = sourceWith()
    expect(await find('a')).toEqual([page])
    expect(asked).toEqual(['a token'])
    expect(settled).toEqual([{ kind: 'abandoned' }])
  })

  it.each(['b', 'nobody', undefined])('is none for the account %s', (accountId) => {
    expect(sourceWith().find(accountId)).toBeUndefined()
  })

  it('is not tried again for a minute with an account that could not', async () => {
    const { find, source, clock, settled, asked } = sourceWith({ fails: true })
    await expect(find('a')).rejects.toThrow('no')
    expect(settled).toEqual([{ kind: 'abandoned' }])
    expect(find('a')).toBeUndefined()
    expect(source.isOffered({})).toBe(false)
    clock.advance(60_000)
    await expect(find('a')).rejects.toThrow('no')
    expect(asked).toHaveLength(2)
  })

  it.each([
    [{}, true],
    [{ accountId: 'a' }, true],
    [{ accountId: 'b' }, false],
    [{ tags: ['nobody-has-it'] }, false],
  ])('is on offer where an account can: %j', (wishes, isOffered) => {
    expect(sourceWith().source.isOffered(wishes)).toBe(isOffered)
  })
})
