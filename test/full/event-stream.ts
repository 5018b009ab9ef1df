/**
 * A million hostile frames against the event-stream decoder. Run: node test/full/event-stream.ts [seed] [count]
 * Every answer is compared with a plain decoder around the official codec; memory must not grow.
 */

import { GatewayError } from '../../src/conversation/failures.ts'
import { createEventStreamDecoder, type Frame } from '../../src/upstreams/amazon-q/event-stream.ts'
import { encodeEvent } from '../encode-event.ts'
import { damages, encodeSoundFrame, sealedFrame, type DamageName } from './hostile/hostile-frames.ts'
import { createMemoryMeter, megabytes } from './lab/memory-meter.ts'
import { createRandom, type Random } from './hostile/random.ts'
import {
  decodeByReference,
  describeFrame,
  type Decoded,
  type FrameText,
} from './hostile/reference-decoder.ts'
import { slice } from './hostile/slice.ts'

const DEFAULT_SEED = 20_261_122
const SOUND_FRAMES = 5_000
const DEFAULT_COUNT = 1_000_000
const MAX_GROWTH_BYTES = 16 * 1024 * 1024
const HUGE_BYTES = 100 * 1024 * 1024
const LARGE_PAYLOAD_BYTES = 10 * 1024 * 1024
const PIECE_BYTES = 65_536
const PRELUDE_OF_16_MIB = '0100000000000000a988dff7'

const DAMAGE_NAMES: readonly [DamageName, ...DamageName[]] = [
  'none',
  'flip',
  'cut',
  'insert',
  'splice',
  'length',
  'header',
  'interleave',
  'rubbish',
]

interface Hostile {
  damage: DamageName
  /** What the sound frames before the damaged one say. */
  before: FrameText[]
  stream: Buffer
  pieces: Buffer[]
}

interface Sound {
  frame: Buffer
  text: FrameText
}

function createSoundFrames(random: Random): [Sound, ...Sound[]] {
  const create = (): Sound => {
    const frame = encodeSoundFrame(random)
    return { frame, text: decodeByReference(frame).frames.join('') }
  }
  return [create(), ...Array.from({ length: SOUND_FRAMES }, create)]
}

function createHostile(random: Random, sound: readonly [Sound, ...Sound[]]): Hostile {
  const before = Array.from({ length: random.below(3) }, () => random.pick(sound))
  const after = Array.from({ length: random.below(3) }, () => random.pick(sound))
  const damage = random.pick(DAMAGE_NAMES)
  const damaged = damages[damage](random.pick(sound).frame, random, random.pick(sound).frame)
  const stream = Buffer.concat([
    ...before.map(({ frame }) => frame),
    damaged,
    ...after.map(({ frame }) => frame),
  ])
  return { damage, before: before.map(({ text }) => text), stream, pieces: slice(stream, random) }
}

/** Feeds on once after a failure: nothing may come any more, and every call must fail. */
function decodeByOurs({ stream, pieces }: Hostile): Decoded {
  const decoder = createEventStreamDecoder()
  const frames: FrameText[] = []
  const emit = (frame: Frame) => {
    frames.push(describeFrame(frame))
    // A frame has 16 bytes at least, so a decoder that turns in circles is found out.
    if (frames.length * 16 > stream.length) throw new Error('more frames were emitted than can be in there')
  }
  const failed = pieces.some((piece) => isRefused(() => decoder.push(piece, emit)))
  if (!failed) return { frames, failed: isRefused(() => decoder.end(emit)) }

  const framesBefore = frames.length
  const refusedAgain = isRefused(() => decoder.push(stream, emit)) && isRefused(() => decoder.end(emit))
  if (!refusedAgain || frames.length > framesBefore) throw new Error('the decoder went on after its failure')
  return { frames, failed }
}

function isRefused(action: () => void): boolean {
  try {
    action()
    return false
  } catch (error) {
    if (error instanceof GatewayError && error.failure.kind === 'interrupted') return true
    throw error
  }
}

function check(hostile: Hostile): void {
  const ours = decodeByOurs(hostile)
  const expected = decodeByReference(hostile.stream)
  if (ours.failed !== expected.failed) throw new Error(`failed: ${ours.failed}, expected ${expected.failed}`)
  if (!isSame(ours.frames, expected.frames)) {
    throw new Error(`frames ${ours.frames.join(' ')}, expected ${expected.frames.join(' ')}`)
  }
  const unnoticed = !ours.failed || !isSame(ours.frames, hostile.before)
  if (hostile.damage === 'flip' && unnoticed) throw new Error('wrong bits went unnoticed')
  if (hostile.damage === 'none' && ours.failed) throw new Error('a sound stream was refused')
}

function isSame(left: readonly FrameText[], right: readonly FrameText[]): boolean {
  return left.length === right.length && left.every((text, index) => text === right[index])
}

/** A thousand answers that announce 16 MiB and then send 4 kB must take about 4 kB each. */
function checkAnnouncedLength(measure: () => number): void {
  const before = measure()
  const beginning = Buffer.concat([Buffer.from(PRELUDE_OF_16_MIB, 'hex'), Buffer.alloc(4_096)])
  const decoders = Array.from({ length: 1_000 }, () => createEventStreamDecoder())
  for (const decoder of decoders) decoder.push(beginning, () => {})
  const grown = measure() - before
  report(`${decoders.length} announced frames of 16 MiB hold ${megabytes(grown)} MB`)
  if (grown > 16_384 * decoders.length) throw new Error('a length that was only announced takes memory')
}

/** 100 MB in one frame are refused as soon as they are announced; as the payloads of large frames they pass, one at a time. */
function checkHugePayload(measure: () => number): void {
  const before = measure()
  const announced = sealedFrame(HUGE_BYTES + 16)
  const decoder = createEventStreamDecoder()
  if (!isRefused(() => decoder.push(announced.subarray(0, 12), () => {})))
    throw new Error('100 MB were taken')

  const payload = Buffer.alloc(LARGE_PAYLOAD_BYTES, 'x')
  const large = encodeEvent('assistantResponseEvent', payload)
  const passing = createEventStreamDecoder()
  let passed = 0
  let most = 0
  for (let sent = 0; sent < HUGE_BYTES; sent += payload.length) {
    for (let start = 0; start < large.length; start += PIECE_BYTES) {
      passing.push(large.subarray(start, start + PIECE_BYTES), (frame) => {
        passed += frame.payload.length
      })
    }
    most = Math.max(most, measure() - before - payload.length - large.length)
  }
  passing.end(() => {})
  if (passed < HUGE_BYTES) throw new Error('large payloads do not pass')
  report(`${megabytes(passed)} MB in frames of 10 MB hold ${megabytes(most)} MB`)
  if (most > MAX_GROWTH_BYTES) throw new Error('large payloads are kept')
}

function report(line: string): void {
  process.stdout.write(`${line}\n`)
}

function checkStreams({
  seed,
  count,
  measure,
}: {
  seed: number
  count: number
  measure: () => number
}): void {
  const random = createRandom(seed)
  const sound = createSoundFrames(random)
  const counts = new Map<DamageName, number>()
  const warmUp = Math.floor(count / 10)
  const startedAt = performance.now()
  let memoryAtStart = 0
  for (let index = 0; index < count; index++) {
    if (index === warmUp) memoryAtStart = measure()
    const hostile = createHostile(random, sound)
    counts.set(hostile.damage, (counts.get(hostile.damage) ?? 0) + 1)
    try {
      check(hostile)
    } catch (error) {
      const lengths = hostile.pieces.map((piece) => piece.length).join(' ')
      report(
        `stream ${index} of seed ${seed}, ${hostile.damage}: ${hostile.stream.toString('hex')} as ${lengths}`,
      )
      throw error
    }
  }
  const seconds = (performance.now() - startedAt) / 1_000
  const grown = measure() - memoryAtStart
  report(`${count} hostile frames, seed ${seed}: ${[...counts].map((entry) => entry.join(' ')).join(', ')}`)
  report(
    `${seconds.toFixed(0)} s, ${Math.round(count / seconds)} a second, memory grew by ${megabytes(grown)} MB`,
  )
  if (grown > MAX_GROWTH_BYTES) throw new Error(`memory grew by more than ${megabytes(MAX_GROWTH_BYTES)} MB`)
}

const [seed = DEFAULT_SEED, count = DEFAULT_COUNT] = process.argv.slice(2).map(Number)
const measure = createMemoryMeter()
// Half the time would go into stacks that nobody reads.
Error.stackTraceLimit = 0
checkAnnouncedLength(measure)
checkHugePayload(measure)
checkStreams({ seed, count, measure })
