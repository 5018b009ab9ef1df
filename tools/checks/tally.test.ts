import { expect, it } from 'vitest'
import { addTallies, describeTally, tallyOf } from './tally.ts'

it.each([
  { tallies: [], line: '0 passed, 0 failed' },
  { tallies: [tallyOf(true), tallyOf(true)], line: '2 passed, 0 failed' },
  {
    tallies: [tallyOf(true), tallyOf(false), { passed: 10, failed: 2, skipped: 0 }],
    line: '11 passed, 3 failed',
  },
  { tallies: [tallyOf(true), { passed: 1, failed: 0, skipped: 4 }], line: '2 passed, 0 failed, 4 skipped' },
])('sums up as "$line"', ({ tallies, line }) => {
  expect(describeTally(addTallies(tallies))).toBe(line)
})
