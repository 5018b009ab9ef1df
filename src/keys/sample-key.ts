import type { ClientKey } from './client-key.ts'

/** For tests: a key without limits, whose secret has the digest `digest of ID`. */
export function sampleKey(id: string, changes: Partial<ClientKey> = {}): ClientKey {
  const createdAt = new Date('2026-11-22T10:00:00Z')
  return {
    id,
    name: `key ${id}`,
    createdAt,
    limits: {},
    secrets: [{ digest: `digest of ${id}`, prefix: `qk_${id}`, createdAt }],
    ...changes,
  }
}
