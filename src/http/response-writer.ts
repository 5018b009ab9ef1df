import type { ServerResponse } from 'node:http'
import { startDeadline, type Clock, type Deadline } from '../clock.ts'
import { createReplyCollector } from '../conversation/collect-reply.ts'
import type { JsonObject } from '../conversation/conversation.ts'
import type { Failure } from '../conversation/failures.ts'
import { isContent, type Reply } from '../conversation/reply.ts'
import type { Encoder, ErrorReply } from '../dialects/dialect.ts'
import type { AnswerFacts, ReplySink } from '../relay/pump.ts'
import { writeUsageHeaders } from './fact-headers.ts'

/**
 * `held`: nothing was sent, a failure can still be a real HTTP status. `committed`: status 200 and the head of the
 * stream were sent. `content`: something of the answer was sent, no remedy may be tried any more.
 */
export type WriterState = 'held' | 'committed' | 'content' | 'closed'

export interface ResponseWriter extends ReplySink {
  state(): WriterState
  /** Ends the answer with a failure: as an HTTP status while nothing was sent, else as the dialect's stream error. */
  fail(failure: Failure): void
}

export interface WriterTimings {
  /** From receipt of the request until a stream commits without content. */
  commitAfterMs: number
  pingIntervalMs: number
  /** A client that takes nothing for so long is gone. */
  drainTimeoutMs: number
}

const NO_FACTS: AnswerFacts = { losses: [], repairs: [] }

interface WriterOptions {
  response: ServerResponse
  clock: Clock
  timings: WriterTimings
  /** Of every answer to this request: request id, CORS and the like. */
  headers: Readonly<Record<string, string>>
  /** Headers of an answer that has come about. */
  factHeaders(facts: AnswerFacts): Record<string, string>
  writeError(failure: Failure): ErrorReply
}

/** Answers with one JSON document, when the reply is complete. */
export function createReplyWriter(
  options: WriterOptions & { writeReply(reply: Reply): JsonObject },
): ResponseWriter {
  const { headers } = options
  const collector = createReplyCollector()
  let state: 'held' | 'closed' = 'held'
  let reply: Reply | undefined
  let factHeaders = options.factHeaders(NO_FACTS)

  return {
    state: () => state,
    describe(facts) {
      factHeaders = options.factHeaders(facts)
    },
    hasContentLeft: () => state === 'closed',
    push(event) {
      collector.push(event, (whole) => {
        reply = whole
      })
    },
    flush() {
      if (reply === undefined || state === 'closed') return true
      const text = JSON.stringify(options.writeReply(reply))
      // Only now: what fails until here can still be told as a failure.
      state = 'closed'
      const usageHeaders = writeUsageHeaders(reply.usage)
      sendJson(options, { status: 200, headers: { ...headers, ...factHeaders, ...usageHeaders }, text })
      return true
    },
    // Never called, as `flush` never says that there is no room: nothing is written before the end.
    onDrain() {},
    fail(failure) {
      if (state === 'closed') return
      state = 'closed'
      sendError(options, failure)
    },
  }
}

/** Answers with a server-sent stream that commits at the first content or after a while, and pings in silence. */
export function createStreamWriter(
  options: WriterOptions & { encoder: Encoder; tellsInStream?(failure: Failure): boolean },
): ResponseWriter {
  const { response, encoder, clock, timings } = options
  let state: WriterState = 'held'
  let pending = ''
  let factHeaders = options.factHeaders(NO_FACTS)
  let silence: Deadline | undefined
  let patience: Deadline | undefined
  const cancelCommit = clock.after(timings.commitAfterMs, () => {
    commit()
    flush()
  })
  response.once('close', () => {
    state = 'closed'
    stopTimers()
  })

  function stopTimers(): void {
    cancelCommit()
    silence?.cancel()
    patience?.cancel()
  }

  function commit(): void {
    if (state !== 'held') return
    state = 'committed'
    cancelCommit()
    response.writeHead(200, { ...options.headers, ...factHeaders, ...streamHeaders })
    pending += encoder.open()
    restartSilence()
  }

  function restartSilence(): void {
    silence?.cancel()
    if (state === 'closed') return
    silence = startDeadline(clock, timings.pingIntervalMs, () => {
      pending += encoder.ping()
      if (flush()) restartSilence()
      else awaitDrain(() => {})
    })
  }

  /** No pings while the client does not even take what is there; one that takes nothing for long is gone. */
  function awaitDrain(action: () => void): void {
    silence?.cancel()
    patience ??= startDeadline(clock, timings.drainTimeoutMs, () => response.destroy())
    response.once('drain', () => {
      patience?.cancel()
      patience = undefined
      restartSilence()
      action()
    })
  }

  function flush(): boolean {
    if (pending === '' || state === 'closed') return true
    const text = pending
    pending = ''
    silence?.touch()
    return response.write(text.length < LONG_TEXT ? text : toOwnBytes(text))
  }

  function finish(): void {
    state = 'closed'
    stopTimers()
    end(options, pending)
    pending = ''
  }

  return {
    state: () => state,
    describe(facts) {
      factHeaders = options.factHeaders(facts)
    },
    hasContentLeft: () => state === 'content' || state === 'closed',
    push(event) {
      if (state === 'closed' || event.type === 'reply-start') return
      commit()
      if (isContent(event)) state = 'content'
      pending += encoder.push(event)
      if (event.type === 'reply-end') finish()
    },
    flush,
    onDrain: awaitDrain,
    fail(failure) {
      if (state === 'closed') return
      if (options.tellsInStream?.(failure) === true) commit()
      if (state === 'held') {
        state = 'closed'
        cancelCommit()
        sendError(options, failure)
      } else {
        pending += encoder.fail(failure)
        finish()
      }
    },
  }
}

/** `no-transform` and `x-accel-buffering` keep proxies from compressing or collecting the stream. */
export const streamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
}

/** From this length on, in characters, a text is written as bytes. Node takes shorter ones to the system without memory of their own. */
const LONG_TEXT = 16_384

/**
 * A text that waits in a connection is kept twice, as itself and as up to three bytes for each character; bytes are kept
 * once. In memory of their own: in that of Buffer's pool they would hold what others have there, and others them.
 */
function toOwnBytes(text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return bytes
}

function sendError(options: WriterOptions, failure: Failure): void {
  const error = options.writeError(failure)
  const { status, body } = error
  sendJson(options, {
    status,
    headers: { ...options.headers, ...error.headers },
    text: JSON.stringify(body),
  })
}

/** Piece by piece, so that a client that takes them slowly can be told from one that takes none at all. */
const PIECE_BYTES = 256 * 1024

/** Writes the rest of an answer and ends it. A client that takes no piece of it in time is gone. */
function end(options: WriterOptions, rest: string): void {
  const { response } = options
  if (rest.length >= LONG_TEXT) {
    endInPieces(options, Buffer.from(rest))
    return
  }
  // In one piece with the head of the answer, which bytes never are.
  response.end(rest)
  // With most clients the system has all of it by now.
  if (response.socket?.writableLength !== 0) awaitClose(options)
}

function awaitClose({ response, clock, timings }: WriterOptions): Deadline {
  const patience = startDeadline(clock, timings.drainTimeoutMs, () => response.destroy())
  response.once('close', () => patience.cancel())
  return patience
}

function endInPieces(options: WriterOptions, bytes: Buffer): void {
  const { response } = options
  const patience = awaitClose(options)
  function sendFrom(start: number): void {
    patience.touch()
    const next = start + PIECE_BYTES
    if (next >= bytes.length) response.end(bytes.subarray(start))
    else response.write(bytes.subarray(start, next), () => sendFrom(next))
  }
  sendFrom(0)
}

function sendJson(
  options: WriterOptions,
  answer: { status: number; headers: Record<string, string>; text: string },
): void {
  const { response } = options
  if (response.destroyed) return
  const { text } = answer
  response.writeHead(answer.status, {
    ...answer.headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  })
  end(options, text)
}
