import { describe, expect, it } from 'vitest'
import { nextWords } from './next-words.ts'

describe('what is read aloud', () => {
  it.each([
    ['It is', 0, { words: '', told: 0 }],
    ['It is so. And', 0, { words: 'It is so.', told: 9 }],
    ['It is so. And more.', 9, { words: 'And more.', told: 19 }],
    ['好的。还有', 0, { words: '好的。', told: 3 }],
  ])('%j after %d characters', (text, told, next) => {
    expect(nextWords(text, told)).toEqual(next)
  })

  it('is never much at once', () => {
    expect(nextWords(`${'x'.repeat(5000)}.`, 0).words).toHaveLength(300)
  })
})
