/** What has to hold after a soak, and why there. */
import { earlierHalf, laterHalf, medianOf, slopeOf } from './slope.ts'
import type { Round } from './meter.ts'
import type { SoakFindings } from './soak.ts'
import { sumOf } from './tally.ts'

export interface Verdict {
  what: string
  bound: string
  found: string
  holds: boolean
}

/** Before that, what is to be filled once is still being filled. */
export const LEAST_ROUNDS = 20

/** Half of what the load asks for: a gateway that hardly gets anything to do cannot show that nothing grows. */
const LEAST_REQUESTS_A_SECOND = 6

/** A fault that comes before the answer begins is made good by another attempt, on another account where it needs one. */
const MOST_REFUSED_SHARE = 0.001
/** Of all requests: with faults for one in a hundred, a third of them in the middle of an answer, and three of five streamed. */
const MOST_ERRORS_SHARE = 0.005
/** The feed has one a second, and later where the machine is busy. */
const LEAST_SNAPSHOTS_A_SECOND = 0.75
/** With nothing under way but a page that watches; the program itself takes 30 s at most. */
const LONGEST_END_SECONDS = 5
const LAG_RATIO = 1.5
const LAG_SLACK_MS = 5

/** Megabytes an hour. */
export const MOST_HEAP_GROWTH = 12

/**
 * How many connections idle differs by up to ten from one moment to the next, which alone may look like a dozen an hour over
 * half the rounds. One that were left behind by one in a thousand requests would be forty.
 */
const MOST_CONNECTIONS_GROWTH = 20

/** Of what must not grow: by how much it may seem to in an hour of 60 rounds. */
const mostGrowth: readonly { name: keyof Round; what: string; unit: string; most: number }[] = [
  { name: 'residentMegabytes', what: 'resident memory', unit: 'MB', most: 30 },
  { name: 'heapMegabytes', what: 'heap and buffers after a collection', unit: 'MB', most: MOST_HEAP_GROWTH },
  { name: 'descriptors', what: 'file descriptors', unit: '', most: MOST_CONNECTIONS_GROWTH },
  { name: 'sockets', what: 'sockets', unit: '', most: MOST_CONNECTIONS_GROWTH },
  { name: 'timers', what: 'timers', unit: '', most: 6 },
  { name: 'resources', what: 'all that keeps the process going', unit: '', most: 6 },
  { name: 'listeners', what: 'listeners of the process', unit: '', most: 2 },
  { name: 'threads', what: 'threads', unit: '', most: 2 },
  { name: 'databaseMegabytes', what: 'database', unit: 'MB', most: 10 },
]

export function judge(findings: SoakFindings): Verdict[] {
  const { rounds } = findings
  const flatness = rounds.length < LEAST_ROUNDS ? [] : [...judgeGrowth(rounds), judgeLag(rounds)]
  return [
    judgeLoad(findings),
    ...judgeAnswers(findings),
    ...judgeRecords(findings),
    ...judgeEnd(findings),
    ...flatness,
  ]
}

function judgeLoad({ tally, rounds }: SoakFindings): Verdict {
  const least = rounds.length * 60 * LEAST_REQUESTS_A_SECOND
  return { what: 'requests', bound: `at least ${least}`, found: `${tally.sent}`, holds: tally.sent >= least }
}

function judgeAnswers({ tally, faults }: SoakFindings): Verdict[] {
  const [refused, broken] = [sumOf(tally.refused), sumOf(tally.broken)]
  const errors = refused + broken
  return [
    atMost('answers that are neither exact nor a proper error', tally.wrong.length, 0),
    {
      what: 'errors before an answer began',
      bound: `${percent(MOST_REFUSED_SHARE)} of the requests`,
      found: `${refused}`,
      holds: refused <= tally.sent * MOST_REFUSED_SHARE,
    },
    {
      what: 'streams that ended with an error',
      bound: 'the faults in the middle of an answer',
      found: `${broken} of ${faults.late}`,
      holds: broken <= faults.late,
    },
    {
      what: 'errors that clients saw',
      bound: `${percent(MOST_ERRORS_SHARE)} of the requests`,
      found: percent(errors / tally.sent),
      holds: errors <= tally.sent * MOST_ERRORS_SHARE,
    },
  ]
}

function judgeRecords({ differences, service, gatewayComplaints, page, rounds }: SoakFindings): Verdict[] {
  const leastSnapshots = Math.floor(rounds.length * 60 * LEAST_SNAPSHOTS_A_SECOND)
  return [
    atMost('differences of log, counters and what clients saw', differences.length, 0),
    atMost("breaches of the service's rules", service.violations.length + service.crashes, 0),
    atMost('complaints of the program in its log or beside it', gatewayComplaints.length, 0),
    atMost('reads of the console that failed', page.complaints.length, 0),
    {
      what: 'snapshots that the console got',
      bound: `at least ${leastSnapshots}`,
      found: `${page.snapshots}`,
      holds: page.snapshots >= leastSnapshots,
    },
  ]
}

function judgeEnd({ leftInFlight, end }: SoakFindings): Verdict[] {
  return [
    atMost('requests in flight after the last client had gone', leftInFlight, 0),
    {
      what: 'the end, by SIGTERM',
      bound: `exit code 0 within ${LONGEST_END_SECONDS} s`,
      found: `exit code ${end.exitCode} after ${end.seconds.toFixed(1)} s`,
      holds: end.exitCode === 0 && end.seconds <= LONGEST_END_SECONDS,
    },
  ]
}

function judgeGrowth(rounds: readonly Round[]): Verdict[] {
  return mostGrowth.map(({ name, what, unit, most }) => {
    const anHour = 60 * slopeOf(laterHalf(rounds).map((round) => round[name]))
    return {
      what: `growth of ${what} in the later half`,
      bound: `${most} ${unit} an hour`.replace('  ', ' '),
      found: `${anHour.toFixed(1)} ${unit}`.trim(),
      holds: anHour <= most,
    }
  })
}

/** Whatever else the machine does, it does in both halves. */
function judgeLag(rounds: readonly Round[]): Verdict {
  const lags = rounds.map(({ loopP99Ms }) => loopP99Ms)
  const [earlier, later] = [medianOf(earlierHalf(lags)), medianOf(laterHalf(lags))]
  return {
    what: 'lag of the event loop in the later half, median of the p99 of each round',
    bound: `${LAG_RATIO} × the earlier half (${earlier.toFixed(1)} ms) + ${LAG_SLACK_MS} ms`,
    found: `${later.toFixed(1)} ms`,
    holds: later <= LAG_RATIO * earlier + LAG_SLACK_MS,
  }
}

function atMost(what: string, found: number, most: number): Verdict {
  return { what, bound: `${most}`, found: `${found}`, holds: found <= most }
}

function percent(share: number): string {
  return `${(share * 100).toFixed(2).replace(/\.?0+$/, '')} %`
}
