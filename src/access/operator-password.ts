/**
 * The operator's password: of the environment, as it is or as a hash, else the one that was set through the API. What the
 * database holds is read anew each time, so that a new password counts in every process at once.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { unreachable } from '../conversation/unreachable.ts'
import type { Happening } from '../events/event.ts'
import type { PasswordHasher } from './password-hash.ts'
import type { Throttle } from './throttle.ts'

/** What the environment says: ADMIN_PASSWORD, or ADMIN_PASSWORD_HASH. */
export type GivenPassword = { kind: 'plain'; password: string } | { kind: 'hash'; hash: string }

export interface StoredPassword {
  /** Another one with each password. */
  id: string
  hash: string
}

export interface PasswordStore {
  read(): Promise<StoredPassword | undefined>
  /**
   * Puts `after` in the place of `before`, and records with it what happened, if anything did: both, or neither. False: that is
   * not what is there; undefined stands for nothing.
   */
  replace(before: StoredPassword | undefined, after: StoredPassword, happening?: Happening): Promise<boolean>
}

export type PasswordSource = 'environment' | 'stored'

export interface OperatorPassword {
  /** Where the one in effect comes from; undefined: none is set. */
  source(): Promise<PasswordSource | undefined>
  /** Tells the password in effect from others, and tells nothing about it. Undefined: none is set. */
  print(): Promise<string | undefined>
  /** Whether it is this one. Throws `throttled` after too many wrong ones from this address. False while none is set. */
  verify(secret: string, address: string): Promise<boolean>
  /**
   * Stores one, which counts unless the environment says another. `knownPrint`: of the one that was in effect when the caller
   * showed that he knows it; undefined: none was. False: another one is in effect by now.
   */
  store(password: string, wish: { knownPrint: string | undefined; happening: Happening }): Promise<boolean>
}

interface OperatorPasswordParts {
  given: GivenPassword | undefined
  stored: PasswordStore
  createId: () => string
  hasher: PasswordHasher
  throttle: Throttle
  /** Keys the digest by which a password that was right once is known again, without the half second of scrypt. */
  digestKey: Buffer
}

interface InEffect {
  source: PasswordSource
  print: string
  /** The hash of a plain password is made when it is first asked for: a start does not wait for it. */
  hash(): Promise<string>
}

export function createOperatorPassword(parts: OperatorPasswordParts): OperatorPassword {
  const { hasher, throttle, stored } = parts
  const digestOf = (...texts: string[]) =>
    createHmac('sha256', parts.digestKey).update(JSON.stringify(texts)).digest()
  const printOf = (...texts: string[]) => digestOf('print', ...texts).toString('hex')

  const given = parts.given && readGiven(parts.given, hasher, printOf)
  const running = new Map<string, Promise<boolean>>()
  let remembered: Buffer | undefined

  const isRemembered = (digest: Buffer) => remembered !== undefined && timingSafeEqual(digest, remembered)

  async function inEffect(): Promise<InEffect | undefined> {
    if (given !== undefined) return given
    const kept = await stored.read()
    return kept && toInEffect(kept)
  }

  function toInEffect({ id, hash }: StoredPassword): InEffect {
    return { source: 'stored', print: printOf('stored', id), hash: async () => hash }
  }

  /** Hashes that were made when less was demanded of them are made anew once the password is at hand. */
  async function strengthen(secret: string): Promise<void> {
    const kept = await stored.read()
    if (kept === undefined || !hasher.isOutdated(kept.hash)) return
    await stored.replace(kept, { id: kept.id, hash: await hasher.hash(secret) })
  }

  /** Counted before it is hashed, so that parallel guesses do not slip through. */
  async function judge(
    secret: string,
    digest: Buffer,
    attempted: InEffect,
    address: string,
  ): Promise<boolean> {
    const attempt = await throttle.count(address)
    try {
      const isRight = await hasher.verify(secret, await attempted.hash())
      if (!isRight) return false
    } catch (error) {
      await attempt.withdrawn()
      throw error
    }
    remembered = digest
    await attempt.succeeded()
    if (attempted.source === 'stored') await strengthen(secret)
    return true
  }

  /** The same secret from the same address at the same moment is one try. */
  function judgeOnce(name: string, judging: () => Promise<boolean>): Promise<boolean> {
    const known = running.get(name)
    if (known !== undefined) return known
    const result = judging().finally(() => running.delete(name))
    running.set(name, result)
    return result
  }

  return {
    source: async () => (await inEffect())?.source,
    print: async () => (await inEffect())?.print,

    async verify(secret, address) {
      const current = await inEffect()
      if (current === undefined) return false
      const trimmed = secret.trim()
      const digest = digestOf('secret', current.print, trimmed)
      // Before the comparison: who has to wait learns nothing about a guess, not even a right one.
      await throttle.admit(address)
      if (isRemembered(digest)) {
        await throttle.trust(address)
        return true
      }
      const name = `${address} ${digest.toString('base64')}`
      return judgeOnce(name, () => judge(trimmed, digest, current, address))
    },

    async store(password, { knownPrint, happening }) {
      const before = await stored.read()
      const present = given ?? (before && toInEffect(before))
      if (present?.print !== knownPrint) return false
      const after = { id: parts.createId(), hash: await hasher.hash(password.trim()) }
      return stored.replace(before, after, happening)
    },
  }
}

function readGiven(
  given: GivenPassword,
  hasher: PasswordHasher,
  printOf: (...texts: string[]) => string,
): InEffect {
  switch (given.kind) {
    case 'plain': {
      const password = given.password.trim()
      return {
        source: 'environment',
        print: printOf('plain', password),
        hash: onceRight(() => hasher.hash(password)),
      }
    }
    case 'hash': {
      const { hash } = given
      return { source: 'environment', print: printOf('hash', hash), hash: async () => hash }
    }
    default:
      return unreachable(given)
  }
}

/** Makes something once; after a failure, again. */
function onceRight<Made>(make: () => Promise<Made>): () => Promise<Made> {
  let made: Promise<Made> | undefined
  return async () => {
    made ??= make()
    try {
      return await made
    } catch (error) {
      made = undefined
      throw error
    }
  }
}
