/**
 * A hundred thousand requests with nonsense, parts and variants of keys. Run: node test/full/credentials.ts [seed] [count]
 * Each is refused as a wrong key, 99 of 100 with less than five milliseconds of work, the client's included; what is too
 * long for a request is refused as that.
 */
import { startCredentialRig, type CredentialRig } from './hostile/credential-rig.ts'
import { drawCredentials } from './hostile/credentials.ts'
import { createRandom } from './hostile/random.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 100_000
const MOST_MS = 5
const LENGTHS = [16_400, 65_536, 300_000, 1_000_000]
const OVERLONG_ROUNDS = 25
const MOST_SECONDS = 840

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const credentialRig = await startCredentialRig('warn')
try {
  const costs = (await refuseAll(credentialRig)).toSorted((a, b) => a - b)
  const statuses = await refuseOverlong(credentialRig)
  const p99 = costs[Math.floor(costs.length * 0.99)] ?? 0
  const isServing = await credentialRig.isStillServing()
  process.stdout.write(
    `${costs.length} credentials refused, p99 ${p99.toFixed(2)} ms of work (at most ${MOST_MS}), most ${costs.at(-1)?.toFixed(1)} ms; ` +
      `overlong ones: ${statuses.join(', ')}; ${isServing ? 'serves on' : 'serves no more'}\n`,
  )
  process.exitCode = p99 <= MOST_MS && costs.length === count && isServing ? 0 : 1
} finally {
  await credentialRig.close()
}

/** What each took of the processor, in milliseconds: other programs of the machine have no part in that. */
async function refuseAll({ carrier, real, ...rig }: CredentialRig): Promise<number[]> {
  const endsAt = performance.now() + MOST_SECONDS * 1000
  const costs: number[] = []
  while (costs.length < count && performance.now() < endsAt) {
    const ownSeed = seed + costs.length
    const credentials = drawCredentials(createRandom(ownSeed), real)
    const before = process.cpuUsage()
    const fault = rig.faultOf(await carrier.carry(credentials))
    const { user, system } = process.cpuUsage(before)
    if (fault !== undefined) throw new Error(`Seed ${ownSeed}: ${fault}`)
    costs.push((user + system) / 1000)
  }
  return costs
}

/** The connection may end before all was sent, and then the answer is lost. */
async function refuseOverlong({ carrier, real }: CredentialRig): Promise<string[]> {
  const seen = new Set<string>()
  for (let round = 0; round < OVERLONG_ROUNDS; round += 1) {
    for (const length of LENGTHS) {
      const credentials = ['authorization', `Bearer ${real.usable[0].padEnd(length, 'x')}`]
      seen.add(await carrier.carry(credentials).then(({ status }) => String(status), codeOf))
    }
  }
  const expected = ['431', 'ECONNRESET', 'EPIPE']
  for (const each of seen) if (!expected.includes(each)) throw new Error(`Overlong credentials: ${each}`)
  return [...seen]
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
