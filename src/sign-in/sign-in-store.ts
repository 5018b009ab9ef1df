import type { DeviceSecrets, Grant, SignIn, SignInOrder, SignInPrompt } from './sign-in.ts'

export interface StartLimits {
  mostPending: number
  /** Within `windowSeconds`. */
  mostStarts: number
  windowSeconds: number
}

export type Reservation =
  | { kind: 'reserved' }
  | { kind: 'too-many-pending' | 'too-many-starts'; retryAfterSeconds: number }

/** What is kept of a sign-in that has begun. */
export interface BegunSignIn {
  order: SignInOrder
  prompt: SignInPrompt
  device: DeviceSecrets
  intervalSeconds: number
  lifeSeconds: number
}

export type OpenState = 'pending' | 'approved'

export interface SignInFailure {
  kind: 'timeout' | 'error'
  message: string
}

/**
 * Where sign-ins are kept, so that every process knows of all of them. Times are the database's own. A promise that
 * resolves means that the change survives a crash; each change is made only from the states that it names.
 */
export interface SignInStore {
  /** Counts a start, before the service is asked: failed ones count too. */
  reserve(id: string, limits: StartLimits): Promise<Reservation>
  /** reserved → pending. False: it was not reserved. */
  begin(id: string, begun: BegunSignIn): Promise<boolean>
  /** reserved → nothing but a count. */
  giveUp(id: string): Promise<void>
  /** Undefined for one that has not begun, or that is damaged; of one that was ended for that, what is known. */
  find(id: string): Promise<SignIn | undefined>
  /** Begun and not pruned yet, the latest first, so many at most. */
  list(most: number): Promise<SignIn[]>
  /** Ids of those that are pending or approved. */
  listOpen(): Promise<string[]>
  /** Undefined when it waits no more. */
  readDevice(id: string): Promise<DeviceSecrets | undefined>
  saveInterval(id: string, intervalSeconds: number): Promise<void>
  /** pending, timeout or error → approved: tokens that arrive late are good, but not those of a cancelled one. False: not kept. */
  saveGrant(id: string, grant: Grant): Promise<boolean>
  /** Undefined when it is not approved. */
  readGrant(id: string): Promise<Grant | undefined>
  /** approved → completed */
  complete(id: string, accountId: string): Promise<void>
  /** `from` → that end, its secrets wiped. */
  fail(id: string, from: readonly OpenState[], end: SignInFailure): Promise<void>
  /** pending → cancelled. False: it was not pending. */
  cancel(id: string): Promise<boolean>
  /** True once: the result is told in full to whoever comes first. */
  takeResult(id: string): Promise<boolean>
  /** Forgets those that began so long ago; `approvedSeconds`: those whose tokens still wait for their account. */
  prune(ages: { seconds: number; approvedSeconds: number }): Promise<void>
}
