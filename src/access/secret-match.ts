import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Answers whether a secret is one of `expected`, whose digests are made once. Each is compared, and by its digest, so that
 * the time tells neither which one it is, nor its length, nor where it differs.
 */
export function createSecretMatch(expected: readonly string[]): (given: string) => boolean {
  const digests = expected.map(digest)
  return (given) => {
    const found = digest(given)
    return digests.filter((each) => timingSafeEqual(found, each)).length > 0
  }
}

function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}
