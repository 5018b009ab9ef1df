/**
 * Bytes that no program sends, in large numbers: bent requests, headers, paths. Run: node test/full/raw-http.ts [seed] [count]
 * `count` is that of bent requests (F1); the others (F3, F14) get their share. Stops in good order when its time is over.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { createRandom, type Random } from './hostile/random.ts'
import { askRaw, checkAnswers, runCases } from './hostile/raw-client.ts'
import { climbingTarget, goodRequests, hostileHeaders, mutateRequest } from './hostile/raw-requests.ts'
import { smugglingCases } from './hostile/smuggling.ts'

const DEFAULT_SEED = 20_261_122
const DEFAULT_COUNT = 200_000
const AT_ONCE = 200
const MOST_SECONDS = 800
const KEY = 'sk-0123456789abcdef'
const CANARY = 'file-canary-3f2a'

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const gateway = await startGatewayUnderTest({
  environment: { OPENAI_KEYS: KEY, ADMIN_PASSWORD: 'correct horse', LOG_LEVEL: 'error' },
})
const canaryPath = join(gateway.dataDirectory, 'canary.txt')
writeFileSync(canaryPath, CANARY)
const goods = goodRequests(KEY)

const targets: Record<string, { cases: number; create: (random: Random) => Buffer }> = {
  'F1 bent requests': { cases: count, create: (random) => mutateRequest(goods, random) },
  'F3 headers': { cases: count / 4, create: hostileHeaders },
  'F14 paths': {
    cases: count * 0.15,
    create: (random) =>
      Buffer.from(
        `GET ${climbingTarget(random, canaryPath)} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n`,
      ),
  },
}

const SMUGGLING_ROUNDS = 3

const startedAt = performance.now()
const total = Object.values(targets).reduce((sum, { cases }) => sum + cases, 0)
let share = 0
try {
  for (const [name, { cases, create }] of Object.entries(targets)) {
    share += (cases / total) * MOST_SECONDS
    await run(name, { cases: Math.ceil(cases), create, untilSeconds: share })
  }
  await smuggle()
} finally {
  await gateway.close()
}
const bugs = gateway.log.filter((line) => /"level":[56]0/.test(line))
if (bugs.length > 0) throw new Error(`The gateway logged failures of its own: ${bugs[0]}`)

async function run(
  name: string,
  {
    cases,
    create,
    untilSeconds,
  }: { cases: number; create: (random: Random) => Buffer; untilSeconds: number },
): Promise<void> {
  const statuses = new Map<number, number>()
  let done = 0
  await runCases({ count: cases, atOnce: AT_ONCE }, async (index) => {
    if ((performance.now() - startedAt) / 1000 > untilSeconds) return
    const answers = checkAnswers(await askRaw(gateway.url, create(createRandom(seed + index))), [
      CANARY,
      'correct horse',
    ])
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    done += 1
  })
  if ((await gateway.fetch('/healthz')).status !== 200) throw new Error('The gateway is not well.')
  if (Object.keys(Object.prototype).length > 0) throw new Error('Object.prototype was changed.')
  const told = Array.from(statuses, ([status, times]) => `${status} × ${times}`).toSorted()
  process.stdout.write(`${name}: ${done} of ${cases} cases, ${told.join(', ')}\n`)
}

/** F2: none of them is so many that time would matter. */
async function smuggle(): Promise<void> {
  const cases = Array.from({ length: SMUGGLING_ROUNDS }, () => smugglingCases(KEY)).flat()
  await runCases({ count: cases.length, atOnce: 40 }, async (index) => {
    const { bytes, isSound } = cases[index] ?? { bytes: Buffer.alloc(0), isSound: true }
    const text = await askRaw(gateway.url, bytes)
    const statuses = checkAnswers(text, [CANARY]).map(({ status }) => status)
    const isEnded = isSound || /\r\nconnection: close\r\n/i.test(text)
    if (statuses.join() !== '400' || !isEnded || text.includes('smuggled')) {
      throw new Error(`${bytes.toString('latin1').slice(0, 200)} → ${text.slice(0, 200)}`)
    }
  })
  process.stdout.write(`F2 two-way lengths: ${cases.length} cases, one answer each\n`)
}
