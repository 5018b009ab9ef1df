/**
 * Half a million bodies of the model APIs, as clients send them and bent in up to five places, or as many as nine minutes
 * allow. Run: node test/full/bodies.ts [seed] [count]
 */
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { bodyApis } from './hostile/bent-bodies.ts'
import { checkBodies } from './hostile/check-bodies.ts'
import { expectEnough } from './lab/enough-done.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 500_000
const LANES = 2
const AT_ONCE = 250
const LONGEST_MS = 9 * 60_000

const laneSchema = z.object({ seed: z.number(), count: z.number() })
const tallySchema = z.record(
  z.string(),
  z.object({ sound: z.number(), taken: z.number(), refused: z.number() }),
)
type Tallies = z.infer<typeof tallySchema>

if (isMainThread) await runAll()
else parentPort?.postMessage(runLane(laneSchema.parse(workerData)), [])

async function runAll(): Promise<void> {
  const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
  const start = performance.now()
  const lanes = await Promise.all(
    Array.from({ length: LANES }, async (_, lane) => {
      // Far enough apart that no batch of one is a batch of another.
      const data = { seed: seed + lane * DEFAULT_COUNT, count: Math.ceil(count / LANES) }
      const [message] = await once(new Worker(new URL(import.meta.url), { workerData: data }), 'message')
      return tallySchema.parse(message)
    }),
  )
  const seconds = ((performance.now() - start) / 1000).toFixed(0)
  let done = 0
  for (const { dialect } of bodyApis) {
    const { sound, taken, refused } = sum(lanes, dialect.name)
    done += taken + refused
    process.stdout.write(
      `F4 ${dialect.name}: ${taken + refused} bodies, ${sound} as made, ${taken} taken, ${refused} refused\n`,
    )
  }
  process.stdout.write(`Seed ${seed}: ${seconds} s\n`)
  expectEnough(done, count)
}

/** A batch of each API in turn, so that all have their share when the time is over. */
function runLane({ seed, count }: z.infer<typeof laneSchema>): Tallies {
  const start = performance.now()
  const tallies: Tallies[] = []
  for (
    let done = 0;
    done < count && performance.now() - start < LONGEST_MS;
    done += AT_ONCE * bodyApis.length
  ) {
    for (const api of bodyApis) {
      tallies.push({ [api.dialect.name]: checkBodies(api, { seed: seed + done, count: AT_ONCE }) })
    }
  }
  return Object.fromEntries(bodyApis.map(({ dialect: { name } }) => [name, sum(tallies, name)]))
}

function sum(tallies: readonly Tallies[], name: string): Tallies[string] {
  const total = { sound: 0, taken: 0, refused: 0 }
  for (const { [name]: tally } of tallies) {
    total.sound += tally?.sound ?? 0
    total.taken += tally?.taken ?? 0
    total.refused += tally?.refused ?? 0
  }
  return total
}
