/** The runs as a table in Markdown, and as lines for whoever watches. */

export interface Row {
  agent: string
  version: string
  scenario: string
  outcome: 'passed' | 'failed' | 'not run'
  /** Undefined: there was no run. */
  requests?: number
  seconds?: number
  /** What was wrong, or why it was not run. */
  details?: readonly string[]
}

export function describeRow({ agent, scenario, outcome, requests, seconds, details = [] }: Row): string {
  const figures = seconds === undefined ? '' : `, ${countRequests(requests)}, ${seconds.toFixed(1)} s`
  const head = `${agent}: ${scenario}: ${outcome}${figures}`
  const indented = details.map((detail) => `    ${detail.replaceAll('\n', '\n    ')}`)
  return [head, ...indented].join('\n')
}

function countRequests(count = 0): string {
  return count === 1 ? '1 request' : `${count} requests`
}

export function summarize(rows: readonly Row[]): string {
  const count = (outcome: Row['outcome']) => rows.filter((row) => row.outcome === outcome).length
  return `${count('passed')} passed, ${count('failed')} failed, ${count('not run')} not run`
}

const HEAD = ['agent', 'version', 'scenario', 'outcome', 'requests', 'seconds']

export function writeTable(rows: readonly Row[]): string {
  const cells = rows.map(({ agent, version, scenario, outcome, requests, seconds }) => [
    agent,
    version,
    scenario,
    outcome,
    requests === undefined ? '–' : String(requests),
    seconds?.toFixed(1) ?? '–',
  ])
  const table = [HEAD, HEAD.map(() => '-'), ...cells]
  const widths = HEAD.map((_, column) => Math.max(3, ...table.map((line) => line[column]?.length ?? 0)))
  const lines = table.map((line, index) => {
    const padded = line.map((cell, column) => cell.padEnd(widths[column] ?? 0, index === 1 ? '-' : ' '))
    return `| ${padded.join(' | ')} |\n`
  })
  return lines.join('')
}
