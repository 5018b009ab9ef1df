/**
 * F8: 20,000 requests with hostile images, by each client API. Run: node test/full/images.ts [seed] [count]
 * What no model can be given is refused where it is attached, and left out elsewhere. Every fiftieth goes over sockets too.
 * To read a request of megabytes takes at most 64 MB, and none of that is kept.
 */
import { readJson } from '../../src/http/read-json.ts'
import { createRandom } from './hostile/random.ts'
import { startChatRig } from './hostile/chat-rig.ts'
import { drawImages, drawLargeImages } from './hostile/images.ts'
import { createRequestJudge } from './hostile/request-judge.ts'
import { describeFigures, runHostile } from './hostile/run-hostile.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 20_000
const SENT_EVERY = 50
const LARGE_ROUNDS = 60
const MOST_GROWTH_BYTES = 64_000_000

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const judge = createRequestJudge()
const rig = await startChatRig()
try {
  const figures = await runHostile({ seed, count, sentEvery: SENT_EVERY, judge, rig }, (ownSeed) =>
    drawImages(createRandom(ownSeed)),
  )
  process.stdout.write(`F8 images: ${describeFigures(figures)}\n`)
} finally {
  await rig.close()
}

const memory = measureMemory()
process.stdout.write(
  `F8 images: a request of megabytes took ${toMegabytes(memory.most)} MB at most, all of them ${toMegabytes(memory.kept)} MB in the end\n`,
)
if (Math.max(memory.most, memory.kept) > MOST_GROWTH_BYTES) process.exitCode = 1

/** How the process grows by large requests, each from its bytes to the conversation, and by all of them. */
function measureMemory(): { most: number; kept: number } {
  let most = 0
  let first: number | undefined
  for (let round = 0; round < LARGE_ROUNDS; round += 1) {
    const { dialect, body } = drawLargeImages(createRandom(seed + round))
    const bytes = Buffer.from(JSON.stringify(body))
    const before = process.memoryUsage.rss()
    dialect.readRequest(readJson(bytes), {})
    const after = process.memoryUsage.rss()
    // The process has its full size once it has seen a few.
    if (round >= LARGE_ROUNDS / 2) most = Math.max(most, after - before)
    if (round === LARGE_ROUNDS / 2) first = after
  }
  return { most, kept: process.memoryUsage.rss() - (first ?? 0) }
}

function toMegabytes(bytes: number): string {
  return (bytes / 1_000_000).toFixed(0)
}
