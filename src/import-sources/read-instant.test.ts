import { describe, expect, it } from 'vitest'
import { readInstant } from './read-instant.ts'

describe('an instant', () => {
  const read: [unknown, string][] = [
    ['2025-11-02T10:20:30', '2025-11-02T10:20:30.000Z'],
    ['2025-11-02 10:20:30', '2025-11-02T10:20:30.000Z'],
    ['2025-11-02T10:20:30Z', '2025-11-02T10:20:30.000Z'],
    ['2025-11-02T10:20:30.123456789Z', '2025-11-02T10:20:30.123Z'],
    ['2025-11-02T10:20:30UTC', '2025-11-02T10:20:30.000Z'],
    ['2025-11-02T10:20:30+0530', '2025-11-02T04:50:30.000Z'],
    ['2025-11-02', '2025-11-02T00:00:00.000Z'],
    [1_762_078_830, '2025-11-02T10:20:30.000Z'],
    [1_762_078_830_000, '2025-11-02T10:20:30.000Z'],
    ['1762078830', '2025-11-02T10:20:30.000Z'],
    ['1762078830.0', '2025-11-02T10:20:30.000Z'],
    [new Date('2025-11-02T10:20:30Z'), '2025-11-02T10:20:30.000Z'],
  ]
  it.each(read)('%s is %s', (value, expected) => {
    expect(readInstant(value)?.toISOString()).toBe(expected)
  })

  it.each([
    '',
    'never',
    'Sun Nov 2 2025',
    '2025-02-32T00:00:00',
    '1999-01-01',
    0,
    Number.NaN,
    new Date(Number.NaN),
    null,
    {},
  ])('is none of %s', (value) => {
    expect(readInstant(value)).toBeUndefined()
  })
})
