/** What happened to accounts, keys and settings, and by whom: for the operator, who may have to know long after. */
import type { JsonObject } from '../conversation/conversation.ts'

export const eventKinds = [
  'account-created',
  'account-changed',
  'account-removed',
  /** Its status has changed: disabled, parked, signed in again, … */
  'account-status',
  'account-signed-in',
  'accounts-exported',
  'accounts-imported',
  'key-created',
  'key-changed',
  'key-rotated',
  'key-removed',
  'operator-signed-in',
  'operator-signed-out',
  /** A wrong password, or a token that is not known. */
  'operator-refused',
  'password-set',
  'admin-token-created',
  'admin-token-removed',
  'local-mode-ended',
  'master-key-rotated',
  'data-key-rotated',
  'setting-changed',
  'proxy-tested',
  /** What is said in calls is kept for a while. */
  'capture-started',
  'capture-stopped',
  'captures-purged',
  /** An operator has looked at what was said in a call. */
  'bodies-read',
  'gateway-started',
  'gateway-stopped',
  /** Old entries were taken away; it holds the hash of the last of them, so that the rest can still be verified. */
  'events-pruned',
] as const
export type EventKind = (typeof eventKinds)[number]

export interface Actor {
  kind: 'gateway' | 'operator' | 'client'
  /** How an operator got in, or the print of a client's key. */
  via?: string
  name?: string
  address?: string
}

export interface Happening {
  kind: EventKind
  actor: Actor
  /** What it happened to. */
  subject?: {
    kind: 'account' | 'key' | 'admin-token' | 'setting' | 'capture' | 'call'
    id: string
    name?: string
  }
  /** The members that have changed, without secrets. */
  before?: JsonObject
  after?: JsonObject
  /** In plain words, for people. */
  reason?: string
}

/** A place in the chain of entries: its number, and the hash that its successor repeats. */
export interface Link {
  id: number
  hash: string
}

/** What is kept of a happening. Entries are only ever added, each bound to the one before. */
export interface EventEntry extends Happening, Link {
  /** ISO 8601, UTC, to the millisecond. */
  at: string
  previousHash: string
}

/** An effect is acknowledged only after `record` has resolved. */
export interface EventRecorder {
  /** Rejects when it cannot be stored: then the effect must not be acknowledged either. */
  record(happening: Happening): Promise<void>
}

/** What the gateway does by itself. */
export const GATEWAY: Actor = { kind: 'gateway' }
