/** Makes the client's own request, from the page, with the key. */
import type { Setup } from '../../api/types.ts'
import { fillSlots } from '../../../src/client-setups/fill-template.ts'
import type { Reason } from './check-messages.ts'
import { messageOf, parse, readAnswer } from './read-answer.ts'

export type CheckResult =
  | { kind: 'passed'; words: string; milliseconds: number }
  /** `says`: what the gateway said, in English. */
  | { kind: 'failed'; reason: Reason; says: string | undefined; status: number }

export interface CheckOutcome {
  result: CheckResult
  /** Of the request, as in the log of calls. */
  requestId: string | undefined
}

const TIMEOUT_MS = 90_000

interface CheckParts {
  setup: Pick<Setup, 'api' | 'check'>
  key: string
  /** Of the page: it may ask no other. */
  origin: string
  signal: AbortSignal
}

export async function runCheck({ setup, key, origin, signal }: CheckParts): Promise<CheckOutcome> {
  const { check } = setup
  const begunAt = performance.now()
  const headers = readHeaders(check.headers, { origin, key })
  if (headers === undefined) return failed('unsendable')
  try {
    const answer = await fetch(check.path, {
      method: 'POST',
      headers,
      body: check.body,
      // Neither the operator's session nor anything that was kept may answer for the key.
      credentials: 'omit',
      cache: 'no-store',
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    })
    const requestId = answer.headers.get('x-request-id') ?? undefined
    const body = await answer.text()
    const milliseconds = performance.now() - begunAt
    return { result: judge(setup, answer, { body, milliseconds }), requestId }
  } catch {
    signal.throwIfAborted()
    return failed('unreachable')
  }
}

function failed(reason: Reason): CheckOutcome {
  return { result: { kind: 'failed', reason, says: undefined, status: 0 }, requestId: undefined }
}

/** Undefined: the key has signs that no header can hold. */
function readHeaders(
  headers: Setup['check']['headers'],
  values: { origin: string; key: string },
): Headers | undefined {
  try {
    return new Headers(headers.map(({ name, value }): [string, string] => [name, fillSlots(value, values)]))
  } catch {
    return undefined
  }
}

function judge(
  setup: Pick<Setup, 'api' | 'check'>,
  { status, ok, headers }: Response,
  { body, milliseconds }: { body: string; milliseconds: number },
): CheckResult {
  if (!ok) {
    const says = messageOf(parse(body))
    const reason = says === undefined && status < 500 ? 'notGateway' : reasonOfStatus(status, setup)
    return { kind: 'failed', reason, says, status }
  }
  const isStream = headers.get('content-type')?.startsWith('text/event-stream') === true
  if (isStream !== setup.check.stream)
    return { kind: 'failed', reason: 'notGateway', says: undefined, status }
  const { words, isWhole, problem } = readAnswer(setup, isStream, body)
  if (problem !== undefined) return { kind: 'failed', reason: 'upstream', says: problem, status }
  if (!isWhole) return { kind: 'failed', reason: 'broken', says: undefined, status }
  return { kind: 'passed', words, milliseconds }
}

const reasons: Readonly<Record<number, Reason>> = {
  400: 'refused',
  401: 'keyUnknown',
  402: 'noAccount',
  403: 'keyForbidden',
  404: 'noModel',
  413: 'refused',
  429: 'throttled',
}

function reasonOfStatus(status: number, { check }: Pick<Setup, 'check'>): Reason {
  if (status === 404 && check.alias !== null) return 'noAlias'
  return reasons[status] ?? 'upstream'
}
