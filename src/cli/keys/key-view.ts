import { replacedUntil, statusOf, type ClientKey } from '../../keys/client-key.ts'
import type { Keys } from '../../keys/keys.ts'
import { writeInstant, writeSettings } from '../../keys/write-settings.ts'
import { beginsWith } from '../begins-with.ts'
import { CommandError } from '../command-error.ts'

export type KeyView = ReturnType<typeof viewKey>

/** Under the names of the management API. Of its secret nothing but the beginning. */
export function viewKey(key: ClientKey, now: number) {
  return {
    id: key.id,
    ...writeSettings(key),
    name: key.name,
    expires_at: writeInstant(key.expiresAt),
    prefix: key.secrets.at(-1)?.prefix ?? null,
    status: statusOf(key, now),
    created_at: writeInstant(key.createdAt),
    last_used_at: writeInstant(key.lastUsedAt),
    revoked_at: writeInstant(key.revokedAt),
    replaced_until: writeInstant(replacedUntil(key, now)),
  }
}

/** By id, its first four or more characters, or name; keys that are revoked by id alone. Throws a CommandError when it means none, or several. */
export async function findKey(keys: Pick<Keys, 'list'>, name: string): Promise<ClientKey> {
  const known = await keys.list()
  const byId = known.find(({ id }) => id === name)
  if (byId !== undefined) return byId
  const living = known.filter(({ revokedAt }) => revokedAt === undefined)
  const byName = living.filter((key) => key.name === name)
  const matches = byName.length > 0 ? byName : living.filter(({ id }) => beginsWith(id, name))
  const [match] = matches
  if (match === undefined) throw new CommandError(`There is no key "${name}".`)
  if (matches.length > 1) throw new CommandError(`"${name}" means ${matches.length} keys: say it by its id.`)
  return match
}
