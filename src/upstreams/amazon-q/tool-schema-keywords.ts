/** What becomes of each keyword of JSON Schema on the way to the service (protocol 8.3). */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'

export type KeywordKind =
  /** Says nothing about values; goes without a word. */
  | 'bookkeeping'
  /** Says something that the service refuses to hear; goes, and is told of. */
  | 'refused'
  | 'schema'
  | 'schema-or-boolean'
  | 'schemas'
  | 'properties'
  | 'text'
  | 'number'
  | 'boolean'
  | 'list'
  | 'names'
  | 'type'
  | 'anything'

const kinds: Record<KeywordKind, string> = {
  bookkeeping: '$schema $id $comment $anchor $dynamicAnchor $recursiveAnchor $vocabulary $defs definitions',
  refused:
    'if then else not patternProperties dependentSchemas dependentRequired dependencies unevaluatedProperties unevaluatedItems contentSchema $dynamicRef $recursiveRef',
  schema: 'items contains propertyNames',
  'schema-or-boolean': 'additionalProperties',
  schemas: 'anyOf oneOf allOf prefixItems',
  properties: 'properties',
  text: 'title description format pattern contentEncoding contentMediaType',
  number:
    'minimum maximum exclusiveMinimum exclusiveMaximum multipleOf minLength maxLength minItems maxItems minProperties maxProperties minContains maxContains',
  boolean: 'uniqueItems deprecated readOnly writeOnly',
  list: 'enum examples',
  names: 'required',
  type: 'type',
  anything: 'default',
}

const kindOfKeyword: ReadonlyMap<string, KeywordKind> = new Map(
  Object.entries(kinds).flatMap(([kind, keywords]) =>
    isKind(kind) ? keywords.split(' ').map((keyword) => [keyword, kind] as const) : [],
  ),
)

function isKind(kind: string): kind is KeywordKind {
  return Object.hasOwn(kinds, kind)
}

/** Undefined for a keyword of nobody's standard. */
export function kindOf(keyword: string): KeywordKind | undefined {
  return kindOfKeyword.get(keyword)
}

const TYPES = new Set(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'])

/** A type's name as JSON Schema spells it; some clients write it in capitals. Undefined when there is no such type. */
export function typeNamed(value: JsonValue | undefined): string | undefined {
  if (typeof value !== 'string') return undefined
  const name = value.toLowerCase()
  return TYPES.has(name) ? name : undefined
}

export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object with other values; undefined leaves a member out. The object itself when nothing changes, for speed. */
export function mapMembers(
  object: JsonObject,
  change: (value: JsonValue, name: string) => JsonValue | undefined,
): JsonObject {
  let changed: Map<string, JsonValue> | undefined
  const names = Object.keys(object)
  for (const name of names) {
    const value = object[name] ?? null
    const next = change(value, name)
    if (next !== value) changed ??= membersBefore(name, names, object)
    if (next !== undefined) changed?.set(name, next)
  }
  return changed === undefined ? object : Object.fromEntries(changed)
}

function membersBefore(end: string, names: readonly string[], object: JsonObject): Map<string, JsonValue> {
  const members = new Map<string, JsonValue>()
  for (const name of names) {
    if (name === end) break
    members.set(name, object[name] ?? null)
  }
  return members
}

export function withoutMembers(object: JsonObject, ...names: string[]): JsonObject {
  const { ...rest } = object
  for (const name of names) delete rest[name]
  return rest
}
