/** Who makes a request, as its credentials tell; decided once, at the door. */
export type Caller =
  /** Nobody was asked who they are: the route is open to all, or no key is set. */
  | { kind: 'anyone' }
  /** A program with one of the client keys. `print` tells them apart and tells nothing about the key. */
  | { kind: 'key'; print: string }
  | { kind: 'operator' }

export const ANYONE: Caller = { kind: 'anyone' }
export const OPERATOR: Caller = { kind: 'operator' }
