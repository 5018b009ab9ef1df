import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { bodyOf } from '../../test/answer-body.ts'
import { createFakeClock } from '../../test/fake-clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { ReplyEvent } from '../conversation/reply.ts'
import type { Decoder, ReplyStage } from '../conversation/stage.ts'
import { pump, type ReplySink } from './pump.ts'

const usage = {
  inputTokens: 1,
  outputTokens: 1,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  source: 'estimated' as const,
}
const reply = (...texts: string[]): ReplyEvent[] => [
  { type: 'reply-start' },
  { type: 'block-start', block: { kind: 'text' } },
  ...texts.map((text): ReplyEvent => ({ type: 'block-delta', text })),
  { type: 'block-end' },
  { type: 'reply-end', stopReason: 'end-turn', usage },
]

/** One event for each character; `!` fails, and what is left at the end is announced as the reply's end. */
function createLetterDecoder(): Decoder {
  let started = false
  return {
    push(bytes, emit) {
      if (!started) {
        started = true
        emit({ type: 'reply-start' })
        emit({ type: 'block-start', block: { kind: 'text' } })
      }
      for (const letter of Buffer.from(bytes).toString('latin1')) {
        if (letter === '!') throw new GatewayError('capacity', 'The model has no room.')
        emit({ type: 'block-delta', text: letter })
      }
    },
    end(emit) {
      if (!started) throw new GatewayError('empty-reply', 'Nothing came.')
      emit({ type: 'block-end' })
      emit({ type: 'reply-end', stopReason: 'end-turn', usage })
    },
  }
}

function createRecordingSink(roomAfterFlush: () => boolean = () => true) {
  const writes: ReplyEvent[][] = []
  const drains: (() => void)[] = []
  let pending: ReplyEvent[] = []
  const sink: ReplySink = {
    describe: () => {},
    push: (event) => void pending.push(event),
    flush() {
      if (pending.length > 0) writes.push(pending)
      pending = []
      return roomAfterFlush()
    },
    hasContentLeft: () => writes.length > 0,
    onDrain: (action) => void drains.push(action),
  }
  return { sink, writes, drains }
}

function start(overrides: { stages?: ReplyStage[]; sink?: ReplySink; decoder?: Decoder } = {}) {
  const body = new PassThrough()
  const clock = createFakeClock()
  const recording = createRecordingSink()
  const client = new AbortController()
  const done = pump({
    body: bodyOf(body),
    decoder: overrides.decoder ?? createLetterDecoder(),
    stages: overrides.stages ?? [],
    sink: overrides.sink ?? recording.sink,
    clock,
    timeouts: { firstEventMs: 120_000, idleMs: 600_000 },
    signal: client.signal,
  })
  return { body, clock, client, done, ...recording }
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
const failureOf = (done: Promise<void>) =>
  done.then(
    () => 'no failure',
    (error: unknown) => (error instanceof GatewayError ? error.failure.kind : error),
  )

describe('pump', () => {
  it('writes once for each read, and resolves at the end of the reply', async () => {
    const { body, done, writes, clock } = start()
    body.write('ab')
    await nextTurn()
    body.end('c')
    await done
    expect(writes.flat()).toEqual(reply('a', 'b', 'c'))
    expect(writes.map((events) => events.length)).toEqual([4, 1, 2])
    expect(clock.pending()).toBe(0)
  })

  it('writes what was decoded before a failure in the same read, then fails', async () => {
    const { body, done, writes } = start()
    body.write('ab!c')
    expect(await failureOf(done)).toBe('capacity')
    expect(writes.flat()).toEqual(reply('a', 'b').slice(0, 4))
    expect(body.destroyed).toBe(true)
  })

  it.each<[string, (body: PassThrough) => void, string]>([
    ['the body breaks off', (body) => body.destroy(), 'interrupted'],
    ['the connection is reset', (body) => body.destroy(new Error('ECONNRESET')), 'interrupted'],
    ['the body ends without a word', (body) => body.end(), 'empty-reply'],
  ])('fails when %s', async (_, act, kind) => {
    const { body, done, clock } = start()
    act(body)
    expect(await failureOf(done)).toBe(kind)
    expect(clock.pending()).toBe(0)
  })

  it.each(['data', 'end'])(
    'fails, and does not end the process, when writing throws at the %s',
    async (when) => {
      const { sink } = createRecordingSink(() => {
        if (when === 'data' || body.readableEnded) throw new RangeError('Maximum call stack size exceeded')
        return true
      })
      const { body, done, clock } = start({ sink })
      body.end('a')
      expect(await failureOf(done)).toBe('internal')
      expect(body.destroyed).toBe(true)
      expect(clock.pending()).toBe(0)
    },
  )

  it('aborts the upstream when the client leaves, also before the first event', async () => {
    const { body, done, client, clock } = start()
    client.abort()
    expect(await failureOf(done)).toBe('client-gone')
    expect(body.destroyed).toBe(true)
    expect(clock.pending()).toBe(0)
  })

  it('destroys the body when the client had left before', async () => {
    const body = new PassThrough()
    const done = pump({
      body: bodyOf(body),
      decoder: createLetterDecoder(),
      stages: [],
      sink: createRecordingSink().sink,
      clock: createFakeClock(),
      timeouts: { firstEventMs: 1, idleMs: 1 },
      signal: AbortSignal.abort(),
    })
    expect(await failureOf(done)).toBe('client-gone')
    expect(body.destroyed).toBe(true)
  })

  it('waits 120 s for the first event and 600 s between events', async () => {
    const silent = start()
    silent.clock.advance(119_999)
    expect(silent.body.destroyed).toBe(false)
    silent.clock.advance(1)
    expect(await failureOf(silent.done)).toBe('upstream-timeout')

    const stalled = start()
    stalled.body.write('a')
    await nextTurn()
    stalled.clock.advance(400_000)
    stalled.body.write('b')
    await nextTurn()
    stalled.clock.advance(599_999)
    expect(stalled.body.destroyed).toBe(false)
    stalled.clock.advance(1)
    expect(await failureOf(stalled.done)).toBe('upstream-timeout')
  })

  it('takes bytes that bring no event to its end for silence', async () => {
    const letters = createLetterDecoder()
    let partsRead = 0
    const decoder: Decoder = {
      push(bytes, emit) {
        // A dot is a byte of an event that goes on.
        if (Buffer.from(bytes).toString() === '.') return
        partsRead += 1
        letters.push(bytes, emit)
      },
      end: (emit) => letters.end(emit),
      partsRead: () => partsRead,
    }
    const { body, clock, done } = start({ decoder })
    const send = async (text: string, ms: number) => {
      body.write(text)
      await nextTurn()
      clock.advance(ms)
    }
    await send('a', 599_999)
    await send('b', 1000)
    for (let second = 1; second < 599; second += 1) await send('.', 1000)
    expect(body.destroyed).toBe(false)
    await send('.', 1000)
    expect(await failureOf(done)).toBe('upstream-timeout')
  })

  it('pauses the upstream while the client is full, with its clock standing still', async () => {
    let room = false
    const { sink, drains, writes } = createRecordingSink(() => room)
    const { body, clock, done } = start({ sink })
    body.write('a')
    await nextTurn()
    expect(body.isPaused()).toBe(true)
    body.write('b')
    await nextTurn()
    clock.advance(10_000_000)
    expect(writes).toHaveLength(1)

    room = true
    drains[0]?.()
    body.end()
    await done
    expect(writes.flat()).toEqual(reply('a', 'b'))
  })

  it('stops at a stage that ended the reply by itself, and reads no further', async () => {
    let done = false
    const stopAtB: ReplyStage = {
      isDone: () => done,
      push(event, emit) {
        if (event.type !== 'block-delta' || event.text !== 'b') return emit(event)
        done = true
        emit({ type: 'block-end' })
        emit({ type: 'reply-end', stopReason: 'stop-sequence', stopSequence: 'b', usage })
      },
      end() {
        throw new Error('A stage that is done is not ended again.')
      },
    }
    const run = start({ stages: [stopAtB] })
    run.body.write('abc')
    await run.done
    expect(run.writes.flat()).toEqual([
      ...reply('a').slice(0, -1),
      { type: 'reply-end', stopReason: 'stop-sequence', stopSequence: 'b', usage },
    ])
    expect(run.body.destroyed).toBe(true)
  })
})
