/** Tells of each chat request of a client once, when it has ended: served, refused at whatever door, or left. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { redactSecrets } from '../access/redact-secrets.ts'
import type { EndedCall } from '../calls/ended-call.ts'
import { TRIALS } from '../calls/trials.ts'
import type { Traffic } from '../calls/traffic.ts'
import { outcomeOf } from '../calls/outcome.ts'
import type { Clock } from '../clock.ts'
import type { FailureKind } from '../conversation/failures.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Requests for it are counted, and kept in the log of calls. */
    counted?: true
    /** They are the operator's: kept there, and not counted. */
    logged?: true
  }

  interface FastifyRequest {
    /** What it failed with, once that is known. */
    failure?: FailureKind
    /** Of requests that are counted. */
    ending?: Ending
  }
}

/** What is told of an answer that was made, beside what its call tells. */
interface Made {
  modelUsed: string
  /** Milliseconds from the request's receipt until the call began to be played. */
  leadMs: number
  status: number
  holds: EndedCall['holds']
}

export interface Ending {
  /** The answer has been made, or has failed. Where nobody tells that, the end of the connection ends the request. */
  note(made: Made): void
}

/** More than is kept of one. */
const MOST_OF_NAME = 200
/** The status that servers write into their logs when a client has left. */
const CLIENT_GONE = 499

interface EndingParts {
  traffic: Pick<Traffic, 'note'>
  clock: Clock
}

/** To be called before any hook that may refuse a request. */
export function installEndings(app: FastifyInstance, parts: EndingParts): void {
  app.decorateRequest('failure', undefined)
  app.decorateRequest('ending', undefined)
  app.addHook('onRequest', (request, reply, done) => {
    const { counted, logged } = request.routeOptions.config
    if ((counted ?? logged) === true && !request.is404) {
      request.ending = watchEnding(request, reply, parts)
    }
    done()
  })
}

function watchEnding(request: FastifyRequest, reply: FastifyReply, { traffic, clock }: EndingParts): Ending {
  let isNoted = false

  function note(failure: FailureKind | undefined, status: number, made?: Made): void {
    if (isNoted) return
    isNoted = true
    const { call } = request
    const asked = call ?? readAsked(request)
    traffic.note({
      id: request.id,
      endedAt: clock.now(),
      outcome: outcomeOf(failure),
      status: failure === 'client-gone' ? CLIENT_GONE : status,
      failure,
      dialect: request.routeOptions.config.dialect?.name ?? '',
      stream: asked.stream,
      // A name that was answered is a model's; any other may be a key that was pasted there.
      model: failure === undefined ? asked.model : redactSecrets(asked.model.slice(0, MOST_OF_NAME)),
      modelUsed: made?.modelUsed,
      isCounted: request.routeOptions.config.counted === true,
      keyId: keyIdOf(request),
      totalMs: reply.elapsedTime,
      leadMs: made?.leadMs ?? 0,
      call,
      userAgent: request.headers['user-agent'],
      requestBytes: bytesOf(request),
      holds: made?.holds,
    })
  }

  reply.raw.once('close', () => {
    // Whoever answers knows better how that ended, and tells it in a moment.
    if (request.call !== undefined) return
    const { statusCode, writableFinished } = reply.raw
    const failure = request.failure ?? (writableFinished ? undefined : 'client-gone')
    note(failure, statusCode)
  })
  return { note: (made) => note(request.failure, made.status, made) }
}

/** As its client announced it. */
function bytesOf({ headers }: FastifyRequest): number | undefined {
  const bytes = Number(headers['content-length'] ?? Number.NaN)
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined
}

/** Of its key, or the word for the operator, who has none. */
function keyIdOf({ caller }: Pick<FastifyRequest, 'caller'>): string | undefined {
  if (caller?.kind === 'operator') return TRIALS
  return caller?.kind === 'key' ? caller.grant.id : undefined
}

/** Of a request that was refused before anybody made a call of it. */
function readAsked({ body }: Pick<FastifyRequest, 'body'>): { model: string; stream: boolean } {
  if (typeof body !== 'object' || body === null) return { model: '', stream: false }
  const model = 'model' in body && typeof body.model === 'string' ? body.model : ''
  return { model, stream: 'stream' in body && body.stream === true }
}
