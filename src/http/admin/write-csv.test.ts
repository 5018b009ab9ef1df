import { expect, it } from 'vitest'
import { writeCsv } from './write-csv.ts'

it.each([
  ['plain', 'plain'],
  ['', ''],
  ['a, b', '"a, b"'],
  ['say "x"', '"say ""x"""'],
  ['two\nlines', '"two\nlines"'],
  ['=1+1', '"\'=1+1"'],
  ['+1', '"\'+1"'],
  ['-1', '"\'-1"'],
  ['@SUM(A1)', '"\'@SUM(A1)"'],
  ['\t=1', '"\'\t=1"'],
  ['\r=1', '"\'\r=1"'],
  ['=HYPERLINK("x")', '"\'=HYPERLINK(""x"")"'],
  ['a=b', 'a=b'],
])('S29: the cell %j becomes %j, and no formula', (text, cell) => {
  expect(writeCsv(['name'], [[text]])).toBe(`name\r\n${cell}\r\n`)
})
