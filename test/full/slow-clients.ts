/**
 * Thousands of clients that send a byte every ten seconds, with the limits as they are by default: all are cut, a normal
 * client is served meanwhile. Run: node test/full/slow-clients.ts [clients]
 */
import { drip, type Dripping, type Ending } from './hostile/dripping-clients.ts'
import { startGatewayUnderTest } from '../gateway-under-test.ts'

const DEFAULT_CLIENTS = 5000
const AT_ONCE = 50
const OF_ONE_ADDRESS = 250
const DRIP_MS = 10_000
const HEADERS_CUT_MS = 15_000
/** Ten seconds of grace, then a pace that they do not have; who has no key is waited for no longer. */
const BODY_CUT_MS = 60_000
/** The machine may be busy with the clients themselves. */
const SLACK_MS = 2000
const kinds: readonly [Dripping, ...Dripping[]] = ['nothing', 'headers', 'body', 'chunks']

const [clients = DEFAULT_CLIENTS] = process.argv.slice(2).map(Number)
const key = 'sk-0123456789abcdef'
const gateway = await startGatewayUnderTest({ environment: { LOG_LEVEL: 'error', OPENAI_KEYS: key } })

/** Every other one of each kind has a key. */
function isKnown(index: number): boolean {
  return Math.floor(index / kinds.length) % 2 === 0
}

async function slowestAnswer(rounds: number): Promise<number> {
  const chat = { model: 'claude-sonnet-4.5', messages: [{ role: 'user', content: 'hi' }] }
  let slowest = 0
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now()
    const answer = await gateway.postJson('/v1/chat/completions', chat, { 'x-api-key': key })
    await answer.text()
    if (answer.status !== 200) throw new Error(`A normal client got ${answer.status}.`)
    slowest = Math.max(slowest, performance.now() - startedAt)
  }
  return slowest
}

await slowestAnswer(20)
const usual = await slowestAnswer(50)

const dripping: Promise<Ending>[] = []
for (let index = 0; index < clients; index += 1) {
  // More at once than the system queues would be forgotten by it, and never reach the gateway.
  if (index % AT_ONCE === 0) await new Promise((resolve) => setTimeout(resolve, 100))
  const one = drip(gateway.url, {
    kind: kinds[index % kinds.length] ?? 'nothing',
    everyMs: DRIP_MS,
    ...(isKnown(index) && { key }),
    from: `127.0.1.${1 + Math.floor(index / OF_ONE_ADDRESS)}`,
  })
  dripping.push(one)
}
await new Promise((resolve) => setTimeout(resolve, 2000))
const meanwhile = await slowestAnswer(50)
const endings = await Promise.all(dripping)
await gateway.close()

const latest = (of: readonly Dripping[]) =>
  Math.max(...endings.filter(({ kind }: Ending) => of.includes(kind)).map(({ afterMs }) => afterMs))
const headersMs = latest(['nothing', 'headers'])
const bodiesMs = latest(['body', 'chunks'])
const answered = endings.filter(
  ({ kind, status }, index) =>
    status === (kind === 'nothing' || kind === 'headers' || isKnown(index) ? 408 : 401),
).length
process.stdout.write(
  `${clients} dripping clients, ${answered} of them told 408 or 401: headers cut by ${(headersMs / 1000).toFixed(1)} s, bodies by ` +
    `${(bodiesMs / 1000).toFixed(1)} s; the slowest of 50 answers took ${meanwhile.toFixed(0)} ms, ${usual.toFixed(0)} ms without them\n`,
)
if (meanwhile > 2 * usual + SLACK_MS) throw new Error('Others had to wait.')
if (answered < clients) throw new Error('Some were not told why.')
if (headersMs > HEADERS_CUT_MS + SLACK_MS || bodiesMs > BODY_CUT_MS + SLACK_MS)
  throw new Error('Some held on for longer than they may.')
