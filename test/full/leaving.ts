/**
 * Clients that leave at any moment of a request: the service is left soon after, no account stays lent or is blamed, and
 * the log has what had left. Run: node test/full/leaving.ts [clients]
 */
import { once } from 'node:events'
import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { text } from '../../simulator/replies/events.ts'
import { stall } from '../../simulator/replies/steps.ts'
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { forms, questionFor } from '../read-answer.ts'
import { openSocket, send } from '../send.ts'
import { createRandom } from './hostile/random.ts'

const DEFAULT_CLIENTS = 10_000
const AT_ONCE = 10
/** From the client's leaving to the service's noticing, of all but one in a hundred. */
const MAX_P99_MS = 500
/** How long they stay, or for how much of a stream. */
const MAX_STAY_MS = 150
const MAX_BYTES = 2500
/** For what is under way to come to its end. */
const PATIENCE_MS = 10_000

const [clients = DEFAULT_CLIENTS] = process.argv.slice(2).map(Number)
const chance = createRandom(20_260_101)

const gateway = await startGatewayUnderTest({ environment: { LOG_LEVEL: 'info' } })
const { journal } = gateway.simulator
const account = `/v2/accounts/${gateway.accountId}`
await gateway.fetch(account, {
  method: 'PATCH',
  headers: { 'content-type': 'application/json' },
  // As many as there are clients at once: one that is not given back is missed at the end.
  body: JSON.stringify({ concurrencyLimit: AT_ONCE }),
})
// Never whole: whoever waits for its end waits for ever.
const pieces = Array.from({ length: 100 }, (_, index) => text(`piece ${index} `))
gateway.simulator.plan({
  behaviour: { kind: 'steps', steps: [...pieces, stall()] },
  delivery: { slice: 500 },
})

const chats = () => journal.of('GenerateAssistantResponse')
const askedBody = z.looseObject({
  conversationState: z.looseObject({
    currentMessage: z.looseObject({ userInputMessage: z.looseObject({ content: z.string() }) }),
  }),
})

const standingSchema = z.looseObject({
  enabled: z.boolean(),
  error_count: z.number(),
  success_count: z.number(),
  status: z.looseObject({ kind: z.string() }),
})

/** When each client left, by its number. */
const leftAt = new Map<number, number>()
let withText = 0
let abortedCount = 0
const waitsMs: number[] = []

/** Sends all or a part of a request, stays for a while or for so many bytes of the answer, and is gone. */
async function leave(number: number): Promise<void> {
  const { path, stream } = forms[number % forms.length] ?? { path: '', stream: true }
  const body = JSON.stringify(questionFor(path, stream, `client-${number}.`))
  const head = `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`
  const request = head + body
  const isWhole = chance.below(20) > 0
  const socket = await openSocket(gateway.url)
  let received = ''
  const byBytes = stream && isWhole && chance.below(4) > 0
  const wantedBytes = byBytes ? chance.below(MAX_BYTES) : Infinity
  const enough = new AbortController()
  socket.on('data', (bytes: Buffer) => {
    received += bytes.toString('latin1')
    if (received.length >= wantedBytes) enough.abort()
  })
  socket.once('close', () => enough.abort())
  socket.write(isWhole ? request : request.slice(0, chance.below(request.length)))
  await pause(byBytes ? PATIENCE_MS : chance.below(MAX_STAY_MS), undefined, { signal: enough.signal }).catch(
    () => {},
  )
  if (received.includes('piece')) withText += 1
  leftAt.set(number, Date.now())
  if (chance.below(2) === 0) socket.resetAndDestroy()
  else socket.destroy()
  if (!socket.closed) await once(socket, 'close')
}

async function allSettled(): Promise<void> {
  const until = performance.now() + PATIENCE_MS
  while (chats().some(({ outcome }) => outcome.kind === 'pending')) {
    if (performance.now() > until) throw new Error('the service still answers a client that has left')
    await pause(5)
  }
}

function noteWaits(): void {
  for (const { body, outcome } of chats()) {
    if (outcome.kind !== 'aborted-by-client') throw new Error(`the service was not left: ${outcome.kind}`)
    const { content } = askedBody.parse(body).conversationState.currentMessage.userInputMessage
    const left = leftAt.get(Number(/client-(\d+)\./.exec(content)?.[1]))
    if (left === undefined) throw new Error('the service was left before the client')
    abortedCount += 1
    waitsMs.push(outcome.at - left)
  }
}

const startedAt = performance.now()
for (let first = 0; first < clients; first += AT_ONCE) {
  const batch = Array.from({ length: Math.min(AT_ONCE, clients - first) }, (_, index) => leave(first + index))
  await Promise.all(batch)
  // Connections are taken in their order: behind this one, none is left that nobody has looked at.
  await send(`${gateway.url}/healthz`)
  await allSettled()
  noteWaits()
  journal.clear()
}
const seconds = (performance.now() - startedAt) / 1000

const standing = await (await gateway.fetch(account)).text()
const lines = gateway.log.map((line): Record<string, unknown> => JSON.parse(line))
const told = lines.filter(({ failure, usage }) => failure === 'client-gone' && usage !== undefined).length

// Every slot is free: as many as the account may serve get to the service at the same time.
const abandoned = new AbortController()
const last = Array.from({ length: AT_ONCE }, () => {
  const { path, stream } = forms[0] ?? { path: '', stream: true }
  const body = JSON.stringify(questionFor(path, stream))
  return gateway.fetch(path, { method: 'POST', body, signal: abandoned.signal }).catch(() => undefined)
})
const until = performance.now() + PATIENCE_MS
while (chats().length < AT_ONCE && performance.now() < until) await pause(5)
const free = chats().length
abandoned.abort()
await Promise.all(last)
await gateway.close()

waitsMs.sort((one, other) => one - other)
const p99 = waitsMs[Math.floor(waitsMs.length * 0.99)] ?? Infinity
process.stdout.write(
  `${clients} clients left in ${seconds.toFixed(0)} s, ${abortedCount} of them an answer under way and ${withText} with text; ` +
    `the service was left after ${p99.toFixed(0)} ms (p99), ${waitsMs.at(-1)?.toFixed(0)} ms (most); ` +
    `${told} lines of the log tell usage, ${free} of ${AT_ONCE} slots are free\n`,
)
const { enabled, error_count, success_count, status } = standingSchema.parse(JSON.parse(standing))
if (withText < clients / 10 || abortedCount < clients / 2) throw new Error('too few were in the middle of it')
if (p99 > MAX_P99_MS) throw new Error('the service is left too late')
if (free < AT_ONCE) throw new Error('an account is still lent to a client that has left')
if (!enabled || error_count > 0 || success_count > 0 || status.kind !== 'ready') {
  throw new Error(`the account bears the leaving of clients: ${standing}`)
}
if (told < withText) throw new Error('the log lacks the usage of answers that had begun')
