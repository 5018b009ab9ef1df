/** The keys as they are in memory, found by the digest of what a request carries: no request waits for the database. */
import type { CreatedKeys, KeyVerdict, KnownKey } from '../access/client-keys.ts'
import type { Clock } from '../clock.ts'
import { createAddressMatch } from './address-list.ts'
import { isOver, type ClientKey, type KeySecret } from './client-key.ts'
import type { ClientKeyStore } from './client-key-store.ts'
import type { KeyUses } from './key-uses.ts'

export interface KeyRing extends CreatedKeys {
  /** Reads all keys anew; what was stored before the call is heeded when it resolves. */
  reload(): Promise<void>
  /** The same, if anything has changed since. */
  catchUp(): Promise<void>
}

interface KeyRingParts {
  store: Pick<ClientKeyStore, 'readRevision' | 'list'>
  uses: Pick<KeyUses, 'note'>
  clock: Pick<Clock, 'now'>
}

interface HeldKey {
  key: ClientKey
  secret: KeySecret
  known: KnownKey
  /** Undefined: from everywhere. */
  isAddressAllowed: ((address: string | undefined) => boolean) | undefined
}

/** Reads the keys first: nobody is to be let in because they were not known yet. */
export async function openKeyRing({ store, uses, clock }: KeyRingParts): Promise<KeyRing> {
  let byDigest: ReadonlyMap<string, HeldKey> = new Map()
  let revision = -1
  let reading = Promise.resolve()

  async function read(isDue: (stored: number) => boolean): Promise<void> {
    // Before the keys: they are as new as that, or newer.
    const stored = await store.readRevision()
    if (!isDue(stored)) return
    byDigest = new Map((await store.list()).flatMap(hold))
    revision = stored
  }

  /** One after the other, so that what was read last was read latest. */
  function readInTurn(isDue: (stored: number) => boolean): Promise<void> {
    const turn = reading.then(() => read(isDue))
    reading = turn.catch(() => {})
    return turn
  }

  const ring: KeyRing = {
    exist: () => byDigest.size > 0,
    admit(digest, address) {
      const held = byDigest.get(digest)
      if (held === undefined) return undefined
      const now = clock.now()
      const verdict = judge(held, { now, address })
      if (verdict.kind === 'usable') uses.note(held.key.id, now)
      return verdict
    },
    reload: () => readInTurn(() => true),
    catchUp: () => readInTurn((stored) => stored !== revision),
  }
  await ring.reload()
  return ring
}

function judge(
  { key, secret, known, isAddressAllowed }: HeldKey,
  { now, address }: { now: number; address: string | undefined },
): KeyVerdict {
  if (key.revokedAt !== undefined) return { kind: 'revoked' }
  if (isOver(key.expiresAt, now)) return { kind: 'expired' }
  if (isOver(secret.endsAt, now)) return { kind: 'replaced' }
  if (isAddressAllowed?.(address) === false) return { kind: 'wrong-address' }
  return { kind: 'usable', key: known }
}

/** All that can be worked out before a request comes. */
function hold(key: ClientKey): [string, HeldKey][] {
  const { id, name, models, accountTags, addresses, limits } = key
  const grant = { id, name, limits, ...(models && { models }), ...(accountTags && { accountTags }) }
  const known: KnownKey = { print: id, grant }
  const isAddressAllowed = addresses && createAddressMatch(addresses)
  return key.secrets.map((secret) => [secret.digest, { key, secret, known, isAddressAllowed }])
}
