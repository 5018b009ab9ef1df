/** Clients' keys in the operator's hands. Each change is recorded with what is stored of it, and in force in this process before it is acknowledged. */
import type { Clock } from '../clock.ts'
import { GatewayError } from '../conversation/failures.ts'
import type { Actor, Happening } from '../events/event.ts'
import { applyChanges, replaceSecret, revoke, type KeyChanges } from './change-key.ts'
import type { ClientKey } from './client-key.ts'
import type { ClientKeyStore, KeyChange } from './client-key-store.ts'
import type { KeyRing } from './key-ring.ts'
import type { KeySecrets } from './key-secrets.ts'
import type { KeyUses } from './key-uses.ts'
import { settingsChanged, writeInstant, writeSettings } from './write-settings.ts'

/** The only moment at which the secret is there. */
export interface HandedOutKey {
  key: ClientKey
  secret: string
}

/** All throw `not-found` for an id that is not known; an `actor` is who does it. */
export interface Keys {
  /** All of them, the oldest first. */
  list(): Promise<ClientKey[]>
  get(id: string): Promise<ClientKey>
  create(settings: KeyChanges & { name: string }, actor: Actor): Promise<HandedOutKey>
  change(id: string, changes: KeyChanges, actor: Actor): Promise<ClientKey>
  /** A new secret; the one so far works on for `graceSeconds`. */
  rotate(id: string, graceSeconds: number, actor: Actor): Promise<HandedOutKey>
  /** For good. The key stays listed, as does what it has used. */
  revoke(id: string, actor: Actor): Promise<ClientKey>
}

interface KeysParts {
  store: Pick<ClientKeyStore, 'list' | 'find' | 'insert' | 'update'>
  ring: Pick<KeyRing, 'reload'>
  uses: Pick<KeyUses, 'lastOf'>
  secrets: Pick<KeySecrets, 'create'>
  clock: Pick<Clock, 'now'>
  createId: () => string
}

export function createKeys({ store, ring, uses, secrets, clock, createId }: KeysParts): Keys {
  /** Uses that are not stored yet are those of this process alone. */
  function withLastUse(key: ClientKey): ClientKey {
    const lastUsedAt = uses.lastOf(key.id) ?? key.lastUsedAt
    return lastUsedAt === undefined ? key : { ...key, lastUsedAt }
  }

  async function update(id: string, change: (key: ClientKey) => KeyChange): Promise<ClientKey> {
    const updated = await store.update(id, change)
    if (updated === undefined) throw unknownKey()
    await ring.reload()
    return withLastUse(updated.after)
  }

  return {
    list: async () => (await store.list()).map(withLastUse),

    async get(id) {
      const key = await store.find(id)
      if (key === undefined) throw unknownKey()
      return withLastUse(key)
    },

    async create(settings, actor) {
      const now = clock.now()
      const createdAt = new Date(now)
      const { secret, digest, prefix } = secrets.create()
      const blank = {
        id: createId(),
        name: '',
        limits: {},
        createdAt,
        secrets: [{ digest, prefix, createdAt }],
      }
      const key = applyChanges(blank, settings, now)
      await store.insert(key, tell('key-created', key, { actor, after: { ...writeSettings(key), prefix } }))
      await ring.reload()
      return { key, secret }
    },

    change: (id, changes, actor) =>
      update(id, (before) => {
        const after = applyChanges(before, changes, clock.now())
        const differences = settingsChanged(before, after)
        const isChanged = Object.keys(differences.after).length > 0
        return {
          after,
          happening: isChanged ? tell('key-changed', after, { actor, ...differences }) : undefined,
        }
      }),

    async rotate(id, graceSeconds, actor) {
      const now = clock.now()
      const graceEndsAt = new Date(now + graceSeconds * 1000)
      const { secret, digest, prefix } = secrets.create()
      const next = { digest, prefix, createdAt: new Date(now) }
      const key = await update(id, (before) => {
        const happening = tell('key-rotated', before, {
          actor,
          before: { prefix: before.secrets.at(-1)?.prefix ?? null },
          after: { prefix, replaced_until: writeInstant(graceEndsAt) },
        })
        return { after: replaceSecret(before, { secret: next, graceEndsAt, now }), happening }
      })
      return { key, secret }
    },

    revoke: (id, actor) =>
      update(id, (before) => ({
        after: revoke(before, new Date(clock.now())),
        happening: before.revokedAt === undefined ? tell('key-removed', before, { actor }) : undefined,
      })),
  }
}

function tell(
  kind: Happening['kind'],
  { id, name }: ClientKey,
  details: Pick<Happening, 'actor' | 'before' | 'after'>,
): Happening {
  return { kind, subject: { kind: 'key', id, name }, ...details }
}

function unknownKey(): GatewayError {
  return new GatewayError('not-found', 'There is no key with this id.', { code: 'key_not_found' })
}
