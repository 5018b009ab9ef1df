import type { KeyGrant } from './key-grant.ts'

/** Who makes a request, as its credentials tell; decided once, at the door. */
export type Caller =
  /** Nobody was asked who they are: the route is open to all, or no key is set. */
  | { kind: 'anyone' }
  /** A program with one of the client keys. `print` tells them apart and tells nothing about the key. */
  | { kind: 'key'; print: string; grant: KeyGrant }
  | Operator

export interface Operator {
  kind: 'operator'
  /** `local`: no password is set, and the request comes straight from this machine. */
  via: 'local' | 'password' | 'session' | 'token'
  /** Of the token. */
  name?: string
  /** The token is for reading alone. */
  isReader?: true
}

export const ANYONE: Caller = { kind: 'anyone' }
