/**
 * F6: 100,000 conversations that hold to no order, by each client API. Run: node test/full/conversations.ts [seed] [count]
 * Each is refused as the client's fault, or becomes a request that the strict simulator takes. Every fiftieth goes over
 * sockets too, every hundredth through AWS's own client.
 */
import { startChatRig } from './hostile/chat-rig.ts'
import { drawConversation } from './hostile/conversations.ts'
import { createRandom } from './hostile/random.ts'
import { createRequestJudge } from './hostile/request-judge.ts'
import { describeFigures, runHostile } from './hostile/run-hostile.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_COUNT = 100_000
const LONG_EVERY = 4000
const SENT_EVERY = 50

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const judge = createRequestJudge()
const rig = await startChatRig()
try {
  const figures = await runHostile({ seed, count, sentEvery: SENT_EVERY, judge, rig }, (ownSeed) =>
    drawConversation(createRandom(ownSeed), { ...judge, longEvery: LONG_EVERY }),
  )
  process.stdout.write(`F6 conversations: ${describeFigures(figures)}\n`)
} finally {
  await rig.close()
}
