import { expect, it } from 'vitest'
import { readAnswer } from './test-chat.ts'

it.each<[unknown, string]>([
  [{ choices: [{ message: { content: ' Hello. ' } }] }, 'Hello.'],
  [{ choices: [{ message: { content: null } }] }, ''],
  [{ choices: [] }, ''],
  [{ choices: 'no' }, ''],
  [undefined, ''],
  [{ choices: [{ message: { content: '😀'.repeat(200) } }] }, `${'😀'.repeat(160)}…`],
])('the answer %o is read as "%s"', (answer, words) => {
  expect(readAnswer(answer)).toBe(words)
})
