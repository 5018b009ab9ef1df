/** Asks the operator's routes. The browser adds the cookie of the session; no secret is kept here. */
import { isUnattended } from '../state/attendance.ts'
import { Problem, readProblem } from './problem.ts'

export interface Wish {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  body?: unknown
  signal?: AbortSignal
  /** Goes on when the page is left. */
  keepalive?: boolean
}

const TIMEOUT_MS = 60_000
/** Asks for changes need it: a page of another origin cannot send it. */
const OWN_PAGE = { 'x-aqueduct-csrf': '1' }
const UNATTENDED = { 'x-aqueduct-unattended': '1' }

let onSignedOut = () => {}

/** What happens when the gateway does not know us any more. */
export function whenSignedOut(action: () => void): void {
  onSignedOut = action
}

/**
 * Answers the body, in the shape that the route's contract names: the gateway makes its answers by the very schemas that the
 * types come from. Throws a Problem, or what `signal` says.
 */
export async function ask<T>(path: string, wish: Wish = {}): Promise<T> {
  const answer = await open(path, wish)
  const read: T = await answer.json().catch((cause: unknown) => {
    throw new Problem('The answer is no JSON.', { status: answer.status, cause })
  })
  return read
}

/** Answers as soon as the answer begins, for those that come as a stream. Throws a Problem, or what `signal` says. */
export async function open(path: string, wish: Wish = {}): Promise<Response> {
  const answer = await send(path, wish)
  if (answer.ok) return answer
  if (answer.status === 401 && path !== '/v2/session') onSignedOut()
  throw readProblem(answer, await answer.json().catch(() => undefined))
}

async function send(
  path: string,
  { method = 'GET', body, signal, keepalive = false }: Wish,
): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS)
  try {
    return await fetch(path, {
      method,
      keepalive,
      cache: 'no-store',
      credentials: 'same-origin',
      redirect: 'error',
      headers: {
        accept: 'application/json',
        ...OWN_PAGE,
        ...(isUnattended() && UNATTENDED),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
  } catch (cause) {
    if (signal?.aborted === true) throw cause
    throw new Problem('The gateway does not answer.', { status: 0, code: 'unreachable', cause })
  }
}
