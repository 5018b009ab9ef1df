/**
 * F8: 20,000 requests with hostile images, by each client API. Run: node test/full/images.ts [seed] [count]
 * What no model can be given is refused where it is attached, and left out elsewhere; memory stays within 64 MB of what it
 * was. Every fiftieth goes over sockets too.
 */
import { createRandom } from './hostile/random.ts'
import { startChatRig } from './hostile/chat-rig.ts'
import { drawImages } from './hostile/images.ts'
import { createRequestJudge } from './hostile/request-judge.ts'
import { describeFigures, runHostile } from './hostile/run-hostile.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 20_000
const SENT_EVERY = 50

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
