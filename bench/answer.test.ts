import { describe, expect, it } from 'vitest'
import { answerOf, createStampReader, stampToken, tokenAt } from './answer.ts'

describe('the answer of the bench', () => {
  it('has characters of several bytes, escapes, and equal tokens in a row', () => {
    const text = answerOf(12)
    expect(text).toMatch(/\p{Emoji_Presentation}/u)
    expect(text).toContain('模型')
    expect(text).toContain('\n')
    expect(text).toContain('"')
    expect(tokenAt(0)).toBe(tokenAt(1))
  })
})

function read(pieces: string[]) {
  const found: number[] = []
  const reader = createStampReader()
  for (const piece of pieces) reader.push(piece, (sentAt) => found.push(sentAt))
  return { found, count: reader.count() }
}

describe('createStampReader', () => {
  it.each([
    ['one a piece', [stampToken(0, 70), stampToken(1, 80)]],
    ['all in one piece', [stampToken(0, 70) + stampToken(1, 80)]],
    ['cut anywhere', ['0', '@7', '0;1@', '80', ';']],
  ])('finds every stamp, %s', (_, pieces) => {
    expect(read(pieces)).toEqual({ found: [70, 80], count: 2 })
  })

  it.each([
    ['is lost', ['0@70;', '2@80;']],
    ['comes twice', ['0@70;', '0@70;']],
    ['is cut', ['0@70;', '1@8']],
    ['is garbled', ['0@7x;']],
  ])('tells when one %s', (_, pieces) => {
    expect(read(pieces).count).toBeUndefined()
  })
})
