/**
 * Answers of the service that were damaged or make no sense: by the decoders alone, in any pieces, and for a share through
 * the whole gateway in each API. What is heard is an exact prefix and then an error, and never looks complete.
 * Run: node test/full/damaged-answers.ts [seed] [count]
 */
import { createDamagedAnswer, faultOf } from './hostile/damaged-answers.ts'
import { hearReply, replyForm } from './hostile/hear-reply.ts'
import { startHostileLanes } from './hostile/hostile-lanes.ts'
import { answerInFull } from './hostile/hostile-upstream.ts'
import { createRandom } from './hostile/random.ts'
import { damageDone, runLanes } from './hostile/run-lanes.ts'
import { slice } from './hostile/slice.ts'
import { createMemoryMeter, megabytes } from './lab/memory-meter.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 100_000
const GATEWAY_SHARE = 0.1
/** Of these each is cut at every byte. */
const SPLIT_SHARE = 0.002
const LANES = 8
const WAIT_SECONDS = 2
const MOST_SECONDS = 400
const MAX_GROWTH_BYTES = 24 * 1024 * 1024

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const measure = createMemoryMeter()
const failing = checkDecoders()
const places = checkSplits()
process.stdout.write(
  `${count} answers by the decoders: ${failing} fail, the others say all; ${places} splits say the same as the whole\n`,
)
await checkGateway()

function checkDecoders(): number {
  let failed = 0
  for (let index = 0; index < count; index += 1) {
    const random = createRandom(seed + index)
    const { damage, stream } = createDamagedAnswer(random)
    const heard = hearReply(slice(stream, random))
    const fault = faultOf(replyForm, stream, heard)
    if (fault !== undefined) throw new Error(`Seed ${seed + index}, ${damage}: ${fault}`)
    if (heard.end === undefined) failed += 1
  }
  return failed
}

function checkSplits(): number {
  let splits = 0
  for (let index = 0; index < count * SPLIT_SHARE; index += 1) {
    const { stream } = createDamagedAnswer(createRandom(seed + index))
    const whole = JSON.stringify(hearReply([stream]))
    for (let place = 1; place < stream.length; place += 1) {
      const cut = hearReply([stream.subarray(0, place), stream.subarray(place)])
      if (JSON.stringify(cut) !== whole) throw new Error(`Seed ${seed + index}, split at ${place}`)
      splits += 1
    }
  }
  return splits
}

async function checkGateway(): Promise<void> {
  const lanes = await startHostileLanes({ count: LANES, waitSeconds: WAIT_SECONDS })
  const run = (from: number, cases: number) =>
    runLanes(lanes, {
      seed: from,
      count: cases,
      mostSeconds: MOST_SECONDS,
      create(random) {
        const { damage, stream } = createDamagedAnswer(random)
        const moves = answerInFull(stream, random)
        return { name: damage, moves, faultOf: (form, heard) => faultOf(form, stream, heard) }
      },
    })
  try {
    const cases = Math.ceil(count * GATEWAY_SHARE)
    const { done: warmUp } = await run(seed, Math.min(400, cases))
    const before = measure()
    const { done, statuses } = await run(seed + warmUp, cases)
    const grown = measure() - before
    const told = Array.from(statuses, ([status, times]) => `${status} × ${times}`).toSorted()
    process.stdout.write(
      `${done} of ${cases} through the gateway: ${told.join(', ')}; memory grew by ${megabytes(grown)} MB\n`,
    )
    const damage = await damageDone(lanes)
    if (damage.length > 0) throw new Error(`The gateway is not well: ${damage[0]}`)
    if (grown > MAX_GROWTH_BYTES) throw new Error('Memory grew.')
  } finally {
    await lanes.close()
  }
}
