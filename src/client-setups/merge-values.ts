/** Wanted settings laid over those that are there: nothing else is lost, and each change is told. */
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { KEY_PLACEHOLDER } from './client-setup.ts'
import { MergeRefused } from './merge-refused.ts'

export interface ValueChange {
  keys: readonly (string | number)[]
  before: JsonValue | undefined
  after: JsonValue
}

interface Merged {
  value: JsonValue
  changes: ValueChange[]
}

/**
 * Objects are merged by their keys, lists of things with names by these; other values are replaced. A key that is there
 * already is not replaced by the placeholder. Throws MergeRefused where the two are of different shape.
 */
export function mergeValues(
  before: JsonValue | undefined,
  wanted: JsonValue,
  keys: ValueChange['keys'] = [],
): Merged {
  if (before === undefined || before === null) {
    return { value: wanted, changes: wanted === before ? [] : [{ keys, before, after: wanted }] }
  }
  if (isObject(wanted)) {
    if (isObject(before)) return mergeObjects(before, wanted, keys)
    throw new MergeRefused(`${nameOf(keys)} is something else than a group of settings in it`)
  }
  if (typeof before === 'object' && !(Array.isArray(before) && Array.isArray(wanted))) {
    throw new MergeRefused(`${nameOf(keys)} is something else than a single value in it`)
  }
  if (isNamed(before) && isNamed(wanted)) return mergeNamed(before, wanted, keys)
  const isSame = JSON.stringify(before) === JSON.stringify(wanted)
  if (isSame || wanted === KEY_PLACEHOLDER) return { value: before, changes: [] }
  return { value: wanted, changes: [{ keys, before, after: wanted }] }
}

function mergeObjects(before: JsonObject, wanted: JsonObject, keys: ValueChange['keys']): Merged {
  const merged = Object.entries(wanted).map(
    ([key, value]) =>
      [
        key,
        mergeValues(Object.hasOwn(before, key) ? before[key] : undefined, value, [...keys, key]),
      ] as const,
  )
  return {
    value: { ...before, ...Object.fromEntries(merged.map(([key, { value }]) => [key, value])) },
    changes: merged.flatMap(([, { changes }]) => changes),
  }
}

type Named = JsonObject & { name: string }

function mergeNamed(before: readonly Named[], wanted: readonly Named[], keys: ValueChange['keys']): Merged {
  const value: JsonValue[] = [...before]
  const changes: ValueChange[] = []
  for (const item of wanted) {
    const found = before.findIndex(({ name }) => name === item.name)
    const index = found === -1 ? value.length : found
    const merged = mergeValues(value[index], item, [...keys, index])
    value[index] = merged.value
    changes.push(...merged.changes)
  }
  return { value, changes }
}

function isNamed(value: JsonValue): value is Named[] {
  return Array.isArray(value) && value.every((item) => isObject(item) && typeof item['name'] === 'string')
}

export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function nameOf(keys: ValueChange['keys']): string {
  return keys.length === 0 ? 'the whole of it' : keys.join('.')
}
