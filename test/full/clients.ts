/**
 * Clients by the thousand that are slow, odd or rude on their connections: pauses, half-closed and reset connections, questions
 * in a row, answers that nobody reads, storms. Who stays gets whole answers; for who leaves, nothing is held or counted.
 * Run: node test/full/clients.ts [seed] [count]
 */
import { startForHostileClients } from './hostile/run-clients.ts'
import { createMemoryMeter, megabytes } from './lab/memory-meter.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 20_000
const AT_ONCE = 20
const WARM_UP = 400
const MOST_SECONDS = 660
const MAX_GROWTH_BYTES = 24 * 1024 * 1024

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const measure = createMemoryMeter()
const clients = await startForHostileClients()
try {
  await clients.run({ seed, count: WARM_UP, atOnce: AT_ONCE })
  const before = measure()
  const startedAt = performance.now()
  const options = { seed: seed + WARM_UP, count, atOnce: AT_ONCE, mostSeconds: MOST_SECONDS }
  const kinds = await clients.run(options)
  const seconds = (performance.now() - startedAt) / 1000
  await clients.checkBooks()
  const grown = measure() - before
  const done = [...kinds.values()].reduce((sum, times) => sum + times, 0)
  const told = Array.from(kinds, ([name, times]) => `${name} ${times}`).toSorted()
  process.stdout.write(
    `${done} of ${count} hostile clients in ${seconds.toFixed(0)} s: ${told.join(', ')}; ` +
      `the books are right, memory grew by ${megabytes(grown)} MB\n`,
  )
  if (grown > MAX_GROWTH_BYTES) throw new Error('Memory grew.')
} finally {
  await clients.gateway.close()
}
