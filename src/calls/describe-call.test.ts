import { describe, expect, it } from 'vitest'
import { beginAttempt, createCall, noteChoice } from './call.ts'
import { describeCall } from './describe-call.ts'

const asked = { dialect: 'openai-chat', model: 'm', stream: true }

describe('a call in the log', () => {
  it('says no more than what was asked while nothing has happened', () => {
    expect(describeCall(createCall(asked))).toEqual(asked)
  })

  it('tells each attempt in whole milliseconds', () => {
    const call = createCall(asked)
    noteChoice(call, { accountId: 'a', considered: [{ accountId: 'a', verdict: 'chosen' }] })
    const first = beginAttempt(call, { accountId: 'a', startedAt: 0.4, remedy: undefined })
    Object.assign(first, { headersAt: 51.6, endedAt: 52, outcome: 'throttled' })
    const second = beginAttempt(call, { accountId: 'b', startedAt: 52.2, remedy: 'other-account' })
    Object.assign(second, {
      headersAt: 90,
      firstContentAt: 120,
      endedAt: 900.9,
      outcome: 'answered',
      requestId: 'r-1',
    })
    expect(describeCall(call)).toEqual({
      ...asked,
      attempts: [
        { account: 'a', at: 0, headers: 52, end: 52, outcome: 'throttled' },
        {
          account: 'b',
          at: 52,
          remedy: 'other-account',
          headers: 90,
          content: 120,
          end: 901,
          outcome: 'answered',
          requestId: 'r-1',
        },
      ],
    })
  })

  it('names those that were skipped, and why', () => {
    const call = createCall(asked)
    noteChoice(call, {
      placement: 'own',
      considered: [
        {
          accountId: 'a',
          verdict: 'resting',
          until: Date.parse('2026-11-22T10:00:00.5Z'),
          words: 'Resting.',
        },
        { accountId: 'b', verdict: 'not-chosen' },
        { accountId: 'c', verdict: 'lacks-model' },
      ],
    })
    expect(describeCall(call)).toEqual({
      ...asked,
      placement: 'own',
      skipped: [
        { account: 'a', why: 'resting', until: '2026-11-22T10:00:00Z' },
        { account: 'c', why: 'lacks-model' },
      ],
    })
  })

  it('keeps its measure, however much there is to tell', () => {
    const call = createCall(asked)
    const considered = Array.from({ length: 80 }, (_, index) => ({
      accountId: `${index}`,
      verdict: 'resting',
    }))
    for (let round = 0; round < 20; round += 1) {
      noteChoice(call, { accountId: 'a', considered })
      beginAttempt(call, { accountId: 'a', startedAt: round, remedy: 'repeat' })
    }
    expect(call.choices).toHaveLength(4)
    expect(call.attempts).toHaveLength(10)
    expect(describeCall(call)).toMatchObject({ moreConsidered: 30, skipped: { length: 50 } })
  })
})
