import { randomBytes } from 'node:crypto'
import { text } from 'node:stream/consumers'
import type { Readable } from 'node:stream'
import { createPasswordHasher } from './access/password-hash.ts'
import { findWeakness } from './access/weak-passwords.ts'
import { StartError } from './start-error.ts'

/** The value of ADMIN_PASSWORD_HASH for the password that the input holds. Throws a StartError for a weak one. */
export async function hashPassword(input: Readable): Promise<string> {
  const password = (await text(input)).trim()
  const weakness = findWeakness(password)
  if (weakness !== undefined)
    throw new StartError(`The password ${weakness}: choose one of at least 12 characters.`)
  return createPasswordHasher({ randomBytes }).hash(password)
}
