/** Which of the calls since the page was opened is the client's first. Pure. */
import type { CallList } from '../../api/types.ts'
import type { Reason } from './check-messages.ts'

export type Call = CallList['calls'][number]

export interface Watched {
  /** How the client's programs are called; none: nobody knows. */
  programs: readonly string[]
  /** Of the key that is chosen, as far as it is known. */
  keyId: string | undefined
  /** Of the requests that the page itself has made. */
  ownIds: ReadonlySet<string>
}

export type FirstRequest =
  /** `other`: somebody else has come with the key. */
  | { kind: 'waiting'; other: Call | undefined }
  | { kind: 'arrived'; call: Call }
  | { kind: 'failed'; call: Call; reason: Reason }

const MOST_KEPT = 200

/** Newest first, each once. */
export function mergeCalls(known: readonly Call[], added: readonly Call[]): Call[] {
  const all = new Map([...added, ...known].map((call) => [call.id, call]))
  return [...all.values()].toSorted((one, other) => (one.at < other.at ? 1 : -1)).slice(0, MOST_KEPT)
}

/** `calls`: newest first. An answer counts for more than a later failure. */
export function judgeCalls(calls: readonly Call[], { programs, keyId, ownIds }: Watched): FirstRequest {
  const others = calls.filter(({ id }) => !ownIds.has(id))
  // A key that is not known is a client's mistake, and has no id.
  const hasKey = (call: Call) => keyId === undefined || call.keyId === null || call.keyId === keyId
  const its = others.filter((call) => hasKey(call) && isOf(programs, call))
  const answered = its.find(({ outcome }) => outcome === 'ok')
  if (answered !== undefined) return { kind: 'arrived', call: answered }
  const [failed] = its
  if (failed !== undefined) return { kind: 'failed', call: failed, reason: reasonOf(failed.failure) }
  const other = others.find((call) => keyId !== undefined && call.keyId === keyId)
  return { kind: 'waiting', other }
}

function isOf(programs: readonly string[], { client, keyId }: Call): boolean {
  // The console's own requests come from a browser, too, and without a key.
  if (client === 'browser' && keyId === null) return false
  if (programs.length === 0) return client !== 'browser'
  return programs.some((program) => client?.startsWith(program) === true)
}

const reasons: Readonly<Record<string, Reason>> = {
  unauthenticated: 'keyUnknown',
  forbidden: 'keyForbidden',
  'rate-limited': 'keyLimit',
  'allowance-spent': 'keyLimit',
  'model-not-found': 'noModel',
  'context-too-long': 'tooLong',
  'invalid-request': 'refused',
  'not-found': 'refused',
  'wrong-method': 'refused',
  'wrong-type': 'refused',
  'too-large': 'refused',
  'no-account': 'noAccount',
  'accounts-parked': 'noAccount',
  'sign-in-needed': 'noAccount',
  'token-expired': 'noAccount',
  'refresh-unavailable': 'noAccount',
  'access-denied': 'noAccount',
  suspended: 'noAccount',
  'feature-gated': 'noAccount',
  throttled: 'throttled',
  capacity: 'throttled',
  'accounts-cooling': 'throttled',
  quota: 'quota',
  'overloaded-here': 'busy',
  'client-gone': 'left',
}

/** Of a call's `failure`. */
function reasonOf(failure: string | null): Reason {
  return (failure === null ? undefined : reasons[failure]) ?? 'upstream'
}
