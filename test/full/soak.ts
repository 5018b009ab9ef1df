/**
 * Half an hour of a mixed load on the built gateway, with faults of the service for one request in a hundred: nothing grows,
 * nothing is lost, and what is told afterwards is what clients saw. With `--write` it writes docs/soak.md.
 * Run: node test/full/soak.ts [minutes] [--write]
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { createRandom } from './hostile/random.ts'
import { openSoakLab } from './lab/soak/soak-lab.ts'
import { soak, type SoakFindings } from './lab/soak/soak.ts'
import { judge, LEAST_ROUNDS } from './lab/soak/verdicts.ts'
import { writeReport, type Circumstances } from './lab/soak/write-report.ts'

const DEFAULT_MINUTES = 30
const REQUESTS_PER_SECOND = 12
const SEED = 20_261_123
const MOST_SHOWN = 20
const REPORT = new URL('../../docs/soak.md', import.meta.url)

const { values, positionals } = parseArgs({
  options: { write: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const [minutes = DEFAULT_MINUTES] = positionals.map(Number)

const lab = await openSoakLab()
// Whoever stops it leaves no process behind.
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void lab.close().finally(() => process.exit(1)))
try {
  const findings = await soak(lab, {
    rounds: minutes,
    requestsPerSecond: REQUESTS_PER_SECOND,
    chance: createRandom(SEED),
    report: print,
  })
  const verdicts = judge(findings)
  if (values.write) writeFileSync(REPORT, writeReport(findings, verdicts, circumstances()))
  for (const complaint of complaintsOf(findings)) print(complaint)
  for (const { what, found, bound, holds } of verdicts)
    print(`${holds ? 'holds' : 'FAILS'}: ${what}: ${found} (${bound})`)
  if (minutes < LEAST_ROUNDS) print(`Whether anything grows is judged from ${LEAST_ROUNDS} rounds on.`)
  if (verdicts.some(({ holds }) => !holds)) process.exitCode = 1
} finally {
  await lab.close()
}

function circumstances(): Circumstances {
  return {
    date: new Date(),
    nodeVersion: process.version,
    processorCount: availableParallelism(),
    processorModel: cpus()[0]?.model.trim() ?? 'unknown processor',
    requestsPerSecond: REQUESTS_PER_SECOND,
  }
}

function complaintsOf({ tally, differences, gatewayComplaints, page, service }: SoakFindings): string[] {
  const errors = [...tally.refused, ...tally.broken].map(([name, count]) => `${count} × ${name}`)
  const violations = service.violations.map((each) => JSON.stringify(each))
  const all = [errors, tally.wrong, differences, gatewayComplaints, page.complaints, violations]
  return all.flatMap((each) => each.slice(0, MOST_SHOWN))
}

function print(line: string): void {
  process.stdout.write(`${line}\n`)
}
