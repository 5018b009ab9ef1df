/**
 * Whether the time that a wrong key takes tells how much of it is right: Welch's t-test between keys that differ from a
 * real one in the last letter alone, and keys that differ in all of it. Run: node test/full/key-timing.ts [count]
 */
import { randomBytes } from 'node:crypto'
import { createClientKeys } from '../../src/access/client-keys.ts'
import { systemClock as clock } from '../../src/clock.ts'
import type { ClientKey } from '../../src/keys/client-key.ts'
import { openKeyRing } from '../../src/keys/key-ring.ts'
import { createKeySecrets } from '../../src/keys/key-secrets.ts'

const DEFAULT_COUNT = 100_000
const WARM_UP = 20_000
const KEYS = 1000
const MOST_T = 4.5
/** The slowest are interruptions by other work. */
const KEPT = 0.9

const [count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const secrets = createKeySecrets({ digestKey: randomBytes(32), randomBytes })
const made = Array.from({ length: KEYS }, () => secrets.create())
const ring = await openKeyRing({
  store: { readRevision: async () => 1, list: async () => made.map(toKey) },
  uses: { note: () => {} },
  clock,
})
const keys = createClientKeys({
  listed: made.slice(0, 2).map(({ secret }) => secret),
  printOf: String,
  digestOf: (secret) => secrets.digestOf(secret),
  created: ring,
})

const times = { near: new Float64Array(count), far: new Float64Array(count) }
for (let round = -WARM_UP; round < count; round += 1) {
  // Made anew each time, so that neither kind is at home in a cache; in either order, so that none always comes second.
  const near = nearMiss(made[(round + WARM_UP) % KEYS]?.secret ?? '')
  const far = secrets.create().secret
  const [first, second] = randomBytes(1).readUInt8() % 2 === 0 ? [near, far] : [far, near]
  const firstMs = measure(first)
  const secondMs = measure(second)
  if (round < 0) continue
  times.near[round] = first === near ? firstMs : secondMs
  times.far[round] = first === near ? secondMs : firstMs
}

const t = welch(times.near, times.far)
process.stdout.write(`${count} wrong keys of each kind: |t| ${Math.abs(t).toFixed(2)} (below ${MOST_T})\n`)
process.exitCode = Math.abs(t) < MOST_T ? 0 : 1

function toKey({ digest, prefix }: { digest: string; prefix: string }, index: number): ClientKey {
  const createdAt = new Date(0)
  return { id: `key-${index}`, name: 'k', createdAt, limits: {}, secrets: [{ digest, prefix, createdAt }] }
}

/** Another last letter. Of a buffer, as far's secret is a fresh string, too. */
function nearMiss(secret: string): string {
  const bytes = Buffer.from(secret)
  bytes[bytes.length - 1] = secret.endsWith('a') ? 0x62 : 0x61
  return bytes.toString('latin1')
}

function measure(secret: string): number {
  const headers = { authorization: `Bearer ${secret}` }
  const startedAt = performance.now()
  try {
    keys.check(headers, '192.0.2.1')
  } catch {
    return performance.now() - startedAt
  }
  throw new Error('A wrong key was let in.')
}

/** Of those below the percentile that both kinds share. */
function welch(a: Float64Array, b: Float64Array): number {
  const all = Float64Array.from([...a, ...b]).toSorted()
  const bound = all[Math.floor(all.length * KEPT)] ?? Infinity
  const [one, two] = [a, b].map((some) => momentsOf(some.filter((each) => each <= bound)))
  if (one === undefined || two === undefined) return Number.NaN
  return (one.mean - two.mean) / Math.sqrt(one.variance / one.size + two.variance / two.size)
}

function momentsOf(values: Float64Array) {
  const size = values.length
  const mean = values.reduce((sum, each) => sum + each, 0) / size
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (size - 1)
  return { size, mean, variance }
}
