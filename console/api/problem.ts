/** A request of the console that did not do what it was for. */

export class Problem extends Error {
  override name = 'Problem'
  /** Of the answer; 0: there was none. */
  readonly status: number
  /** By which the console finds its own words for it. */
  readonly code: string | undefined
  readonly field: string | undefined
  readonly requestId: string | undefined
  readonly retryAfterSeconds: number | undefined

  constructor(
    message: string,
    about: {
      status: number
      code?: string | undefined
      field?: string | undefined
      requestId?: string | undefined
      retryAfterSeconds?: number | undefined
      cause?: unknown
    },
  ) {
    super(message, { cause: about.cause })
    this.status = about.status
    this.code = about.code
    this.field = about.field
    this.requestId = about.requestId
    this.retryAfterSeconds = about.retryAfterSeconds
  }
}

/** From the body of an answer that is an error; anything may stand there when a proxy made it. */
export function readProblem(answer: Response, body: unknown): Problem {
  const told = memberOf(body, 'error')
  const message = textOf(memberOf(told, 'message')) ?? `HTTP ${answer.status}`
  const retryAfter = Number(answer.headers.get('retry-after') ?? Number.NaN)
  return new Problem(message, {
    status: answer.status,
    code: textOf(memberOf(told, 'code')),
    field: textOf(memberOf(told, 'param')),
    requestId: answer.headers.get('x-request-id') ?? undefined,
    retryAfterSeconds: Number.isFinite(retryAfter) ? retryAfter : undefined,
  })
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
