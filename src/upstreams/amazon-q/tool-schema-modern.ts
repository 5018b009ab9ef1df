/** Spellings of JSON Schema that the service refuses, in others of the same meaning (protocol 8.3). */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { isJsonObject, typeNamed, withoutMembers } from './tool-schema-keywords.ts'

interface ModerniseOptions {
  /** The value may be left out, so that it need not be null as well. */
  omittable: boolean
  lost: Set<string>
}

/** Looks at the schema itself only, not at those inside it. */
export function modernise(schema: JsonObject, { omittable, lost }: ModerniseOptions): JsonObject {
  let modern = schema
  if (Array.isArray(schema['type'])) modern = splitTypes(modern, schema['type'], { omittable, lost })
  if ('const' in schema) modern = modernConstant(modern)
  if (typeof schema['exclusiveMinimum'] === 'boolean') modern = modernBound(modern, 'Minimum')
  if (typeof schema['exclusiveMaximum'] === 'boolean') modern = modernBound(modern, 'Maximum')
  if (Array.isArray(schema['items']) || 'additionalItems' in schema) modern = modernTuple(modern)
  if ('patternProperties' in schema) modern = openPatterns(modern)
  return modern
}

/** One type, where leaving the value out can stand for null; else an alternative for each type. */
function splitTypes(
  schema: JsonObject,
  types: readonly JsonValue[],
  { omittable, lost }: ModerniseOptions,
): JsonObject {
  const rest = withoutMembers(schema, 'type')
  const names = new Set(types.map(typeNamed).filter((name) => name !== undefined))
  if (names.has('number')) names.delete('integer')
  if (omittable && names.size > 1 && names.delete('null')) lost.add('type')
  const [first] = names
  if (first === undefined) {
    lost.add('type')
    return rest
  }
  if (names.size === 1) return { type: first, ...(omittable ? withoutNullChoice(rest) : rest) }
  const free = ['anyOf', 'oneOf'].find((keyword) => !(keyword in rest))
  if (free !== undefined) return { ...rest, [free]: [...names].map((type) => ({ type })) }
  lost.add('type')
  return rest
}

function withoutNullChoice(schema: JsonObject): JsonObject {
  const { enum: choices, default: preset, ...rest } = schema
  const kept = Array.isArray(choices) ? choices.filter((choice) => choice !== null) : undefined
  return {
    ...rest,
    ...(choices !== undefined && { enum: kept === undefined || kept.length === 0 ? choices : kept }),
    ...(preset !== undefined && preset !== null && { default: preset }),
  }
}

function modernConstant(schema: JsonObject): JsonObject {
  const { const: constant, ...rest } = schema
  return constant === undefined ? rest : { ...rest, enum: [constant] }
}

/** Draft 4: `exclusiveMinimum: true` makes `minimum` exclusive. */
function modernBound(schema: JsonObject, bound: 'Minimum' | 'Maximum'): JsonObject {
  const { [`exclusive${bound}`]: isExclusive, ...rest } = schema
  const { [bound.toLowerCase()]: limit, ...others } = rest
  return isExclusive === true && typeof limit === 'number'
    ? { ...others, [`exclusive${bound}`]: limit }
    : rest
}

/** Until draft 7: a list of `items` for the first places, `additionalItems` for the others. */
function modernTuple(schema: JsonObject): JsonObject {
  const { items, additionalItems, ...rest } = schema
  if (!Array.isArray(items)) return items === undefined ? rest : { ...rest, items }
  return {
    ...rest,
    ...(items.length > 0 && { prefixItems: items }),
    ...(additionalItems !== undefined && { items: additionalItems }),
  }
}

/** Names that only a pattern allows must not be forbidden once it is gone. */
function openPatterns(schema: JsonObject): JsonObject {
  const { additionalProperties, ...rest } = schema
  const patterns = isJsonObject(schema['patternProperties']) ? Object.values(schema['patternProperties']) : []
  const [only, ...others] = patterns
  if (only === undefined || additionalProperties === undefined || additionalProperties === true) return schema
  const isOnly = others.length === 0 && additionalProperties === false
  return isOnly ? { ...rest, additionalProperties: only } : rest
}
