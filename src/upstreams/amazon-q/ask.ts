/**
 * One request over HTTP, whose answer is handed on as the connection gives it. undici's own `request` makes a stream of each
 * answer; measured, a fifth of the CPU of a short one went into that.
 */

import { errors, type Dispatcher } from 'undici'
import type { Clock } from '../../clock.ts'
import type { AnswerBody } from '../upstream.ts'
import { createAnswerFlow } from './answer-flow.ts'
import type { ResponseHeaders } from './failures.ts'

interface Question {
  url: URL
  dispatcher: Dispatcher
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string | Buffer
  /** Until the answer begins; zero: for ever. */
  headersTimeoutMs: number
  /** Its abort ends the answer too. */
  signal: AbortSignal
  clock: Pick<Clock, 'elapsed'>
}

/** Of those that only say that the answer is to come. Some proxies send one or two. */
const MOST_PROVISIONAL = 16

export interface HttpAnswer {
  statusCode: number
  headers: ResponseHeaders
  body: AnswerBody
}

/** When no answer begins, rejects with undici's error or, at once, with the reason of the signal. */
export function ask(question: Question): Promise<HttpAnswer> {
  const { url, dispatcher, signal, headersTimeoutMs, clock, ...sent } = question
  const refuseProvisional = createPatience(headersTimeoutMs, clock)
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined
    const flow = createAnswerFlow({
      pause: () => controller?.pause(),
      resume: () => controller?.resume(),
      abort: (reason) => controller?.abort(reason),
    })

    function fail(reason: Error): void {
      signal.removeEventListener('abort', leave)
      flow.fail(reason)
      // Without effect once the answer has begun.
      reject(reason)
    }

    function leave(): void {
      const reason = reasonOf(signal)
      fail(reason)
      controller?.abort(reason)
    }

    if (signal.aborted) return leave()
    signal.addEventListener('abort', leave)
    const { origin, pathname, search } = url
    const timeouts = { headersTimeout: headersTimeoutMs, bodyTimeout: 0 }
    dispatcher.dispatch(
      { ...sent, ...timeouts, origin, path: pathname + search },
      {
        onRequestStart(started) {
          controller = started
          if (signal.aborted) started.abort(reasonOf(signal))
        },
        onResponseStart(answering, statusCode, headers) {
          // They are pieces of the whole first read of the socket, which they would keep for as long as the answer lasts.
          answering.rawHeaders = null
          if (statusCode >= 200) return resolve({ statusCode, headers, body: flow.body })
          const reason = refuseProvisional()
          if (reason !== undefined) answering.abort(reason)
        },
        onResponseData: (_, bytes) => flow.push(bytes),
        onResponseEnd() {
          signal.removeEventListener('abort', leave)
          flow.end()
        },
        onResponseError: (_, error) => fail(error),
      },
    )
  })
}

/** undici waits anew behind each provisional answer, so that a row of them would keep a request for ever. Tells when it is enough. */
function createPatience(limitMs: number, clock: Pick<Clock, 'elapsed'>): () => Error | undefined {
  let count = 0
  let since: number | undefined
  return () => {
    since ??= clock.elapsed()
    count += 1
    if (count > MOST_PROVISIONAL) return new errors.SocketError('too many provisional answers')
    const isLate = limitMs > 0 && clock.elapsed() - since > limitMs
    return isLate ? new errors.HeadersTimeoutError() : undefined
  }
}

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('The request was given up.', { cause: reason })
}
