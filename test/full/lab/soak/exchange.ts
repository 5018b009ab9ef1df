/** One request of a client and its answer, compared with what had to come. */
import { inspect } from 'node:util'
import type { CallCheck } from './call-check.ts'
import { hearAnswer, type Heard } from './hear-answer.ts'
import { pathOf, type Api } from './request-body.ts'
import { addTo, noteWrong, type Tally } from './tally.ts'

/** What a client makes of an answer that is as it should be; or the status of the refusal that it provokes. */
export type Wanted = Pick<Heard, 'text' | 'calls' | 'hasThought'> | { refusal: number }

export interface Sending {
  api: Api
  body: string
  key: string
  /** The client leaves. */
  signal?: AbortSignal
}

export interface Exchange {
  /** Undefined: there was no whole answer, or not the right one. Never rejects. */
  ask(sending: Sending, wanted: Wanted): Promise<Heard | undefined>
}

interface ExchangeParts {
  url: string
  tally: Tally
  callCheck: Pick<CallCheck, 'note' | 'noteUnnamed'>
}

/** What is still not answered then counts as lost. */
const PATIENCE_MS = 90_000
const MOST_SHOWN = 250

export function createExchange({ url, tally, callCheck }: ExchangeParts): Exchange {
  function send({ api, body, key, signal }: Sending): Promise<Response> {
    const patience = AbortSignal.timeout(PATIENCE_MS)
    return fetch(`${url}${pathOf[api]}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body,
      signal: signal === undefined ? patience : AbortSignal.any([patience, signal]),
    })
  }

  function judge(id: string, heard: Heard, wanted: Wanted): Heard | undefined {
    const { status, error, isComplete, text, calls, hasThought } = heard
    if ('refusal' in wanted) {
      callCheck.note(id, 'refused')
      if (status === wanted.refusal && error !== undefined) tally.mistakes += 1
      else noteWrong(tally, `${id}: ${status} in place of ${wanted.refusal}: ${show(heard)}`)
      return undefined
    }
    if (error !== undefined && !isComplete) {
      callCheck.note(id, 'failed')
      addTo(status === 200 ? tally.broken : tally.refused, `${status} ${error.type}`)
      return undefined
    }
    callCheck.note(id, 'answered')
    if (error === undefined && isComplete && show(wanted) === show({ text, calls, hasThought })) {
      tally.exact += 1
      return heard
    }
    noteWrong(tally, `${id}: wanted ${show(wanted).slice(0, MOST_SHOWN)}, heard ${show(heard)}`)
    return undefined
  }

  return {
    async ask(sending, wanted) {
      tally.sent += 1
      let id: string | undefined
      try {
        const answer = await send(sending)
        id = answer.headers.get('x-request-id') ?? 'without an id'
        return judge(id, await hearAnswer(sending.api, answer), wanted)
      } catch (error) {
        if (sending.signal?.aborted !== true) noteWrong(tally, `${id ?? sending.api}: ${inspect(error)}`)
        else {
          tally.left += 1
          if (id === undefined) callCheck.noteUnnamed()
          else callCheck.note(id, 'left')
        }
        return undefined
      }
    },
  }
}

function show(value: object): string {
  return JSON.stringify(value)
}
