/**
 * `npm run bench`: the gateway beside the two reference programs, in a few minutes; writes bench/RESULTS.md.
 * `npm run bench -- NAME` runs one scenario and writes nothing, `npm run bench -- event-stream` compares the decoders.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { compareDecoders } from './event-stream.ts'
import { openLab, type Lab } from './lab/lab.ts'
import { divideProcessors } from './lab/processors.ts'
import { writeReport, writeTable } from './report.ts'
import { scenarios } from './scenarios/index.ts'
import type { Finding } from './scenarios/scenario.ts'

const MOST_MINUTES = 25

const [wanted, ...gatewayFlags] = process.argv.slice(2)
const chosen = scenarios.filter(({ name }) => wanted === undefined || name === wanted)

if (wanted === 'event-stream') compareDecoders()
else if (chosen.length > 0) await measure()
else {
  const names = [...scenarios.map(({ name }) => name), 'event-stream'].join(', ')
  process.stderr.write(`There is no scenario "${wanted}". The scenarios are: ${names}.\n`)
  process.exitCode = 64
}

async function measure(): Promise<void> {
  const processors = divideProcessors()
  const lab = await openLab({ processors, gatewayFlags })
  endOnSignal(lab)
  const findings: Finding[] = []
  try {
    for (const scenario of chosen) {
      process.stderr.write(`${scenario.name} …\n`)
      findings.push(...(await scenario.run(lab)))
    }
  } finally {
    await lab.close()
  }
  process.stdout.write(`${writeTable(findings)}\n`)
  if (wanted !== undefined) return
  const circumstances = {
    date: new Date(),
    nodeVersion: process.version,
    processorModel: cpus()[0]?.model.trim() ?? 'unknown processor',
    processorCount: availableParallelism(),
    pinned: processors !== undefined,
  }
  writeFileSync(new URL('RESULTS.md', import.meta.url), writeReport(findings, circumstances))
}

/** Leaves no process behind, also when something hangs. */
function endOnSignal(lab: Lab): void {
  const end = (reason: string): void => {
    process.stderr.write(`bench: ${reason}\n`)
    lab.close().then(exitUnfinished, exitUnfinished)
  }
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end('stopped'))
  setTimeout(() => end(`not done after ${MOST_MINUTES} minutes`), MOST_MINUTES * 60_000).unref()
}

function exitUnfinished(): never {
  process.exit(1)
}
