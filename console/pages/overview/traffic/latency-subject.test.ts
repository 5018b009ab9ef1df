import { describe, expect, it } from 'vitest'
import { readSubject, writeSubject } from './latency-subject.ts'

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

  it.each([null, '', 'model:', 'model', 'client:curl', 'model:a\nb', `model:${'x'.repeat(201)}`])(
    'is that of all requests by %j',
    (text) => {
      expect(readSubject(text)).toBeUndefined()
    },
  )
})
