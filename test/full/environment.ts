/**
 * Five thousand environments of any kind, and a hundred of them in a process of its own. Run: node test/full/environment.ts [seed] [count]
 * Each is read in full, or refused in one line that names the variable and repeats nothing secret.
 */
import { performance } from 'node:perf_hooks'
import { environmentSchema } from '../../src/config.ts'
import { checkEnvironment, hostileEnvironment } from './hostile/environment.ts'
import { checkProcess } from './hostile/environment-process.ts'
import { createRandom } from './hostile/random.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 5000
const EACH_WITH_A_PROCESS = 50
const LONGEST_MS = 10 * 60_000

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const names = Object.keys(environmentSchema.shape)
const outcomes = { taken: 0, refused: 0 }
const processes = { served: 0, refused: 0 }
const end = performance.now() + LONGEST_MS

for (let round = 0; round < count && performance.now() < end; round += 1) await checkRound(seed + round)
const told = `${outcomes.taken + outcomes.refused} environments: ${outcomes.taken} taken, ${outcomes.refused} refused`
process.stdout.write(`${told}; processes: ${processes.served} served, ${processes.refused} refused\n`)

async function checkRound(roundSeed: number): Promise<void> {
  const hostile = hostileEnvironment(createRandom(roundSeed), names)
  try {
    outcomes[checkEnvironment(hostile)] += 1
    if (roundSeed % EACH_WITH_A_PROCESS === 0) processes[await checkProcess(hostile)] += 1
  } catch (cause) {
    throw new Error(`Seed ${roundSeed}: ${String(cause)}`, { cause })
  }
}
