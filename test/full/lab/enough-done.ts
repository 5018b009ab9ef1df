/** For programs that end when their time is over: what they have done by then must be worth a judgement. */

const SMALLEST_SHARE = 0.1

/** Of a slow machine much is forgiven; with less than a tenth of what was asked for, the program ends as failed. */
export function expectEnough(done: number, count: number): void {
  if (done >= count * SMALLEST_SHARE) return
  process.stdout.write(`Only ${done} of ${count} were done before the time was over: too few to judge by.\n`)
  process.exitCode = 1
}
