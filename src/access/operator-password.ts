import { createHmac, timingSafeEqual } from 'node:crypto'
import { GatewayError } from '../conversation/failures.ts'
import type { PasswordHasher } from './password-hash.ts'
import { bearerOf, type RequestHeaders } from './request-headers.ts'
import type { Throttle } from './throttle.ts'

export interface OperatorPassword {
  /** Throws `unauthenticated`, or `throttled` after too many wrong ones from this address. */
  check(headers: RequestHeaders, address: string): Promise<void>
}

interface OperatorPasswordParts {
  password: string
  hasher: PasswordHasher
  throttle: Throttle
  /** Keys the digest by which a password that was right once is known again, without the half second of scrypt. */
  digestKey: Buffer
}

/** The password of ADMIN_PASSWORD. Its hash is made when it is first asked for: a start does not wait for it. */
export function createOperatorPassword(parts: OperatorPasswordParts): OperatorPassword {
  const { hasher, throttle } = parts
  const running = new Map<string, Promise<boolean>>()
  let stored: Promise<string> | undefined
  let remembered: Buffer | undefined

  const digestOf = (secret: string) => createHmac('sha256', parts.digestKey).update(secret).digest()
  const isRemembered = (digest: Buffer) => remembered !== undefined && timingSafeEqual(digest, remembered)

  async function storedHash(): Promise<string> {
    stored ??= hasher.hash(parts.password.trim())
    try {
      return await stored
    } catch (error) {
      stored = undefined
      throw error
    }
  }

  /** Counted before it is hashed, so that parallel guesses do not slip through. */
  async function verify(secret: string, digest: Buffer, address: string): Promise<boolean> {
    const attempt = await throttle.count(address)
    try {
      const isRight = await hasher.verify(secret, await storedHash())
      if (!isRight) return false
    } catch (error) {
      await attempt.withdrawn()
      throw error
    }
    remembered = digest
    await attempt.succeeded()
    return true
  }

  /** The same secret from the same address at the same moment is one try. */
  function verifyOnce(secret: string, digest: Buffer, address: string): Promise<boolean> {
    const name = `${address} ${digest.toString('base64')}`
    const known = running.get(name)
    if (known !== undefined) return known
    const verifying = verify(secret, digest, address).finally(() => running.delete(name))
    running.set(name, verifying)
    return verifying
  }

  return {
    async check(headers, address) {
      const secret = bearerOf(headers)
      if (secret === undefined) {
        throw new GatewayError('unauthenticated', 'Send `Authorization: Bearer` with the operator password.')
      }
      const digest = digestOf(secret)
      // Before the comparison: who has to wait learns nothing about a guess, not even a right one.
      await throttle.admit(address)
      if (isRemembered(digest)) return throttle.trust(address)
      if (await verifyOnce(secret, digest, address)) return
      throw new GatewayError(
        'unauthenticated',
        'The password is wrong: send `Authorization: Bearer` with the value of ADMIN_PASSWORD.',
      )
    },
  }
}
