/** However the service fails, a request ends, within its bounds, and leaves nothing behind. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { playScript, type ScriptedAttempt } from '../../test/scripted-relay.ts'
import type { FailureKind } from '../conversation/failures.ts'
import type { ReplyEvent } from '../conversation/reply.ts'

const kinds: FailureKind[] = [
  'invalid-request',
  'context-too-long',
  'model-not-found',
  'token-expired',
  'sign-in-needed',
  'refresh-unavailable',
  'access-denied',
  'suspended',
  'feature-gated',
  'throttled',
  'capacity',
  'quota',
  'upstream-unavailable',
  'upstream-timeout',
  'empty-reply',
  'unreachable',
  'interrupted',
  'demand-unmet',
  'internal',
]

const usage = {
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  source: 'estimated' as const,
}
const opening: ReplyEvent[] = [{ type: 'reply-start' }, { type: 'block-start', block: { kind: 'text' } }]
const text: ReplyEvent[] = [...opening, { type: 'block-delta', text: 'hi' }]
const answer: ReplyEvent[] = [
  ...text,
  { type: 'block-end' },
  { type: 'reply-end', stopReason: 'end-turn', usage },
]

/** Before the answer, before its first word, or in its middle; once in a while an attempt is answered. */
const attempt = fc
  .record({
    milliseconds: fc.oneof(fc.nat({ max: 2000 }), fc.nat({ max: 30_000 })),
    events: fc.oneof(
      { weight: 12, arbitrary: fc.constantFrom([], opening) },
      { weight: 1, arbitrary: fc.constantFrom(text, answer) },
    ),
    failure: fc.constantFrom(...kinds),
  })
  .map(({ failure, ...rest }): ScriptedAttempt => (rest.events === answer ? rest : { ...rest, failure }))

/** The first attempt, two more accounts, three plainer forms, and a refresh, another profile, a repetition and a reminder. */
const MOST_ATTEMPTS = 10

describe('the attempts of one request', () => {
  it('stay within their bounds whatever fails, and settle each account once', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.tuple(attempt, attempt, attempt, attempt, attempt, attempt, attempt, attempt, attempt, attempt),
        fc.constantFrom('first-content' as const, 'whole-reply' as const),
        async (accountCount, attempts, gate) => {
          const accountIds = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, accountCount)
          const played = await playScript({ accountIds, attempts, gate })
          const { starts, settled, leases, remedies, timersLeft } = played
          const accounts = [...new Set(starts.map(({ accountId }) => accountId))]

          expect(starts.length).toBeLessThanOrEqual(MOST_ATTEMPTS)
          expect(accounts.length).toBeLessThanOrEqual(3)
          expect(starts.at(-1)?.at).toBeLessThanOrEqual(45_000)
          expect(settled.map((each) => each.slice(0, 1))).toEqual(accountIds.slice(0, leases))
          expect(timersLeft).toBe(0)
          // Each remedy is told, once, and nothing but a remedy makes an attempt.
          expect(remedies.map((taken) => taken.attempt)).toEqual(starts.slice(1).map((_, index) => index + 1))
          const last = attempts[starts.length - 1]
          const isSharpened = last?.failure === 'token-expired' && played.result === 'access-denied'
          expect(isSharpened || played.result === (last?.failure ?? 'answered')).toBe(true)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('can be as many as the bound says', async () => {
    const failures: FailureKind[] = [
      ...Array<FailureKind>(3).fill('invalid-request'),
      'token-expired',
      'access-denied',
      'empty-reply',
      'demand-unmet',
      'throttled',
      'quota',
      'capacity',
    ]
    const [first, ...others] = failures.map((failure) => ({ milliseconds: 0, events: [], failure }))
    if (first === undefined) throw new Error('There are some.')
    const { starts, remedies } = await playScript({
      accountIds: ['a', 'b', 'c', 'd'],
      attempts: [first, ...others],
    })
    expect(starts).toHaveLength(MOST_ATTEMPTS)
    expect(remedies.map(({ remedy }) => remedy)).toEqual([
      ...Array<string>(3).fill('rewrite'),
      'refresh',
      'profile-lookup',
      'repeat',
      're-ask',
      'other-account',
      'other-account',
    ])
  })

  it('are told by what failed, where, and what was done about it', async () => {
    const { remedies } = await playScript({
      accountIds: ['a', 'b'],
      attempts: [
        { milliseconds: 0, events: [], failure: 'token-expired' },
        { milliseconds: 0, events: [], failure: 'throttled' },
        { milliseconds: 0, events: answer },
      ],
    })
    expect(remedies).toEqual([
      { failure: 'token-expired', remedy: 'refresh', accountId: 'a', attempt: 1 },
      { failure: 'throttled', remedy: 'other-account', accountId: 'a', attempt: 2, nextAccountId: 'b' },
    ])
  })

  it.each([
    ['throttled', 44_999, 2],
    ['throttled', 45_001, 1],
    ['capacity', 41_999, 2],
    ['capacity', 42_001, 1],
  ] as const)('after %s at %i ms are %i', async (failure, milliseconds, count) => {
    const { starts } = await playScript({
      accountIds: ['a', 'b'],
      attempts: [
        { milliseconds, events: [], failure },
        { milliseconds: 0, events: answer },
      ],
    })
    expect(starts).toHaveLength(count)
  })
})
