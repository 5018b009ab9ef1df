import type { Grant } from './sign-in.ts'

export interface SpilledGrant {
  signInId: string
  grant: Grant
}

/**
 * Where tokens of approved sign-ins wait that the database did not take: the code is used up with them, so there are no
 * others. A promise that resolves means that the change survives a crash.
 */
export interface GrantSpill {
  /** Throws when it cannot be written either. */
  write(spilled: SpilledGrant): Promise<void>
  list(): Promise<SpilledGrant[]>
  remove(signInId: string): Promise<void>
  /** Keeps it for the operator, and lists it no more. */
  setAside(signInId: string, why: string): Promise<void>
}
