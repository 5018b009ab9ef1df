/** The findings of a soak as a page of the documentation. */
import { medianOf } from './slope.ts'
import type { SoakFindings, SoakedRound } from './soak.ts'
import { sumOf } from './tally.ts'
import { MOST_HEAP_GROWTH, type Verdict } from './verdicts.ts'

export interface Circumstances {
  date: Date
  nodeVersion: string
  processorCount: number
  processorModel: string
  requestsPerSecond: number
}

const STEP_ROUNDS = 5
const BYTES_A_MEGABYTE = 1e6

export function writeReport(
  findings: SoakFindings,
  verdicts: readonly Verdict[],
  circumstances: Circumstances,
): string {
  const { date, nodeVersion, processorCount, processorModel, requestsPerSecond } = circumstances
  const { rounds, tally, faults, service, loggedCalls, page } = findings
  const waited = medianOf(rounds.map(({ waitShare }) => waitShare))
  return `# Half an hour under load

What \`node test/full/soak.ts --write\` found: ${date.toISOString().slice(0, 10)}, Node ${nodeVersion}, ${processorCount} × ${processorModel}, ${
    rounds.length
  } rounds of about a minute each. \`npm run check:full -- soak\` repeats it.

The built program, started as \`npm start\` does and with its usual settings, but that it keeps 2000 calls and 50 answers a key, so that the time suffices to see
that it holds to that, and closes idle connections after 8 s. The strict simulator is another process, and so are the clients.

## The load

About ${requestsPerSecond} clients a second, each at a random distance from the one before, through four keys and six accounts (one with a limit of requests at once,
one on each of the other channels): in all three APIs, three of five streamed.

${alignColumns([['requests', 'kind'], ...[...tally.byKind].toSorted((one, other) => other[1] - one[1]).map(([kind, count]) => [String(count), kind])])}

Meanwhile a page of the console watched the feed, was loaded anew every third round, and read what its pages show (${page.reads} times). The service failed for one request in a
hundred: ${faults.early} times before an answer had begun (throttled, 500, 502, no answer, silence, nothing in it), ${faults.late} times in the middle of one (cut off,
reset, broken frames, errors), and ${faults.tokens} times it refused an account's tokens before their time. It was asked ${service.chats} times for an answer and refreshed ${
    service.refreshes
  } tokens.

Of ${tally.sent} requests ${tally.exact} were answered word for word, ${tally.left} were left by their clients in the middle, ${tally.mistakes} were refused as they had to be, ${sumOf(
    tally.refused,
  )} got an error before the answer began (${listOf(tally.refused)}) and ${sumOf(tally.broken)} in the middle of a stream (${listOf(tally.broken)}). The log of calls has ${loggedCalls}.

## What has to hold

${alignColumns([['what', 'found', 'bound', 'verdict'], ...verdicts.map(({ what, found, bound, holds }) => [what, found, bound, holds ? 'holds' : 'FAILS'])])}

Growth is that of the later half of the time, from one round to the next, taken for an hour of sixty rounds: the median of the slopes of all pairs of
rounds (Theil and Sen), so that no single one decides. A leak of ${leastLeakBytes(findings)} bytes a request would show as the growth of the heap that is not allowed. Faults before an answer begins are made good by other
attempts, so hardly any client may see one; who is in the middle of a stream can only be told.

## The course of it

Each round ends with a moment of calm, in which nothing is under way but the page, and connections that nobody uses have been closed: what is still there then has stayed
behind. Memory, descriptors, sockets, timers, threads and the database are of these moments, the heap is what is in use after a collection of garbage, with buffers. Lag and
processor are of the load before; the lag is that of the event loop beyond the 20 ms at which it is looked at. Medians of the rounds; sums for requests and errors, and of the
longest lag the longest.

${alignColumns([courseHead, ...stepsOf(rounds).map(describeStep)])}

For ${(waited * 100).toFixed(0)} % of the time of the load (median of the rounds) the first thread could have run, and had to wait for a processor that other programs used${
    waited > 0.05 ? ': the lag is theirs as much as its own' : ''
  }.
`
}

const courseHead = [
  'rounds',
  'requests',
  'errors',
  'resident MB',
  'heap MB',
  'descriptors',
  'sockets',
  'timers',
  'threads',
  'database MB',
  'lag p50 ms',
  'lag p99 ms',
  'longest lag ms',
  'of a processor',
]

function stepsOf(rounds: readonly SoakedRound[]): { first: number; step: readonly SoakedRound[] }[] {
  const count = Math.ceil(rounds.length / STEP_ROUNDS)
  return Array.from({ length: count }, (_, index) => {
    const first = index * STEP_ROUNDS
    return { first, step: rounds.slice(first, first + STEP_ROUNDS) }
  })
}

function describeStep({ first, step }: { first: number; step: readonly SoakedRound[] }): string[] {
  const of = (name: keyof SoakedRound) => step.map((round) => round[name])
  const sum = (name: keyof SoakedRound) => of(name).reduce((total, each) => total + each, 0)
  const median = (name: keyof SoakedRound, digits: number) => medianOf(of(name)).toFixed(digits)
  return [
    `${first + 1}–${first + step.length}`,
    `${sum('requests')}`,
    `${sum('errors')}`,
    median('residentMegabytes', 1),
    median('heapMegabytes', 2),
    median('descriptors', 0),
    median('sockets', 0),
    median('timers', 0),
    median('threads', 0),
    median('databaseMegabytes', 1),
    median('loopP50Ms', 1),
    median('loopP99Ms', 1),
    Math.max(...of('loopMaxMs')).toFixed(0),
    `${(medianOf(of('processorShare')) * 100).toFixed(0)} %`,
  ]
}

/** What of every request would have to stay behind for the heap to grow by more than it may. */
function leastLeakBytes({ rounds, tally }: SoakFindings): string {
  const requestsAnHour = (tally.sent / rounds.length) * 60
  return ((MOST_HEAP_GROWTH * BYTES_A_MEGABYTE) / requestsAnHour).toFixed(0)
}

function listOf(counts: ReadonlyMap<string, number>): string {
  return counts.size === 0 ? 'none' : [...counts].map(([name, count]) => `${count} × ${name}`).join(', ')
}

/** As the repository's formatter would lay it out. */
function alignColumns(rows: readonly (readonly string[])[]): string {
  const [head = [], ...others] = rows
  const widths = head.map((_, column) => Math.max(3, ...rows.map((cells) => cells[column]?.length ?? 0)))
  const rule = widths.map((width) => '-'.repeat(width))
  return [head, rule, ...others]
    .map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
    .join('\n')
}
