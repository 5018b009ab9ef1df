/** What is read of a place where another program keeps accounts. Sources are only ever read, and none of their code is run. */
import type { NewAccount } from '../accounts/account-input.ts'
import { GatewayError } from '../conversation/failures.ts'

export type SourceKind =
  | 'aqueduct-export'
  | 'json'
  | 'csv'
  | 'q2api-sqlite'
  | 'q2api-postgres'
  | 'q2api-mysql'
  | 'amazon-q-cli'
  | 'kiro-cli'
  | 'kiro-ide'

/** `row`: its place in the source, counted from 1. `name`: what its owner calls it. Problems hold no secret. */
export type SourceRow = { row: number; name?: string } & (
  | { account: NewAccount }
  /** Why it cannot be an account here, in a sentence. */
  | { problem: string }
)

export interface Source {
  kind: SourceKind
  rows: SourceRow[]
  /** What its user should know before both programs use the accounts. */
  warning: string
}

/** What a body of `POST /v2/accounts` says of an account. Throws `invalid-request`. */
export type ReadAccount = (body: unknown) => NewAccount

/** A row before it is judged: its values under the names that its program gives them. */
export type SourceRecord = Readonly<Record<string, unknown>>

export const MOST_ROWS = 100_000
/** Of one value of a database. Client secrets of AWS have some 4000 characters. */
export const MOST_CELL_BYTES = 65_536

/** Ends the reading of a source; the sentence says what to do, and holds no secret. */
export function unreadable(sentence: string, cause?: unknown): GatewayError {
  return new GatewayError('invalid-request', sentence, cause === undefined ? {} : { cause })
}

export function tooManyRows(): GatewayError {
  return unreadable(`It has more than ${MOST_ROWS} accounts: import it in parts.`)
}

/** Who has an account then, and what becomes of it when both go on. */
export function sharedWith(program: string): string {
  return (
    `After the import ${program} and this gateway hold the same sign-in: as soon as one of them refreshes it, the other one's ` +
    'may end. Let the gateway alone use it, and sign in once more there.'
  )
}
