import { describe, expect, it } from 'vitest'
import { toTimeline } from './timeline.ts'

const told = (timeline: ReturnType<typeof toTimeline>) =>
  timeline.map(({ kind, attempt, at, end }) => `${kind}${attempt ?? ''} ${at}-${end}`)

describe('the time of a request', () => {
  it('goes from its receipt to its end, without a gap', () => {
    const attempts = [{ account: 'a', at: 5, sent: 20, headers: 60, content: 90, end: 900 }]
    const timeline = toTimeline({ lead: 10, attempts, totalMs: 920 })
    expect(told(timeline)).toEqual([
      'lead 0-10',
      'choose0 10-15',
      'token0 15-30',
      'headers0 30-70',
      'content0 70-100',
      'answer0 100-910',
      'close 910-920',
    ])
  })

  it('has every attempt in it, and what was between them', () => {
    const attempts = [
      { account: 'a', at: 0, sent: 1, headers: 40, end: 41 },
      { account: 'b', at: 241, sent: 242, headers: 300, content: 310, end: 400 },
    ]
    expect(told(toTimeline({ lead: 2, attempts, totalMs: 402 }))).toEqual([
      'lead 0-2',
      'choose0 2-2',
      'token0 2-3',
      'headers0 3-42',
      'content0 42-43',
      'choose1 43-243',
      'token1 243-244',
      'headers1 244-302',
      'content1 302-312',
      'answer1 312-402',
    ])
  })

  it.each([
    ['that failed before anything was sent', { at: 0, end: 50 }, ['choose0 0-0', 'token0 0-50']],
    ['that was never answered', { at: 0, sent: 5, end: 50 }, ['choose0 0-0', 'token0 0-5', 'headers0 5-50']],
    [
      'of an older version',
      { at: 0, headers: 5, content: 6, end: 50 },
      ['choose0 0-0', 'headers0 0-5', 'content0 5-6', 'answer0 6-50'],
    ],
    ['that has not ended', { at: 0, sent: 5, headers: 6 }, ['choose0 0-0', 'token0 0-5', 'headers0 5-6']],
  ])('tells of an attempt %s what is known', (_, attempt, expected) => {
    const parts = told(toTimeline({ lead: 0, attempts: [{ account: 'a', ...attempt }], totalMs: 50 }))
    expect(parts.filter((part) => !part.startsWith('lead') && !part.startsWith('close'))).toEqual(expected)
  })

  it('is one part where nothing was tried', () => {
    expect(told(toTimeline({ attempts: [], totalMs: 7 }))).toEqual(['lead 0-7'])
  })
})
