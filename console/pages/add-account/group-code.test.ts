import { expect, it } from 'vitest'
import { groupCode } from './group-code.ts'

it.each([
  ['ABCDEFGH', 'ABCD-EFGH'],
  ['ABCD-EFGH', 'ABCD-EFGH'],
  ['ABCD EFGH IJKL', 'ABCD-EFGH-IJKL'],
  ['ABC-DEF', 'ABC-DEF'],
  ['', ''],
])('groups the code %j as %j', (code, grouped) => {
  expect(groupCode(code)).toBe(grouped)
})
