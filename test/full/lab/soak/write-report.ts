/** The findings of a soak as a page of the documentation. */
import { medianOf } from './slope.ts'
import type { SoakFindings, SoakedMinute } from './soak.ts'
import { sumOf } from './tally.ts'
import { MOST_HEAP_GROWTH, type Verdict } from './verdicts.ts'

export interface Circumstances {
  date: Date
  nodeVersion: string
  processorCount: number
  processorModel: string
  requestsPerSecond: number
}

const STEP_MINUTES = 5
const BYTES_A_MEGABYTE = 1e6

export function writeReport(
  findings: SoakFindings,
  verdicts: readonly Verdict[],
  circumstances: Circumstances,
): string {
  const { date, nodeVersion, processorCount, processorModel, requestsPerSecond } = circumstances
  const { minutes, tally, faults, service, loggedCalls, page } = findings
  const waited = medianOf(minutes.map(({ waitShare }) => waitShare))
  return `# Half an hour under load

What \`node test/full/soak.ts --write\` found: ${date.toISOString().slice(0, 10)}, Node ${nodeVersion}, ${processorCount} × ${processorModel}, ${
    minutes.length
  } minutes. \`npm run check:full -- soak\` repeats it.

The built program, started as \`npm start\` does and with its usual settings, but that it keeps 2000 calls and 50 answers a key, so that the time suffices to see
that it holds to that. The strict simulator is another process, and so are the clients.

## The load

About ${requestsPerSecond} clients a second, each at a random distance from the one before, through four keys and six accounts (one with a limit of requests at once,
one on each of the other channels): in all three APIs, three of five streamed.

${alignColumns([['requests', 'kind'], ...[...tally.byKind].toSorted((one, other) => other[1] - one[1]).map(([kind, count]) => [String(count), kind])])}

Meanwhile a page of the console watched the feed, was loaded anew every three minutes, and read what its pages show (${page.reads} times). The service failed for one request in a
hundred: ${faults.early} times before an answer had begun (throttled, 500, 502, no answer, silence, nothing in it, …), ${faults.late} times in the middle of one (cut off,
reset, broken frames, exceptions), and ${faults.tokens} times it refused an account's tokens before their time. It was asked ${service.chats} times for an answer and refreshed ${
    service.refreshes
  } tokens.

Of ${tally.sent} requests ${tally.exact} were answered word for word, ${tally.left} were left by their clients in the middle, ${tally.mistakes} were refused as they had to be, ${sumOf(
    tally.refused,
  )} got an error before the answer began (${listOf(tally.refused)}) and ${sumOf(tally.broken)} in the middle of a stream (${listOf(tally.broken)}). The log of calls has ${loggedCalls}.

## What has to hold

${alignColumns([['what', 'found', 'at most', 'verdict'], ...verdicts.map(({ what, found, bound, holds }) => [what, found, bound, holds ? 'holds' : 'FAILS'])])}

Growth is that of the later half of the time, from one minute to the next: the median of the slopes of all pairs of minutes (Theil and Sen), so that no single minute
decides. A leak of ${leastLeakBytes(findings)} bytes a request would show as the growth of the heap that is not allowed. Faults before an answer begins are made good by other
attempts, so hardly any client may see one; who is in the middle of a stream can only be told.

## The course of it

Medians of the minutes; sums for requests and errors, the highest one for the longest lag. The heap is what is in use after a collection of garbage, with buffers; the lag
is that of the event loop beyond the 20 ms at which it is looked at.

${alignColumns([courseHead, ...stepsOf(minutes).map(describeStep)])}

For ${(waited * 100).toFixed(0)} % of the time (median of the minutes) the first thread could have run, and had to wait for a processor that other programs used${
    waited > 0.05 ? ': the lag is theirs as much as its own' : ''
  }.
`
}

const courseHead = [
  'minutes',
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

function stepsOf(minutes: readonly SoakedMinute[]): { first: number; step: readonly SoakedMinute[] }[] {
  const count = Math.ceil(minutes.length / STEP_MINUTES)
  return Array.from({ length: count }, (_, index) => {
    const first = index * STEP_MINUTES
    return { first, step: minutes.slice(first, first + STEP_MINUTES) }
  })
}

function describeStep({ first, step }: { first: number; step: readonly SoakedMinute[] }): string[] {
  const of = (name: keyof SoakedMinute) => step.map((minute) => minute[name])
  const sum = (name: keyof SoakedMinute) => of(name).reduce((total, each) => total + each, 0)
  const median = (name: keyof SoakedMinute, digits: number) => medianOf(of(name)).toFixed(digits)
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
function leastLeakBytes({ minutes, tally }: SoakFindings): string {
  const requestsAnHour = (tally.sent / minutes.length) * 60
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
