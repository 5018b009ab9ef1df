import { policyOf, type FailureKind, type Remedy } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'

const MAX_ACCOUNTS = 3
/** A client that has waited this long is better served by an honest failure than by another try. */
const LAST_START_MS = 45_000

/** What one request has been through so far. */
export interface History {
  /** Ids of the accounts that were tried, the current one among them. */
  accounts: Set<string>
  repairs: Set<Remedy>
  elapsedMs: number
}

/** The next thing to try after a failure before the retry line, or undefined when all is used up. */
export function chooseRemedy(kind: FailureKind, history: History): Remedy | undefined {
  if (history.elapsedMs > LAST_START_MS) return undefined
  return policyOf(kind).remedies.find((remedy) => isLeft(remedy, history))
}

function isLeft(remedy: Remedy, history: History): boolean {
  switch (remedy) {
    case 'other-account':
      return history.accounts.size < MAX_ACCOUNTS
    case 'refresh':
    case 'repeat':
      return !history.repairs.has(remedy)
    // These belong to request forms and demands that the gateway does not make yet.
    case 'rewrite':
    case 'profile-lookup':
    case 're-ask':
      return false
    default:
      return unreachable(remedy)
  }
}
