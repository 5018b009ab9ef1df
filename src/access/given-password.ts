import { StartError } from '../start-error.ts'
import type { GivenPassword } from './operator-password.ts'
import { isUsableHash } from './password-hash.ts'
import { refuseWeakPassword } from './weak-passwords.ts'

/** What the environment says of the operator's password. Throws a StartError for one that lets everybody in, or nobody. */
export function readGivenPassword(
  plain: string | undefined,
  hash: string | undefined,
): GivenPassword | undefined {
  if (plain !== undefined && hash !== undefined) {
    throw new StartError('ADMIN_PASSWORD_HASH must not be set beside ADMIN_PASSWORD: keep one of them.')
  }
  if (plain !== undefined) {
    refuseWeakPassword(plain)
    return { kind: 'plain', password: plain }
  }
  if (hash === undefined) return undefined
  if (isUsableHash(hash.trim())) return { kind: 'hash', hash: hash.trim() }
  throw new StartError(
    'ADMIN_PASSWORD_HASH must be a hash like $scrypt$ln=17,r=8,p=1$SALT$HASH: make one with `node bin/aqueduct.cjs hash-password`, and put it between single quotes in a .env file.',
  )
}
