import { describe, expect, it } from 'vitest'
import { toStandardBase64 } from './base64.ts'

describe('base64', () => {
  it.each([
    ['in the standard alphabet', '+/+/', '+/+/'],
    ['in the other one', '-_-_', '+/+/'],
    ['in both', '-/+_', '+/+/'],
    ['without padding', 'QQ', 'QQ=='],
    ['with blanks of any script', '\ufeffQ\u00a0Q\u2028=\t=\r\n ', 'QQ=='],
    ['that is nothing but blanks', ' \n', ''],
  ])('%s is made standard', (_name, text, expected) => {
    expect(toStandardBase64(text)).toBe(expected)
  })

  it.each(['Q', 'Q?==', '-ŁQQ', '-Q\u{1F600}Q', '--=-', '-Q\0Q', '-QQQ===', '\ud83d'])(
    'is not what has anything else in it: %j',
    (text) => {
      expect(toStandardBase64(text)).toBeUndefined()
    },
  )

  it('of megabytes in the other alphabet, in lines, is made standard at once', () => {
    const lines = '-_-_'.repeat(19).concat('\r\n').repeat(100_000)
    expect(toStandardBase64(lines)).toBe('+/+/'.repeat(19).repeat(100_000))
  })
})
