/**
 * `npm run check:full`: the proofs that are too slow for `npm test`, each a program in test/full that prints its
 * figures and ends with exit code 0 when it holds. `npm run check:full -- PATTERN` runs those whose name contains it.
 */
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import nodeFlags from '../bin/launcher/node-flags.json' with { type: 'json' }
import { abortOnSignals, runProcess } from './checks/run-process.ts'
import { addTallies, describeTally, tallyOf, type Tally } from './checks/tally.ts'

const folder = path.join('test', 'full')
const usualCapSeconds = 15 * 60
/** Of proofs that take longer: time itself is what they prove, or there is so much to look at. */
const capsInSeconds: Readonly<Record<string, number>> = { 'soak.ts': 50 * 60, 'console.ts': 40 * 60 }

const stop = abortOnSignals()
const [pattern = ''] = process.argv.slice(2)
const proofs = listProofs().filter((name) => name.includes(pattern))

const tallies: Tally[] = []
for (const name of proofs) tallies.push(await runProof(name))
if (proofs.length === 0) print(`No proof in ${folder} has "${pattern}" in its name.`)
// Nothing proven is not a success.
const total = addTallies(proofs.length === 0 ? [tallyOf(false)] : tallies)
process.exitCode = total.failed === 0 ? 0 : 1
print(describeTally(total))

function listProofs(): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .toSorted()
}

async function runProof(name: string): Promise<Tally> {
  if (stop.aborted) return tallyOf(false)
  print(`── ${name}`)
  const { succeeded, seconds } = await runProcess({
    // As the gateway is started: its memory is among what is proven.
    args: [...nodeFlags, path.join(folder, name)],
    stop,
    capSeconds: capsInSeconds[name] ?? usualCapSeconds,
    inherit: true,
  })
  print(`${succeeded ? 'ok' : 'FAILED'} after ${seconds.toFixed(1)} s\n`)
  return tallyOf(succeeded)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
