import { expect, it } from 'vitest'
import { judgePassword } from './strength.ts'

it.each([
  ['', { kind: 'empty' }],
  ['   ', { kind: 'empty' }],
  ['abc', { kind: 'short', missing: 9 }],
  ['😀😀😀', { kind: 'short', missing: 9 }],
  ['aaaaaaaaaaaaaaaaaaaaaaaa', { kind: 'simple' }],
  ['tea with milk', { kind: 'fair' }],
  ['tea with milk and a biscuit', { kind: 'strong' }],
])('the password "%s" is judged %o', (password, strength) => {
  expect(judgePassword(password)).toEqual(strength)
})
