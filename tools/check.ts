/**
 * `npm test`: every check, and a last line that counts them. `npm test -- PATTERN` runs only the tests in files
 * whose path contains PATTERN.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { abortOnSignals, runProcess } from './checks/run-process.ts'
import { addTallies, describeTally, tallyOf, type Tally } from './checks/tally.ts'
import { tallyVitest } from './checks/vitest-report.ts'

interface Step {
  name: string
  args: readonly string[]
}

const steps: readonly Step[] = [
  { name: 'format', args: ['node_modules/oxfmt/bin/oxfmt', '--check'] },
  { name: 'lint', args: ['node_modules/oxlint/bin/oxlint', '--type-aware'] },
  { name: 'types', args: ['node_modules/typescript/bin/tsc', '-p', '.'] },
  { name: 'console', args: ['node_modules/typescript/bin/tsc', '-p', 'console'] },
  { name: 'knip', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
]
const stepsAtOnce = 2
const stepCapSeconds = 300
const testsCapSeconds = 1200

const stop = abortOnSignals()
const patterns = process.argv.slice(2)

const tallies = patterns.length > 0 ? [] : await runSteps()
const total = addTallies([...tallies, await runTests()])
process.exitCode = total.failed === 0 ? 0 : 1
print(describeTally(total))

async function runSteps(): Promise<Tally[]> {
  const waiting = [...steps]
  const done: Tally[] = []
  const work = async (): Promise<void> => {
    for (let step = waiting.shift(); step !== undefined; step = waiting.shift())
      done.push(await runStep(step))
  }
  await Promise.all(Array.from({ length: stepsAtOnce }, work))
  return done
}

async function runStep({ name, args }: Step): Promise<Tally> {
  const { succeeded, output, seconds } = await runProcess({ args, stop, capSeconds: stepCapSeconds })
  if (!succeeded) print(output.trimEnd())
  report({ name, outcome: succeeded ? 'ok' : 'FAILED', seconds })
  return tallyOf(succeeded)
}

/** With a pattern somebody is watching: the output is shown as it comes. */
async function runTests(): Promise<Tally> {
  const folder = mkdtempSync(path.join(tmpdir(), 'aqueduct-check-'))
  try {
    const reportFile = path.join(folder, 'vitest.json')
    const reporters = ['--reporter=json', `--outputFile.json=${reportFile}`, '--reporter=default']
    const { exitCode, output, seconds } = await runProcess({
      args: ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...patterns],
      stop,
      capSeconds: testsCapSeconds,
      inherit: patterns.length > 0,
    })
    const tally = tallyVitest(existsSync(reportFile) ? readFileSync(reportFile, 'utf8') : undefined, exitCode)
    if (tally.failed > 0) print(output.trimEnd())
    report({ name: 'tests', outcome: describeTally(tally), seconds })
    return tally
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function report({ name, outcome, seconds }: { name: string; outcome: string; seconds: number }): void {
  print(`${name.padEnd(8)} ${seconds.toFixed(1).padStart(6)} s  ${outcome}`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
