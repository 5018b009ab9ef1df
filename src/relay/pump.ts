import { startDeadline, type Clock } from '../clock.ts'
import { GatewayError, toGatewayError } from '../conversation/failures.ts'
import type { Loss } from '../conversation/loss.ts'
import type { ReplyEvent } from '../conversation/reply.ts'
import type { Decoder } from '../conversation/stage.ts'
import type { AnswerBody } from '../upstreams/upstream.ts'
import { createPipeline, type RelayStage } from './pipeline.ts'

/** What an answer says about how it came to be, in its headers. */
export interface AnswerFacts {
  losses: readonly Loss[]
  /** What was done about failures before this answer began, each once. */
  repairs: readonly string[]
}

/** Where the events of an attempt go. Declared here, built by http. */
export interface ReplySink {
  /** Before the first event of an attempt. Those of a later attempt replace them; once the head has left, they come too late. */
  describe(facts: AnswerFacts): void
  push(event: ReplyEvent): void
  /** Writes what was pushed, at once and once. False: the client does not keep up, wait for `onDrain`. */
  flush(): boolean
  /** Whether the retry line is crossed: what has left cannot be taken back. */
  hasContentLeft(): boolean
  /** Calls `action` once, when the client has taken what was written. */
  onDrain(action: () => void): void
}

export interface StreamTimeouts {
  firstEventMs: number
  idleMs: number
}

interface PumpOptions {
  body: AnswerBody
  decoder: Decoder
  /** In order; the last one is the gate. Fresh for this attempt. */
  stages: readonly RelayStage[]
  sink: ReplySink
  clock: Clock
  timeouts: StreamTimeouts
  /** Aborts when the client is gone. */
  signal: AbortSignal
}

/**
 * Drives one attempt: every read of the body runs through decoder and stages, and what came out is written once.
 * Resolves when the reply is complete; rejects with a GatewayError, after what was decoded before it has been written.
 * The body is read to its end or destroyed in every case.
 */
export function pump(options: PumpOptions): Promise<void> {
  const { body, sink, clock, timeouts, signal } = options
  return new Promise((resolve, reject) => {
    const pipeline = createPipeline(options.decoder, options.stages, (event) => sink.push(event))
    let started = false
    let settled = false
    let partsSeen: number | undefined
    let deadline = startDeadline(clock, timeouts.firstEventMs, expire)

    function settle(error?: unknown): void {
      if (settled) return
      settled = true
      deadline.cancel()
      signal.removeEventListener('abort', leave)
      body.destroy()
      if (error === undefined) resolve()
      else reject(toGatewayError(error))
    }

    /** Runs the stages, then writes what they gave even when they failed after giving it. */
    function run(step: () => void): void {
      if (settled) return
      const failure = attempt(step)
      let roomLeft = true
      const unwritten = attempt(() => {
        roomLeft = sink.flush()
      })
      if (failure !== undefined || unwritten !== undefined) settle(failure ?? unwritten)
      else if (pipeline.isComplete()) settle()
      else if (roomLeft) noteActivity()
      else waitForRoom()
    }

    /** The clock stands still while a slow client makes us wait: the service is not to blame. */
    function waitForRoom(): void {
      body.pause()
      deadline.cancel()
      sink.onDrain(() => {
        if (settled) return
        restartDeadline()
        body.resume()
      })
    }

    /** A service that sends an event byte by byte says nothing until all of it is there. */
    function noteActivity(): void {
      if (!started) {
        if (pipeline.hasStarted()) restartDeadline()
        return
      }
      const partsRead = options.decoder.partsRead?.()
      if (partsRead === undefined || partsRead !== partsSeen) deadline.touch()
      partsSeen = partsRead
    }

    function restartDeadline(): void {
      started = pipeline.hasStarted()
      deadline.cancel()
      deadline = startDeadline(clock, started ? timeouts.idleMs : timeouts.firstEventMs, expire)
    }

    function expire(): void {
      const seconds = Math.round((started ? timeouts.idleMs : timeouts.firstEventMs) / 1000)
      settle(
        new GatewayError(
          'upstream-timeout',
          `The model service sent nothing for ${seconds} seconds. Send the request again.`,
        ),
      )
    }

    function leave(): void {
      settle(new GatewayError('client-gone', 'The client left before its answer was complete.'))
    }

    function pushAll(pieces: readonly Uint8Array[]): void {
      for (const bytes of pieces) {
        if (pipeline.isComplete()) return
        pipeline.push(bytes)
      }
    }

    body.read({
      take: (pieces) => run(() => pushAll(pieces)),
      end: () => run(() => pipeline.end()),
      fail: (cause) => run(() => pipeline.fail(breakOff(cause))),
    })
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
  })
}

/** What was thrown. Nothing may leave a reader of the body: there it would end the process. */
function attempt(step: () => void): unknown {
  try {
    step()
    return undefined
  } catch (error) {
    return error ?? new Error('Something was thrown without a reason.')
  }
}

function breakOff(cause: unknown): GatewayError {
  return new GatewayError(
    'interrupted',
    'The model service closed the connection in the middle of its answer. Send the request again.',
    { cause },
  )
}
