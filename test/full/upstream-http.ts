/**
 * A model service that answers as no server should, by the thousand, before the whole gateway: odd statuses, pages, bombs,
 * heads, trailers and early hints without end, redirects, closed connections, wrong lengths.
 * Run: node test/full/upstream-http.ts [seed] [count]
 */
import { startHostileLanes } from './hostile/hostile-lanes.ts'
import type { Random } from './hostile/random.ts'
import { damageDone, runLanes, type LaneCase } from './hostile/run-lanes.ts'
import { openSink } from './hostile/sink.ts'
import { answerFault, createUpstreamAnswer } from './hostile/upstream-answers.ts'
import { createMemoryMeter, megabytes } from './lab/memory-meter.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 10_000
const LANES = 8
/** Long enough for a busy machine to answer in. */
const WAIT_SECONDS = 2
const WARM_UP = 500
const MOST_SECONDS = 660
const MAX_GROWTH_BYTES = 24 * 1024 * 1024
/** What 64 MiB of an answer may take while it is read and thrown away, in eight lanes. */
const MAX_RSS_BYTES = 400 * 1024 * 1024

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const measure = createMemoryMeter()
const sink = await openSink()
const lanes = await startHostileLanes({ count: LANES, waitSeconds: WAIT_SECONDS })

function create(random: Random): LaneCase {
  const answer = createUpstreamAnswer(random, sink.url)
  return { ...answer, faultOf: (form, heard) => answerFault(form, answer, heard) }
}

let mostRss = 0
const watch = setInterval(() => void (mostRss = Math.max(mostRss, process.memoryUsage.rss())), 100)
try {
  await runLanes(lanes, { seed, count: WARM_UP, create })
  const before = measure()
  const rssBefore = process.memoryUsage.rss()
  mostRss = 0
  const { done, statuses } = await runLanes(lanes, {
    seed: seed + WARM_UP,
    count,
    create,
    mostSeconds: MOST_SECONDS,
  })
  const grown = measure() - before
  const told = Array.from(statuses, ([status, times]) => `${status} × ${times}`).toSorted()
  process.stdout.write(
    `${done} of ${count} hostile answers: ${told.join(', ')}; memory grew by ${megabytes(grown)} MB, ` +
      `at most ${megabytes(mostRss - rssBefore)} MB in between; ${sink.visits()} redirects followed\n`,
  )
  const damage = await damageDone(lanes)
  if (damage.length > 0) throw new Error(`The gateway is not well: ${damage[0]}`)
  if (sink.visits() > 0) throw new Error('A redirect was followed.')
  if (grown > MAX_GROWTH_BYTES) throw new Error('Memory grew.')
  if (mostRss - rssBefore > MAX_RSS_BYTES) throw new Error('Too much memory was taken in between.')
} finally {
  clearInterval(watch)
  await lanes.close()
  sink.close()
}
