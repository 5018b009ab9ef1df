/** What a strategy is: a rule that chooses among accounts that could all serve a request. */
import type { Account } from '../../account.ts'

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
export interface Strategy {
  <C extends Candidate>(candidates: readonly C[], random: () => number): C | undefined
  /** How it chooses from a list that is kept ranked. Absent: it has to look at all, or need not look at more than a few. */
  readonly ranking?: Ranking | undefined
  /** By what it chooses, in settings' words, what comes first at the front. Absent: nobody needs to know. */
  readonly rules?: readonly string[] | undefined
}

export interface Ranking {
  /** The higher goes first, whatever its rate. Absent: all are alike. */
  tierOf?: (candidate: Candidate) => number
  /** Within a tier the higher goes first; among equals chance decides. */
  rate: (candidate: Candidate) => number
  /** Told of the one that was chosen by rank. */
  noteChosen?: (candidate: Candidate) => void
  /** Undefined, as a rule: rank decides. Else one that is to be served out of turn. */
  chooseBefore?: <C extends Candidate>(candidates: readonly C[], random: () => number) => C | undefined
}
