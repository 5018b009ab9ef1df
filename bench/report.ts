/** Findings as a table: medians with their spread, ratios to the reference programs, and how that stands to the targets. */
import type { ContestantName } from './lab/lab.ts'
import type { Finding } from './scenarios/scenario.ts'
import { medianRange, percentile, summarise, type Summary } from './statistics.ts'
import { targets, type Metric, type Target } from './targets.ts'

export interface Circumstances {
  date: Date
  nodeVersion: string
  processorModel: string
  processorCount: number
  /** Whether the gateway had a processor for itself. */
  pinned: boolean
}

const columns = ['metric', 'ours', 'pass', 'min', 'ours ÷ pass', 'ours ÷ min', 'must', 'goal', 'verdict']

/** The table of all metrics that were measured, in Markdown. */
export function writeTable(findings: readonly Finding[]): string {
  const rows = Object.entries(targets).flatMap(([name, target]) => {
    const row = writeRow(name, target, findings)
    return row === undefined ? [] : [row]
  })
  return alignColumns([columns, ...rows])
}

/** As the repository's formatter would lay it out. */
function alignColumns([head = [], ...rows]: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((cells) => cells[column]?.length ?? 0)),
  )
  const rule = widths.map((width) => '-'.repeat(width))
  const lines = [head, rule, ...rows].map((cells) =>
    cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | '),
  )
  return lines.map((line) => `| ${line} |`).join('\n')
}

export function writeReport(findings: readonly Finding[], circumstances: Circumstances): string {
  const { date, nodeVersion, processorModel, processorCount, pinned } = circumstances
  return `# Results of \`npm run bench\`

${date.toISOString().slice(0, 10)}, Node ${nodeVersion}, ${processorCount} × ${processorModel}, ${
    pinned ? 'the gateway pinned to one processor, upstream and load to another' : 'nothing pinned'
  }.

${writeTable(findings)}

Medians, with the lowest and the highest round in brackets; ratios are the medians of each round's ratio. _pass_ is a \`node:http\` proxy that pipes ready-made answers,
_min_ the least translating gateway on \`node:http\`; ours has its production settings, with client keys. What a machine
makes faster or slower is judged by the ratio to _min_: in brackets behind a target stands that ratio. What is compared turn by turn is judged by the
range that holds the median, but for one time in ten at most; where the target lies within it, the turns cannot tell. Every answer is
compared with what the upstream sent. "Added" is what comes on top of the same load without a gateway.
`
}

function writeRow(metric: string, target: Target, findings: readonly Finding[]): string[] | undefined {
  const [ours = [], pass = [], min = []] = (['ours', 'pass', 'min'] as const).map((name) =>
    valuesOf(findings, name, metric),
  )
  if (ours.length === 0) return undefined
  const [oursSummary, passSummary, minSummary] = [ours, pass, min].map((values) =>
    summariseAs(metric, values),
  )
  const toPass = ratioOf(ours, pass)
  const toMin = ratioOf(ours, min)
  return [
    target.label,
    ...[oursSummary, passSummary, minSummary].map(writeSummary),
    ...[toPass, toMin].map((ratio) => ratio?.toFixed(2) ?? '–'),
    writeTarget(target.must, target),
    writeTarget(target.goal, target),
    target.judgedBy === 'turns' ? judgeTurns(target, ours) : judge(target, oursSummary?.median, toMin),
  ]
}

/** One for each round. */
function valuesOf(findings: readonly Finding[], name: ContestantName, metric: string): number[] {
  return findings
    .filter(({ contestant }) => contestant === name)
    .flatMap(({ samples }) => samples.flatMap((sample) => valueOf(sample, metric) ?? []))
}

function valueOf(sample: Readonly<Record<string, number>>, metric: string): number | undefined {
  return sample[metric]
}

/** Of `wrong` the sum over all rounds: a median would hide a few. */
function summariseAs(metric: string, values: readonly number[]): Summary | undefined {
  if (values.length === 0) return undefined
  if (metric !== ('wrong' satisfies Metric)) return summarise(values)
  const sum = values.reduce((total, value) => total + value, 0)
  return { median: sum, lowest: sum, highest: sum }
}

/**
 * The median of the rounds' ratios: what slowed a machine down in a round met both. Undefined where there is nothing to
 * compare with, or less than nothing, as noise may make it.
 */
function ratioOf(ours: readonly number[], others: readonly number[]): number | undefined {
  if (others.length !== ours.length || others.some((value) => value <= 0)) return undefined
  return percentile(
    ours.map((value, round) => value / (others[round] ?? 1)),
    0.5,
  )
}

function judge(target: Target, value: number | undefined, toMin: number | undefined): string {
  const reached = (figure: number | undefined): boolean => {
    if (figure === undefined) return false
    if (target.judgedBy === 'value') return value !== undefined && value <= figure
    const reference = target.reference?.min
    return toMin !== undefined && reference !== undefined && toMin <= figure / reference
  }
  if (reached(target.goal)) return 'goal'
  if (target.must === undefined) return target.goal === undefined ? '–' : 'below goal'
  return reached(target.must) ? 'must' : 'MISSED'
}

/** What is nearer to its target than chance lets one see is neither reached nor missed. */
function judgeTurns({ must }: Target, values: readonly number[]): string {
  const range = medianRange(values)
  if (must === undefined || range === undefined) return '–'
  const told = `${writeNumber(range.lowest)}–${writeNumber(range.highest)}`
  if (range.highest <= must) return `must: ${told}`
  return range.lowest > must ? `MISSED: ${told}` : `cannot tell: ${told}`
}

function writeTarget(figure: number | undefined, target: Target): string {
  if (figure === undefined) return '–'
  const reference = target.judgedBy === 'ratio' ? target.reference?.min : undefined
  const ratio = reference === undefined ? '' : ` (${(figure / reference).toFixed(2)} × min)`
  return `≤ ${figure}${ratio}`
}

function writeSummary(summary: Summary | undefined): string {
  if (summary === undefined) return '–'
  const { median, lowest, highest } = summary
  if (lowest === highest) return writeNumber(median)
  return `${writeNumber(median)} (${writeNumber(lowest)}–${writeNumber(highest)})`
}

/** Three digits that count, and no more than three decimals. */
function writeNumber(value: number): string {
  return String(Number(Number(value.toPrecision(3)).toFixed(3)))
}
