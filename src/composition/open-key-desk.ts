import { randomUUID } from 'node:crypto'
import { createKeys } from '../keys/keys.ts'
import type { Records } from './records.ts'

/** Clients' keys in the operator's hands. */
export function openKeyDesk({
  keyStore: store,
  keyRing: ring,
  keyUses: uses,
  keySecrets: secrets,
  clock,
}: Records) {
  return createKeys({ store, ring, uses, secrets, clock, createId: randomUUID })
}
