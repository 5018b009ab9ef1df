import { describe, expect, it } from 'vitest'
import { sampleCall } from '../requests/sample-call.ts'
import { judgeCalls, mergeCalls, type Call, type Watched } from './first-request.ts'

const sample: Call = sampleCall({ dialect: 'anthropic-messages', keyId: 'key_1', client: 'claude-cli 2.1.0' })
const refused = { outcome: 'client-error', status: 401, failure: 'unauthenticated', keyId: null } as const
const watched: Watched = { programs: ['claude-cli'], keyId: 'key_1', ownIds: new Set(['req_own']) }
const judge = (calls: readonly Partial<Call>[], changes: Partial<Watched> = {}) =>
  judgeCalls(
    calls.map((call, index) => ({ ...sample, id: `req_${index}`, ...call })),
    { ...watched, ...changes },
  )

describe('the first request', () => {
  it.each<[string, Partial<Call>[], Partial<Watched>, string]>([
    ['of the program with the key', [{}], {}, 'arrived'],
    ['of nobody', [], {}, 'waiting'],
    ['of the page itself', [{ id: 'req_own' }], {}, 'waiting'],
    ['with another key', [{ keyId: 'key_2' }], {}, 'waiting'],
    ['while the key is not known', [{ keyId: 'key_2' }], { keyId: undefined }, 'arrived'],
    ['without a key, where none is needed', [{ keyId: null }], {}, 'arrived'],
    ['of another program', [{ client: 'curl 8.5.0' }], {}, 'waiting'],
    ['of a program that tells no name', [{ client: null }], {}, 'waiting'],
    ['of any program, where nobody knows its name', [{ client: null }], { programs: [] }, 'arrived'],
    ['of a page, where nobody knows its name', [{ client: 'browser' }], { programs: [] }, 'waiting'],
    ['of a page with the key', [{ client: 'browser' }], { programs: ['browser'] }, 'arrived'],
    ['of the console', [{ client: 'browser', keyId: null }], { programs: ['browser'] }, 'waiting'],
    ['that failed', [refused], {}, 'failed'],
    ['that was answered before one failed', [refused, {}], {}, 'arrived'],
  ])('%s', (_, calls, changes, kind) => expect(judge(calls, changes).kind).toBe(kind))

  it.each([
    ['unauthenticated', 'keyUnknown'],
    ['quota', 'quota'],
    ['something new', 'upstream'],
    [null, 'upstream'],
  ])('that failed with %s says why', (failure, reason) => {
    expect(judge([{ ...refused, failure }])).toMatchObject({ kind: 'failed', reason })
  })

  it('names who else came with the key', () => {
    expect(judge([{ client: 'curl 8.5.0' }])).toMatchObject({ other: { client: 'curl 8.5.0' } })
    expect(judge([{ client: 'curl 8.5.0', keyId: 'key_2' }])).toEqual({ kind: 'waiting', other: undefined })
  })
})

const at = (second: number): Call => ({
  ...sample,
  id: `req_${second}`,
  at: `2026-11-23T10:00:${10 + second}.000Z`,
})

it('calls are kept once, newest first, and not without end', () => {
  expect(mergeCalls([at(1)], [at(2), at(1)]).map(({ id }) => id)).toEqual(['req_2', 'req_1'])
  const many = Array.from({ length: 300 }, (_, index) => ({ ...sample, id: String(index) }))
  expect(mergeCalls(many, [])).toHaveLength(200)
})
