import { describe, expect, it } from 'vitest'
import { callCourse, toKeptCall } from './kept-call.ts'
import { sampleEndedCall } from './sample-ended-call.ts'

describe('a call as it is kept', () => {
  it('tells whom it was for, how it went and what it cost', () => {
    expect(toKeptCall(sampleEndedCall('r'))).toEqual({
      id: 'r',
      at: Date.parse('2026-11-22T10:00:00Z'),
      outcome: 'ok',
      status: 200,
      failure: null,
      dialect: 'openai-chat',
      stream: true,
      model: 'm',
      modelUsed: 'model',
      keyId: 'k',
      accountIds: ['a'],
      firstTokenMs: 100,
      totalMs: 910,
      inputTokens: 1110,
      outputTokens: 5,
      credits: 0.5,
      usageSource: 'upstream',
      stopReason: 'end-turn',
      repairs: [],
      client: 'curl 8.5.0',
      requestBytes: 512,
      hasTools: true,
      hasImages: false,
      tries: 1,
      course: {
        lead: 10,
        placement: null,
        skipped: [],
        attempts: [{ account: 'a', at: 0, headers: 40, content: 90, end: 900, outcome: 'answered' }],
      },
    })
  })

  it('counts the first token of an answer of several rounds from the first of them', () => {
    const ended = sampleEndedCall('r')
    const answered = { accountId: 'a', outcome: 'answered' } as const
    ended.call?.attempts.unshift({ accountId: 'b', startedAt: 0, firstContentAt: 5, outcome: 'interrupted' })
    ended.call?.attempts.push({ ...answered, startedAt: 1000, firstContentAt: 1090 })
    expect(toKeptCall(ended).firstTokenMs).toBe(100)
  })

  it('tells little of one that was refused at the door', () => {
    const refused = sampleEndedCall('r', { call: undefined, outcome: 'shed', failure: 'rate-limited' })
    expect(toKeptCall(refused)).toMatchObject({
      failure: 'rate-limited',
      accountIds: [],
      firstTokenMs: null,
      inputTokens: null,
      requestBytes: 512,
      course: { placement: null, skipped: [], attempts: [] },
    })
  })

  it.each([
    ['x'.repeat(5000), '(too long)'],
    ['a\u0000b\nc', 'a b c'],
    ['\uD800', '\uFFFD'],
  ])('holds no name as every database would not take it', (model, kept) => {
    expect(toKeptCall(sampleEndedCall('r', { model })).model).toBe(kept)
  })

  it('tells how many accounts are not named', () => {
    const ended = sampleEndedCall('r')
    const verdicts = ['chosen', 'not-chosen', 'not-chosen', ...Array.from({ length: 13 }, () => 'resting')]
    const considered = verdicts.map((verdict, index) => ({ accountId: `${index}`, verdict }))
    ended.call?.choices.push({ accountId: '0', placement: 'anywhere', considered, moreConsidered: 0 })
    const { course } = toKeptCall(ended)
    expect(course).toMatchObject({ couldServe: 2, moreSkipped: 3, skipped: { length: 10 } })
    expect(callCourse.parse(course)).toEqual(course)
  })

  it('tells by what the strategy chose, and how the account then stood', () => {
    const ended = sampleEndedCall('r')
    const picked = { rules: ['priority', 'random'], underWay: 2, priority: 1, weight: 1, quotaLeft: 12.5 }
    ended.call?.choices.push({
      accountId: 'a',
      placement: 'anywhere',
      picked,
      considered: [],
      moreConsidered: 0,
    })
    const { course } = toKeptCall(ended)
    expect(course.picked).toEqual(picked)
    expect(callCourse.parse(course)).toEqual(course)
  })

  it('tells of every account once, and of its way what answers may have', () => {
    const ended = sampleEndedCall('r')
    const thrownAway = ended.call?.usage
    ended.call?.attempts.push({
      accountId: 'b',
      startedAt: 1,
      outcome: 'throttled',
      requestId: `\u0007${'i'.repeat(500)}`,
      ...(thrownAway && { thrownAway }),
    })
    ended.call?.attempts.push({ accountId: 'a', startedAt: 2, heldBack: true, remedy: 'other-account' })
    const { accountIds, course } = toKeptCall(ended)
    expect(accountIds).toEqual(['a', 'b'])
    expect(callCourse.parse(course)).toEqual(course)
    expect(course.attempts[1]?.requestId).toBe(` ${'i'.repeat(99)}`)
  })
})
