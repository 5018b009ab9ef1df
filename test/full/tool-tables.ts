/**
 * F7: 50,000 tables of hostile tools, by each client API. Run: node test/full/tool-tables.ts [seed] [count]
 * Each is refused as the client's fault, or becomes a request that the strict simulator takes, with at most a hundred
 * milliseconds of work, and as many for each further megabyte. Every fiftieth goes over sockets too.
 */
import { startChatRig } from './hostile/chat-rig.ts'
import { createRandom } from './hostile/random.ts'
import { createRequestJudge } from './hostile/request-judge.ts'
import { describeFigures, runHostile } from './hostile/run-hostile.ts'
import { drawToolTable } from './hostile/tool-tables.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 50_000
const SENT_EVERY = 50
const MOST_WORK_MS = 100

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const judge = createRequestJudge()
const rig = await startChatRig()
try {
  const figures = await runHostile(
    { seed, count, sentEvery: SENT_EVERY, judge, rig, mostWorkMs: MOST_WORK_MS },
    (ownSeed) => drawToolTable(createRandom(ownSeed)),
  )
  process.stdout.write(`F7 tools: ${describeFigures(figures)}\n`)
} finally {
  await rig.close()
}
