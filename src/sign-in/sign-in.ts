/** A person's sign-in by device authorization: begun here, approved in a browser, finished in the background. */
import type { AccountChange } from '../accounts/account-input.ts'
import type { Credentials } from '../accounts/account.ts'
import { unreachable } from '../conversation/unreachable.ts'
import type { Actor } from '../events/event.ts'

/** How the account is to be set up that comes of it. */
export type SignInWishes = Omit<
  AccountChange,
  | 'clientId'
  | 'clientSecret'
  | 'refreshToken'
  | 'accessToken'
  | 'other'
  | 'region'
  | 'signInRegion'
  | 'signIn'
>

/** What is asked, of which service, and for which account. */
export interface SignInOrder {
  startUrl: string
  /** Of the sign-in service. */
  region: string
  wishes: SignInWishes
  /** Absent: whoever signs in. */
  accountId?: string
  /** Id of the account that is made when the person has none. It is fixed now, so that no crash makes two. */
  newAccountId: string
  /** For the events. */
  startedBy?: Actor
}

/** What the person is shown. */
export interface SignInPrompt {
  userCode: string
  verificationUri: string
  verificationUriComplete: string
}

export type SignInState =
  /** Waits for the person. */
  | { kind: 'pending' }
  /** Its tokens are stored; the account comes next. */
  | { kind: 'approved' }
  | { kind: 'completed'; accountId: string }
  | { kind: 'timeout'; message: string }
  | { kind: 'error'; message: string }
  | { kind: 'cancelled' }

/** Secrets live apart, in DeviceSecrets and Grant. */
export interface SignIn {
  /** 128 random bits. */
  id: string
  state: SignInState
  order: SignInOrder
  prompt: SignInPrompt
  intervalSeconds: number
  /** Until the code ends; 0 when it has. */
  remainingSeconds: number
  createdAt: Date
}

/** With which the sign-in service is polled. */
export interface DeviceSecrets {
  clientId: string
  clientSecret: string
  deviceCode: string
  registrationExpiresAt?: Date
}

/** What the service gave when the person had approved. */
export type Grant = Credentials & { accessToken: string; expiresAt: Date }

/** Words for how it ended, if not well. */
export function errorOf(state: SignInState): string | null {
  switch (state.kind) {
    case 'timeout':
    case 'error':
      return state.message
    case 'cancelled':
      return 'The sign-in was cancelled.'
    case 'pending':
    case 'approved':
    case 'completed':
      return null
    default:
      return unreachable(state)
  }
}
