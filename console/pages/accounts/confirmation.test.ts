import { describe, expect, it } from 'vitest'
import { confirmationWord } from './confirmation.ts'
import { sampleAccount } from './sample-account.ts'

const account = sampleAccount({ id: '12345678-90ab', label: 'Work account' })

describe('what has to be typed to delete', () => {
  it.each([
    ['an account', [account], false, 'Work account'],
    ['an account whose name is masked', [account], true, '12345678'],
    ['one without a name', [sampleAccount({ ...account, label: null })], false, '12345678'],
    ['one with a very long name', [sampleAccount({ ...account, label: 'x'.repeat(41) })], false, '12345678'],
    [
      'one whose name nobody can type',
      [sampleAccount({ ...account, label: 'a\u{200B}b' })],
      false,
      '12345678',
    ],
    ['several', [account, account, account], false, '3'],
  ])('%s is what can be seen', (_, chosen, isPrivate, expected) => {
    expect(confirmationWord(chosen, isPrivate)).toBe(expected)
  })
})
