/** How fast frames are decoded and their JSON parsed, beside the official codec: `npm run bench -- event-stream`. */

import { EventStreamCodec } from '@smithy/eventstream-codec'
import { createEventStreamDecoder } from '../src/upstreams/amazon-q/event-stream.ts'

const FRAMES = 5_000
const ROUNDS = 100
const WARM_UP_ROUNDS = 8
const CHUNK_BYTES = [16_384, 1_400]

type Decode = (chunks: readonly Buffer[]) => number

const codec = new EventStreamCodec(
  (bytes) =>
    typeof bytes === 'string'
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString(),
  (text) => Buffer.from(text),
)

function encodeFrame(index: number): Buffer {
  const payload = JSON.stringify({ content: ` token ${index}`.slice(0, 2 + (index % 12)) })
  const headers = {
    ':message-type': { type: 'string', value: 'event' },
    ':event-type': { type: 'string', value: 'assistantResponseEvent' },
    ':content-type': { type: 'string', value: 'application/json' },
  } as const
  return Buffer.from(codec.encode({ headers, body: Buffer.from(payload) }))
}

function cut(bytes: Buffer, chunkBytes: number): Buffer[] {
  const count = Math.ceil(bytes.length / chunkBytes)
  return Array.from({ length: count }, (_, index) =>
    Buffer.from(bytes.subarray(index * chunkBytes, (index + 1) * chunkBytes)),
  )
}

/** Both answer the total length of the text they read, so that neither can skip the work. */
function decodeWithOurs(chunks: readonly Buffer[]): number {
  let textLength = 0
  const decoder = createEventStreamDecoder()
  for (const chunk of chunks) {
    decoder.push(chunk, ({ payload }) => {
      textLength += contentLength(payload)
    })
  }
  decoder.end(() => {})
  return textLength
}

/** The official codec reads whole messages; cutting them out of the chunks is left to whoever uses it. */
function decodeWithOfficial(chunks: readonly Buffer[]): number {
  let textLength = 0
  let rest: Buffer = Buffer.alloc(0)
  for (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    let start = 0
    while (rest.length - start >= 4) {
      const end = start + rest.readUInt32BE(start)
      if (end > rest.length) break
      const { headers, body } = codec.decode(rest.subarray(start, end))
      if (headers[':message-type']?.value === 'event') textLength += contentLength(body)
      start = end
    }
    rest = rest.subarray(start)
  }
  return textLength
}

function contentLength(payload: Uint8Array): number {
  const bytes = Buffer.isBuffer(payload)
    ? payload
    : Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
  const event: unknown = JSON.parse(bytes.toString())
  return typeof event === 'object' && event !== null && 'content' in event ? String(event.content).length : 0
}

/** CPU time of this thread, which other programs on the machine change less than the time on the clock. */
function measure(decode: Decode, chunks: readonly Buffer[]): number {
  const before = process.threadCpuUsage()
  decode(chunks)
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / FRAMES
}

type Summary = readonly [median: number, percentile10: number, percentile90: number]

function summarise(samples: readonly number[]): Summary {
  const sorted = samples.toSorted((left, right) => left - right)
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0
  return [at(0.5), at(0.1), at(0.9)]
}

/** Answers how many times as fast as the official codec ours is, in the median of paired rounds. */
function compare(stream: Buffer, chunkBytes: number): number {
  const chunks = cut(stream, chunkBytes)
  if (decodeWithOurs(chunks) !== decodeWithOfficial(chunks)) throw new Error('The two decoders disagree.')
  const rounds = Array.from({ length: WARM_UP_ROUNDS + ROUNDS }, () => {
    const ours = measure(decodeWithOurs, chunks)
    const official = measure(decodeWithOfficial, chunks)
    return { ours, official, ratio: official / ours }
  }).slice(WARM_UP_ROUNDS)
  for (const name of ['ours', 'official', 'ratio'] as const) {
    printRow(chunkBytes, name, summarise(rounds.map((round) => round[name])))
  }
  return summarise(rounds.map(({ ratio }) => ratio))[0]
}

function printRow(chunkBytes: number, name: string, summary: Summary): void {
  const cells = summary.map((value) => value.toFixed(2).padStart(8)).join('')
  process.stdout.write(`${String(chunkBytes).padStart(6)} B   ${name.padEnd(10)}${cells}
`)
}

/** Prints the comparison; answers the least of its ratios, over the sizes of chunks. */
export function compareDecoders(): number {
  const stream = Buffer.concat(Array.from({ length: FRAMES }, (_, index) => encodeFrame(index)))
  process.stdout.write(
    `${FRAMES} frames of ${(stream.length / FRAMES).toFixed(0)} B on average, Node ${process.version}\n`,
  )
  process.stdout.write(
    'chunks     µs CPU a frame, JSON parsed:\n                     median     p10     p90\n',
  )
  return Math.min(...CHUNK_BYTES.map((chunkBytes) => compare(stream, chunkBytes)))
}
