import { describe, expect, it } from 'vitest'
import { tallyVitest } from './vitest-report.ts'

const clean = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [{ status: 'passed', assertionResults: [{ status: 'passed' }] }],
}
const unloadable = { status: 'failed', assertionResults: [] }
const failing = { status: 'failed', assertionResults: [{ status: 'failed' }, { status: 'passed' }] }

describe('counting a vitest run', () => {
  it.each([
    { run: 'all passed', report: clean, exitCode: 0, tally: [3, 0, 0] },
    {
      run: 'some skipped or to do',
      report: { ...clean, numPendingTests: 2, numTodoTests: 1 },
      exitCode: 0,
      tally: [3, 0, 3],
    },
    {
      run: 'one test failed',
      report: { ...clean, success: false, numFailedTests: 1, testResults: [failing] },
      exitCode: 1,
      tally: [3, 1, 0],
    },
    {
      run: 'a file did not load',
      report: { ...clean, success: false, testResults: [unloadable] },
      exitCode: 1,
      tally: [3, 1, 0],
    },
    {
      run: 'a test failed and a file did not load',
      report: { ...clean, success: false, numFailedTests: 1, testResults: [failing, unloadable] },
      exitCode: 1,
      tally: [3, 2, 0],
    },
    { run: 'an unhandled error after the tests', report: clean, exitCode: 1, tally: [3, 1, 0] },
    { run: 'not a success', report: { ...clean, success: false }, exitCode: 0, tally: [3, 1, 0] },
    {
      run: 'no test',
      report: { ...clean, numPassedTests: 0, testResults: [] },
      exitCode: 0,
      tally: [0, 1, 0],
    },
  ])('$run: $tally', ({ report, exitCode, tally: [passed, failed, skipped] }) => {
    expect(tallyVitest(JSON.stringify(report), exitCode)).toEqual({ passed, failed, skipped })
  })

  it.each([
    { report: 'no report', text: undefined },
    { report: 'half a report', text: '{"success":true,' },
    { report: 'another shape', text: '{"success":true}' },
  ])('$report is one failure, whatever the exit code', ({ text }) => {
    expect(tallyVitest(text, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})
