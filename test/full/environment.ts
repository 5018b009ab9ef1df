/**
 * Five thousand environments of any kind, and fifty of them in a process of its own. Run: node test/full/environment.ts [seed] [count]
 * Each is read in full, or refused in one line that names the variable and repeats nothing secret.
 */
import { performance } from 'node:perf_hooks'
import { environmentSchema } from '../../src/config.ts'
import { checkEnvironment, hostileEnvironment, type HostileEnvironment } from './hostile/environment.ts'
import { checkProcess } from './hostile/environment-process.ts'
import { createRandom } from './hostile/random.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 5000
const EACH_WITH_A_PROCESS = 100
const LONGEST_MS = 10 * 60_000

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const names = Object.keys(environmentSchema.shape)
const outcomes = { taken: 0, refused: 0 }
const processes = { served: 0, refused: 0 }
const end = performance.now() + LONGEST_MS

for (let round = seed; round < seed + count; round += 1) {
  await check(round, async (hostile) => void (outcomes[checkEnvironment(hostile)] += 1))
}
for (let round = seed; round < seed + count && performance.now() < end; round += EACH_WITH_A_PROCESS) {
  await check(round, async (hostile) => void (processes[await checkProcess(hostile)] += 1))
}
process.stdout.write(
  `Seed ${seed}: ${outcomes.taken} environments taken, ${outcomes.refused} refused; ` +
    `of processes ${processes.served} served, ${processes.refused} refused\n`,
)

async function check(round: number, see: (hostile: HostileEnvironment) => Promise<void>): Promise<void> {
  try {
    await see(hostileEnvironment(createRandom(round), names))
  } catch (cause) {
    throw new Error(`Seed ${round}: ${String(cause)}`, { cause })
  }
}
