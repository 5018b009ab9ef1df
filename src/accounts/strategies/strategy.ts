/** What a strategy is: a rule that chooses among accounts that could all serve a request. */
import type { Account } from '../account.ts'

/** One for each account, as long as the account is there. */
export interface Candidate {
  account: Pick<Account, 'id' | 'settings'>
  /** Requests that it answers now. */
  leases: number
  /** What is left of its credits, in one unit for all candidates; absent: unknown. */
  quotaLeft?: number | undefined
  /** When the first of its credits lapse, in milliseconds since the epoch; absent: unknown, or never. */
  quotaEndsAt?: number | undefined
  /** How far ahead of others it is in taking turns; 0 at first. Strategies that take turns keep it here: a table would cost them a search for each of thousands. */
  position: number
}

/** Answers one of the candidates; undefined when there is none. `random` answers from 0 up to, not including, 1. */
export type Strategy = <C extends Candidate>(candidates: readonly C[], random: () => number) => C | undefined
