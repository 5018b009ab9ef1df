import { policyOf, type FailureKind, type Remedy } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { Exchange, RequestForm } from '../upstreams/upstream.ts'

const MAX_ACCOUNTS = 3
/** A client that has waited this long is better served by an honest failure than by another try. */
const LAST_START_MS = 45_000

const LEAST_CAPACITY_WAIT_MS = 1000
const MOST_CAPACITY_WAIT_MS = 3000

/** What one request has been through so far. */
export interface History {
  /** Ids of the accounts that were tried, the current one among them. */
  accounts: Set<string>
  repairs: Set<Remedy>
  /** Kinds of failure after which another account is tried once, and was. */
  movedOnce: Set<FailureKind>
  elapsedMs: number
  /** Requests to the model service, the current one included. */
  attempts: number
  /** What the current attempt was begun for. */
  remedy: Remedy | undefined
  /** Tells it from the other requests. */
  requestId: string
  /** Whether any request named another profile than its account did before. */
  hasOtherProfile: boolean
  /** How much of the conversation the next request risks. */
  form: RequestForm
  /** What is sent next: the client's request, or that with a reminder of what it demands. */
  exchange: Exchange
}

/** These say something about the model: a second account is worth a try, a third is not. */
const ABOUT_THE_MODEL: ReadonlySet<FailureKind> = new Set(['capacity', 'model-not-found'])

/** To be told of every attempt on another account. */
export function noteMove(kind: FailureKind, history: History): void {
  if (ABOUT_THE_MODEL.has(kind)) history.movedOnce.add(kind)
}

/** Before the next attempt, in ms: a model without room is given a moment. `chance` is from 0 to 1. */
export function waitAfter(kind: FailureKind, chance: number): number {
  if (kind !== 'capacity') return 0
  return LEAST_CAPACITY_WAIT_MS + chance * (MOST_CAPACITY_WAIT_MS - LEAST_CAPACITY_WAIT_MS)
}

/** What failed, and what may help. */
export interface Setback {
  kind: FailureKind
  /** The upstream knows a plainer form of the request. */
  isRewritable: boolean
  /** The account may have named the wrong profile. */
  isProfileDoubtful: boolean
  /** Nothing was sent: the host is known to be down. Another account may have another host. */
  isHeldBack?: boolean
  /** How long the attempt took. */
  attemptMs?: number
}

/** What took longer to be found unreachable is not worth the same wait again. */
const QUICK_MS = 1000

/** No attempt may start any more. */
export function isTooLate({ elapsedMs }: History, waitMs = 0): boolean {
  return elapsedMs + waitMs > LAST_START_MS
}

/** The next thing to try after a failure before the retry line, or undefined when all is used up. */
export function chooseRemedy(setback: Setback, history: History): Remedy | undefined {
  if (isTooLate(history, waitAfter(setback.kind, 1))) return undefined
  const remedies: readonly Remedy[] =
    setback.isHeldBack === true ? ['other-account'] : policyOf(setback.kind).remedies
  return remedies.find((remedy) => isLeft(remedy, setback, history))
}

function isLeft(remedy: Remedy, setback: Setback, history: History): boolean {
  switch (remedy) {
    case 'other-account':
      return history.accounts.size < MAX_ACCOUNTS && !history.movedOnce.has(setback.kind)
    case 'repeat':
      if (setback.kind === 'unreachable' && (setback.attemptMs ?? 0) > QUICK_MS) return false
      return !history.repairs.has(remedy)
    case 'refresh':
    case 're-ask':
      return !history.repairs.has(remedy)
    case 'rewrite':
      return setback.isRewritable
    case 'profile-lookup':
      return setback.isProfileDoubtful && !history.repairs.has(remedy)
    default:
      return unreachable(remedy)
  }
}

/** What was done about failures so far, by the names that answers tell. */
export function repairsOf({ accounts, repairs, hasOtherProfile, form }: History): string[] {
  const forms = [
    ...(form.toolSchemas === 'plain' ? ['plain-tool-schemas'] : []),
    ...(form.earlierThinking === 'left-out' ? ['without-earlier-thinking'] : []),
    ...(form.modelFields === 'left-out' ? ['without-model-fields'] : []),
  ]
  // Of these two it is told what they led to.
  const others = [...repairs].filter((remedy) => remedy !== 'rewrite' && remedy !== 'profile-lookup')
  return [
    ...(accounts.size > 1 ? ['other-account'] : []),
    ...(hasOtherProfile ? ['other-profile'] : []),
    ...others,
    ...forms,
  ]
}
