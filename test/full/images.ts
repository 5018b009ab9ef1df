/**
 * F8: 20,000 requests with hostile images, by each client API. Run: node test/full/images.ts [seed] [count]
 * What no model can be given is refused where it is attached, and left out elsewhere. Every fiftieth goes over sockets too.
 * To read a request of megabytes takes at most 64 MB, and none of that is kept.
 */
import { writeFileSync } from 'node:fs'
import { peakMegabytesOf } from '../../bench/lab/process-accounting.ts'
import { readJson } from '../../src/http/read-json.ts'
import { createRandom } from './hostile/random.ts'
import { startChatRig } from './hostile/chat-rig.ts'
import { drawImages, drawLargeImages } from './hostile/images.ts'
import { createRequestJudge } from './hostile/request-judge.ts'
import { describeFigures, runHostile } from './hostile/run-hostile.ts'
import { createMemoryMeter } from './lab/memory-meter.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 20_000
const SENT_EVERY = 50
const LARGE_ROUNDS = 60
/** Loading and compiling what they go through is no part of them. */
const WARM_UP_ROUNDS = 3
const MOST_MEGABYTES = 64
const BYTES_PER_MEGABYTE = 1_000_000

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
  `F8 images: a request of megabytes took ${memory.most.toFixed(0)} MB at most, all of them ${memory.kept.toFixed(0)} MB in the end\n`,
)
if (Math.max(memory.most, memory.kept) > MOST_MEGABYTES) process.exitCode = 1

/** How far large requests drive the process above its size, each from its bytes to the conversation, and what all leave. */
function measureMemory(): { most: number; kept: number } {
  const collectGarbage = createMemoryMeter()
  let most = 0
  let first: number | undefined
  for (let round = 0; round < WARM_UP_ROUNDS + LARGE_ROUNDS; round += 1) {
    const { dialect, body } = drawLargeImages(createRandom(seed + round))
    const bytes = Buffer.from(JSON.stringify(body))
    collectGarbage()
    // The peak counts anew from here.
    writeFileSync('/proc/self/clear_refs', '5')
    const before = peakMegabytesOf(process.pid)
    if (round === WARM_UP_ROUNDS) first = before
    dialect.readRequest(readJson(bytes), {})
    if (round >= WARM_UP_ROUNDS) most = Math.max(most, peakMegabytesOf(process.pid) - before)
  }
  collectGarbage()
  return { most, kept: process.memoryUsage.rss() / BYTES_PER_MEGABYTE - (first ?? 0) }
}
