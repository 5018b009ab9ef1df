import { hash, timingSafeEqual } from 'node:crypto'

/**
 * Finds the place of a secret in `expected`, whose digests are made once. Each is compared, and by its digest, so that
 * the time tells neither which one it is, nor its length, nor where it differs. -1: it is none of them.
 */
export function createSecretMatch(expected: readonly string[]): (given: string) => number {
  const digests = expected.map(digest)
  return (given) => {
    const found = digest(given)
    return digests.reduce((place, each, index) => (timingSafeEqual(found, each) ? index : place), -1)
  }
}

function digest(secret: string): Buffer {
  return hash('sha256', secret, 'buffer')
}
