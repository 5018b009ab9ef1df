/**
 * Three hundred times each recorded request, with what nobody knows yet, for ten minutes at most.
 * Run: node test/full/transcripts.ts [seed] [times]
 */
import { performance } from 'node:perf_hooks'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { createRandom } from './hostile/random.ts'
import { openTranscripts } from './hostile/transcripts.ts'
import { expectEnough } from './lab/enough-done.ts'

const DEFAULT_SEED = 20_261_123
const DEFAULT_TIMES = 300
const LONGEST_MS = 10 * 60_000

const [seed = DEFAULT_SEED, times = DEFAULT_TIMES] = process.argv.slice(2).map(Number)
const gateway = await startGatewayUnderTest()
const transcripts = openTranscripts(gateway)
const start = performance.now()
let count = 0
try {
  for (let round = 0; round < times && performance.now() - start < LONGEST_MS; round += 1) {
    for (const name of transcripts.names) await checkOne(name, seed + round)
  }
} finally {
  await gateway.close()
}
const seconds = ((performance.now() - start) / 1000).toFixed(0)
process.stdout.write(
  `Seed ${seed}: ${count} requests of ${transcripts.names.length} recordings in ${seconds} s, all as recorded\n`,
)
expectEnough(count, times * transcripts.names.length)

async function checkOne(name: string, ofRound: number): Promise<void> {
  count += 1
  await transcripts.check(name, createRandom(ofRound)).catch((cause: unknown) => {
    throw new Error(`${name} with seed ${ofRound}: ${String(cause)}`, { cause })
  })
}
