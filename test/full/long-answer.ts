/**
 * An answer of a million tokens through the whole gateway: memory stays flat, and the last tokens cost no more than the
 * first. Run: node test/full/long-answer.ts [tokens]
 */
import { startGatewayUnderTest } from '../gateway-under-test.ts'
import { ANTHROPIC, OPENAI, questionFor } from '../read-answer.ts'
import { startFastService } from './lab/fast-service.ts'
import { createMemoryMeter, megabytes } from './lab/memory-meter.ts'

const DEFAULT_TOKENS = 1_000_000
const PARTS = 10
/** Of heap and buffers, from the first tenth to the last. */
const MAX_GROWTH_BYTES = 10 * 1024 * 1024
/** Of processor time for a token: the second half to the first. */
const MAX_RATIO = 1.2

const [tokens = DEFAULT_TOKENS] = process.argv.slice(2).map(Number)
interface Reading {
  bytes: number
  memory: number
  cpuMicroseconds: number
}

/** Reads the answer away, and takes a reading after each tenth of it. */
async function readAway(body: AsyncIterable<Uint8Array>, bytesOfOne: number, measure: () => number) {
  const readings: Reading[] = []
  const part = (tokens * bytesOfOne) / PARTS
  let bytes = 0
  let last = Buffer.alloc(0)
  let cpu = process.cpuUsage()
  for await (const piece of body) {
    bytes += piece.length
    last = Buffer.from(piece)
    if (bytes < part * (readings.length + 1) || readings.length === PARTS) continue
    const { user, system } = process.cpuUsage(cpu)
    // Taken before the collection of garbage, which is no work of the gateway's.
    readings.push({ bytes, cpuMicroseconds: user + system, memory: measure() })
    cpu = process.cpuUsage()
  }
  return { readings, bytes, end: last.toString().slice(-200) }
}

async function prove(path: string, ending: RegExp, measure: () => number): Promise<void> {
  const service = await startFastService(tokens)
  const gateway = await startGatewayUnderTest({
    environment: { AMAZON_Q_ENDPOINT: service.url, LOG_LEVEL: 'info' },
  })
  const response = await gateway.postJson(path, questionFor(path, true))
  if (response.body === null) throw new Error(`no answer: ${response.status}`)
  const { readings, bytes, end } = await readAway(response.body, bytesOfToken(path), measure)
  await gateway.close()
  service.close()

  const middle = readings.slice(1)
  const growth = Math.max(...middle.map(({ memory }) => memory)) - (middle[0]?.memory ?? 0)
  const half = Math.floor(middle.length / 2)
  const ratio = cpuOf(middle.slice(-half)) / cpuOf(middle.slice(0, half))
  report(
    `${path}: ${tokens} tokens, ${megabytes(bytes)} MB, memory grew by ${megabytes(growth)} MB, ` +
      `processor time of the later half to the earlier ${ratio.toFixed(2)}`,
  )
  if (!ending.test(end)) throw new Error(`the answer does not end properly: ${end}`)
  if (readings.length < PARTS) throw new Error('a part of the answer is missing')
  if (growth > MAX_GROWTH_BYTES) throw new Error(`memory grew by more than ${megabytes(MAX_GROWTH_BYTES)} MB`)
  if (ratio > MAX_RATIO) throw new Error('the longer the answer, the dearer the token')
}

/** Least bytes of a token in the API's stream. */
function bytesOfToken(path: string): number {
  return path === ANTHROPIC ? 110 : 205
}

function cpuOf(readings: readonly Reading[]): number {
  return readings.reduce((sum, { cpuMicroseconds }) => sum + cpuMicroseconds, 0)
}

function report(line: string): void {
  process.stdout.write(`${line}\n`)
}

const measure = createMemoryMeter()
await prove(ANTHROPIC, /event: message_stop\ndata: \{"type":"message_stop"\}\n\n$/, measure)
await prove(OPENAI, /data: \[DONE\]\n\n$/, measure)
