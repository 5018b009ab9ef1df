/**
 * Ten thousand rounds of hostile answers of the sign-in service. Run: node test/full/oidc-answers.ts [seed] [count]
 * Each call ends as a failure in clean words or as a valid state, never as something that was thrown.
 */
import { startHostileService } from './hostile/oidc-answers.ts'
import { createRandom } from './hostile/random.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 10_000

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const service = await startHostileService()
const outcomes = new Map<string, number>()
try {
  for (let round = 0; round < count; round += 1) await checkRound(seed + round)
} finally {
  await service.close()
}
const told = Array.from(outcomes, ([kind, times]) => `${kind} ${times}`).join(', ')
process.stdout.write(`${count} rounds of hostile answers: ${told}\n`)

async function checkRound(roundSeed: number): Promise<void> {
  try {
    for (const kind of await service.check(createRandom(roundSeed))) {
      outcomes.set(kind, (outcomes.get(kind) ?? 0) + 1)
    }
  } catch (cause) {
    throw new Error(`Seed ${roundSeed}: ${String(cause)}`, { cause })
  }
}
