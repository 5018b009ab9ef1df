import { policyOf, type Failure } from '../../conversation/failures.ts'

/** Codex waits as long as it is told to and says little meanwhile; beyond this its user had better know. */
const LONGEST_WAIT_SECONDS = 300

/** Whether Codex should try again; else its turn is to end at once, with our words. */
export function isWorthWaiting({ kind, retryAfterSeconds = 0 }: Failure): boolean {
  return policyOf(kind).heals && retryAfterSeconds <= LONGEST_WAIT_SECONDS
}
