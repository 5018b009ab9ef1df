/**
 * `$ref` of a tool's input schema, followed by putting what it points to in its place. Schemas come from strangers: a few
 * lines of them may point at each other so that the whole would grow without end.
 */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { isJsonObject, typeNamed } from './tool-schema-keywords.ts'
import { measure } from './tool-schema-size.ts'

/** How much all schemas of a request may grow together by copies of what they refer to. */
export interface SchemaGrowth {
  charactersLeft: number
}

export interface References {
  /** What stands for the reference; `rewrite` is called with what it points to. */
  inline(reference: JsonValue, rewrite: (target: JsonObject) => JsonObject): JsonObject
}

interface ReferencesOptions {
  root: JsonObject
  growth: SchemaGrowth
  /** Told when less stands for a reference than what it points to. */
  onCut: () => void
}

const MAX_GROWTH_OF_REQUEST = 400_000
const MAX_GROWTH_OF_SCHEMA = 100_000
const MAX_REFERENCES_DEEP = 16
/** A type that contains itself is shown so many levels deep. */
const MAX_RECURSION = 3

export function createSchemaGrowth(): SchemaGrowth {
  return { charactersLeft: MAX_GROWTH_OF_REQUEST }
}

export function createReferences({ root, growth, onCut }: ReferencesOptions): References {
  const inside: JsonObject[] = []
  let names: ReadonlyMap<string, JsonObject> | undefined
  /** Copies in the size of the schema itself are no growth: most definitions are used once. */
  let freeCharacters: number | undefined
  let ownGrowthLeft = MAX_GROWTH_OF_SCHEMA

  function resolve(reference: JsonValue): JsonObject | undefined {
    if (typeof reference !== 'string') return undefined
    if (reference.startsWith('#/') || reference === '#') return followPointer(root, reference.slice(1))
    names ??= findNames(root)
    const hash = reference.indexOf('#/')
    if (hash < 0) return names.get(reference)
    const base = names.get(reference.slice(0, hash))
    return base && followPointer(base, reference.slice(hash + 1))
  }

  /** False when the copy does not fit; then no further one is made, so that measuring ends as well. */
  function pay(target: JsonObject): boolean {
    freeCharacters ??= measure(root, Infinity)
    const credit = freeCharacters + Math.min(ownGrowthLeft, growth.charactersLeft)
    if (credit === 0) return false
    const price = measure(target, credit)
    const grown = Math.max(0, Math.min(price, credit) - freeCharacters)
    freeCharacters = Math.max(0, freeCharacters - price)
    ownGrowthLeft = price > credit ? 0 : ownGrowthLeft - grown
    growth.charactersLeft -= grown
    return price <= credit
  }

  return {
    inline(reference, rewrite) {
      const target = resolve(reference)
      if (target === undefined) {
        onCut()
        return {}
      }
      const recursion = inside.filter((each) => each === target).length
      if (recursion >= MAX_RECURSION || inside.length >= MAX_REFERENCES_DEEP || !pay(target)) {
        onCut()
        return outlineOf(target)
      }
      inside.push(target)
      const inlined = rewrite(target)
      inside.pop()
      return inlined
    },
  }
}

/** What remains of a type where it would go on for ever: no more than the reference itself was. */
export function outlineOf({ type }: JsonObject): JsonObject {
  const name = typeNamed(type)
  return name === undefined ? {} : { type: name }
}

function followPointer(root: JsonObject, pointer: string): JsonObject | undefined {
  let value: JsonValue | undefined = root
  for (const token of pointer.split('/').slice(1)) {
    const name = unescapeToken(token)
    if (name === undefined || typeof value !== 'object' || value === null) return undefined
    if (!Object.hasOwn(value, name)) return undefined
    value = Array.isArray(value) ? value[Number(name)] : value[name]
  }
  return isJsonObject(value) ? value : undefined
}

function unescapeToken(token: string): string | undefined {
  try {
    return decodeURIComponent(token).replaceAll('~1', '/').replaceAll('~0', '~')
  } catch {
    return undefined
  }
}

/** Parts of the schema that have names of their own: `$id`, and `$anchor` after a hash. */
function findNames(root: JsonObject): Map<string, JsonObject> {
  const names = new Map<string, JsonObject>()
  const waiting: JsonValue[] = [root]
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue
    if (!Array.isArray(value)) {
      const { $id, $anchor } = value
      if (typeof $id === 'string') names.set($id, value)
      if (typeof $anchor === 'string') names.set(`#${$anchor}`, value)
    }
    for (const member of Object.values(value)) waiting.push(member)
  }
  return names
}
