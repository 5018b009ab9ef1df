import { isDeepStrictEqual } from 'node:util'
import type { JsonObject } from '../conversation/conversation.ts'

/** The members in which two objects differ, as they were and as they are; undefined when there are none. */
export function findDifferences(
  before: JsonObject,
  after: JsonObject,
): { before: JsonObject; after: JsonObject } | undefined {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]))
  if (changed.length === 0) return undefined
  const pick = (from: JsonObject) => Object.fromEntries(changed.map((name) => [name, from[name] ?? null]))
  return { before: pick(before), after: pick(after) }
}
