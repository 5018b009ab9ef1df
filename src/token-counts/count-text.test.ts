import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { describe, expect, it } from 'vitest'
import { createTextCounter } from './count-text.ts'

const countText = createTextCounter()
const sentence = '网关会为每个账号单独刷新令牌，如果刷新失败，该账号将暂停使用。'

describe('the count of a text', () => {
  it.each([
    ['nothing', '', 0],
    ['English', 'The gateway refreshes tokens before they expire.', 9 * 1.1],
    ['Chinese', sentence, 21 * 1.1 + 31 * 0.07],
    ['what looks like a special token, as text', '<|endoftext|>', 7 * 1.1],
  ])('is that of the vocabulary, times what Claude is guessed to need: %s', (_, text, tokens) => {
    expect(countText(text)).toBeCloseTo(tokens, 6)
  })

  it.each([
    ['prose', 'Some words, and 12 numbers; then more.\n'.repeat(300)],
    ['code', 'const total = items.map((item) => item.price).reduce(add, 0)\n'.repeat(300)],
    ['Chinese', sentence.repeat(300).replaceAll('。', '。\n')],
    ['base64', Buffer.from('every byte of it'.repeat(300)).toString('base64')],
  ])('does not change by cuts where a text has breaks, or hardly: %s', (_, text) => {
    const cjkCharacters = text.match(/[\u3000-\u30ff\u3400-\u9fff\uff00-\uffef]/g)?.length ?? 0
    expect(countText(text) / (countTokens(text) * 1.1 + cjkCharacters * 0.07)).toBeCloseTo(1, 1)
  })

  // Without cuts each of these takes seconds, and the test its time limit.
  it.each([
    ['Chinese characters', '网关会为每个账号单独刷新令牌'],
    ['one letter', 'a'],
    ['blanks', ' '],
    ['line breaks', '\n'],
    ['two kinds of blanks', ' \u3000'],
    ['halves of characters', '\ud800'],
    ['characters of two halves', '😀😁'],
    ['punctuation', '!！'],
    ['combining marks', '\u0301'],
  ])('is found for a long run without breaks: %s', (_, text) => {
    const run = text.repeat(100_000 / text.length)
    expect(countText(run)).toBeGreaterThan(100)
    expect(countText(run)).toBeLessThan(run.length * 4)
  })

  it('is the same after much else was counted', () => {
    const before = countText(sentence)
    countText('word '.repeat(500_000))
    expect(countText(sentence)).toBe(before)
  })
})
