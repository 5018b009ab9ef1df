import { describe, expect, it } from 'vitest'
import { writeTable, type Column } from './write-table.ts'

const columns: Column<string>[] = [
  { title: 'NAME', read: (name) => name },
  { title: 'SIZE', isNumber: true, read: (name) => String(name.length) },
  { title: 'AGAIN', read: (name) => name },
]

describe('a table', () => {
  it('is as wide as its widest cells, which may take two places a character', () => {
    expect(writeTable(['ab', '账号', 'e\u0301'], columns, Infinity)).toBe(
      ['NAME  SIZE  AGAIN', 'ab       2  ab', '账号     2  账号', 'e\u0301        2  e\u0301', ''].join('\n'),
    )
  })

  it('is cut where the terminal ends', () => {
    const [, row] = writeTable(['x'.repeat(30)], columns, 55).split('\n')
    expect(row).toHaveLength(55)
    expect(row?.endsWith('x…')).toBe(true)
  })

  it('has room for more rows than a call has for arguments', () => {
    expect(
      writeTable(
        Array.from({ length: 200_000 }, () => 'a'),
        columns,
        80,
      ).split('\n'),
    ).toHaveLength(200_002)
  })
})
