/** Which of the gateway's keys the typed one is, as far as that can be seen. Pure. */
import type { Key } from '../../api/types.ts'

/** The gateway tells the first characters of a key, so a key that is half typed is none yet. */
const SHORTEST = 16

export function findKey(typed: string, keys: readonly Key[]): Key | undefined {
  if (typed.length < SHORTEST) return undefined
  const found = keys.filter(({ prefix }) => prefix !== null && typed.startsWith(prefix))
  return found.find(isUsable) ?? found[0]
}

export function isUsable({ status }: Pick<Key, 'status'>): boolean {
  return status === 'active' || status === 'rotating'
}
