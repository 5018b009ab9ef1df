/**
 * One request over HTTP, whose answer is handed on as the connection gives it. undici's own `request` makes a stream of each
 * answer; measured, a fifth of the CPU of a short one went into that.
 */

import type { Dispatcher } from 'undici'
import type { AnswerBody } from '../upstream.ts'
import { createAnswerFlow } from './answer-flow.ts'
import type { ResponseHeaders } from './failures.ts'

interface Question {
  url: URL
  dispatcher: Dispatcher
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
  /** Until the answer begins; zero: for ever. */
  headersTimeoutMs: number
  /** Its abort ends the answer too. */
  signal: AbortSignal
}

export interface HttpAnswer {
  statusCode: number
  headers: ResponseHeaders
  body: AnswerBody
}

/** When no answer begins, rejects with undici's error or, at once, with the reason of the signal. */
export function ask({ url, dispatcher, signal, headersTimeoutMs, ...sent }: Question): Promise<HttpAnswer> {
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
          if (statusCode >= 200) resolve({ statusCode, headers, body: flow.body })
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

function reasonOf({ reason }: AbortSignal): Error {
  return reason instanceof Error ? reason : new Error('The request was given up.', { cause: reason })
}
