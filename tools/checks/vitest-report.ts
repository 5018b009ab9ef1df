import { z } from 'zod'
import { tallyOf, type Tally } from './tally.ts'

/** What we read of the file that vitest's JSON reporter writes. */
const reportSchema = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(
    z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) }),
  ),
})

/**
 * Counts the tests of a run. A file that could not be loaded counts as one failed test; so does a run that was not
 * a success although no test failed: it crashed, found no test, or left an unhandled error.
 */
export function tallyVitest(reportText: string | undefined, exitCode: number): Tally {
  const report = reportSchema.safeParse(parseJson(reportText))
  if (!report.success) return tallyOf(false)

  const { success, numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report.data
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.every((test) => test.status !== 'failed'),
  )
  const failed = numFailedTests + brokenFiles.length
  const ranWell = success && exitCode === 0 && numPassedTests > 0
  return {
    passed: numPassedTests,
    failed: failed === 0 && !ranWell ? 1 : failed,
    skipped: numPendingTests + numTodoTests,
  }
}

function parseJson(text: string | undefined): unknown {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
