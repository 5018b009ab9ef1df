/**
 * 200,000 conversations, or as many as ten minutes allow, each told to the three client APIs. Run: node test/full/round-trips.ts [seed] [count]
 * All arrive at the service whole and alike, and each eighth is answered: heard alike by every way, and said again as it was.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { z } from 'zod'
import { expectEnough } from './lab/enough-done.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 200_000
const LANES = 2
const LONGEST_MS = 10 * 60_000

const seenShape = z.record(z.enum(['conversations', 'messages', 'answers', 'calls']), z.int())

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const lanes = await Promise.all(Array.from({ length: LANES }, (_, lane) => runLane(lane)))
const total = (what: keyof z.output<typeof seenShape>): number =>
  lanes.reduce((sum, lane) => sum + lane[what], 0)
process.stdout.write(
  `Seed ${seed}: ${total('conversations')} conversations of ${total('messages')} messages, ` +
    `${total('answers')} answers with ${total('calls')} calls in ${(performance.now() / 1000).toFixed(0)} s\n`,
)
expectEnough(total('conversations'), count)

async function runLane(lane: number): Promise<z.output<typeof seenShape>> {
  const numbers = [seed + lane, seed + count, LANES, LONGEST_MS].map(String)
  const child = fork(new URL('./round-trip/lane.ts', import.meta.url), numbers)
  // A process that fails has told why, and sends nothing.
  const [seen] = await Promise.race([once(child, 'message'), once(child, 'exit')])
  return seenShape.parse(seen)
}
