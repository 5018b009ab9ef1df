import { describe, expect, it } from 'vitest'
import { isTooMany, listSubjects, readSubject, writeSubject } from './latency-subject.ts'

describe('whose times are shown', () => {
  it.each([
    ['model:claude-sonnet-4.5', { kind: 'model', name: 'claude-sonnet-4.5' }],
    ['model:a:b', { kind: 'model', name: 'a:b' }],
    ['dialect:openai-chat', { kind: 'dialect', name: 'openai-chat' }],
    ['account:1f', { kind: 'account', name: '1f' }],
  ] as const)('is read from %s, and written so', (text, subject) => {
    expect(readSubject(text)).toEqual(subject)
    expect(writeSubject(subject)).toBe(text)
  })

  it('may be a model, any API, or an account', () => {
    const subjects = listSubjects(['claude-sonnet-4.5', '*'], ['1f', '2e']).map(writeSubject)
    expect(subjects).toEqual([
      'model:claude-sonnet-4.5',
      'dialect:openai-chat',
      'dialect:openai-responses',
      'dialect:anthropic-messages',
      'dialect:openai-compact',
      'account:1f',
      'account:2e',
    ])
  })

  it.each([
    [200, 200, false],
    [201, 0, true],
  ])('may be one of %i accounts, of which %i are listed', (count, listed, isMore) => {
    const ids = Array.from({ length: count }, (_, at) => `id-${at}`)
    expect(listSubjects([], ids).filter(({ kind }) => kind === 'account')).toHaveLength(listed)
    expect(isTooMany(ids)).toBe(isMore)
  })

  it.each([null, '', 'model:', 'model', 'client:curl', 'model:a\nb', `model:${'x'.repeat(201)}`])(
    'is that of all requests by %j',
    (text) => {
      expect(readSubject(text)).toBeUndefined()
    },
  )
})
