/** Several schemas as one. Where the words for it are missing, the one allows more than the several, never less. */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { isJsonObject, withoutMembers } from './tool-schema-keywords.ts'

/** What satisfies all of them. Of members that cannot be joined, the first schema's counts. */
export function joinAll(schemas: readonly JsonObject[]): JsonObject {
  const [first = {}, ...others] = schemas.filter((schema) => Object.keys(schema).length > 0)
  if (others.length === 0) return first
  const members = new Map<string, JsonValue>(Object.entries(first))
  for (const schema of others) {
    for (const [keyword, value] of Object.entries(schema)) {
      const earlier = members.get(keyword)
      members.set(keyword, earlier === undefined ? value : joinMember(keyword, earlier, value))
    }
  }
  return Object.fromEntries(members)
}

function joinMember(keyword: string, first: JsonValue, second: JsonValue): JsonValue {
  if (keyword === 'properties' && isJsonObject(first) && isJsonObject(second)) {
    return joinProperties(first, second)
  }
  if (keyword === 'required' && Array.isArray(first) && Array.isArray(second)) {
    return [...new Set([...first, ...second])]
  }
  if (keyword === 'enum' && Array.isArray(first) && Array.isArray(second)) {
    const allowed = new Set(second.map((value) => JSON.stringify(value)))
    const both = first.filter((value) => allowed.has(JSON.stringify(value)))
    return both.length > 0 ? both : first
  }
  return keyword === 'additionalProperties' && second === false ? false : first
}

function joinProperties(first: JsonObject, second: JsonObject): JsonObject {
  const properties = new Map<string, JsonValue>(Object.entries(first))
  for (const [name, schema] of Object.entries(second)) {
    const earlier = properties.get(name)
    const isTwofold = isJsonObject(earlier) && isJsonObject(schema)
    properties.set(name, isTwofold ? joinAll([earlier, schema]) : schema)
  }
  return Object.fromEntries(properties)
}

/** What satisfies any of them: objects only. Which members go together is lost. */
export function joinAny(schemas: readonly JsonObject[]): JsonObject {
  const [only, ...others] = schemas
  if (only === undefined || others.length === 0) return only ?? {}
  const byName = new Map<string, JsonObject[]>()
  for (const { properties } of schemas) {
    if (!isJsonObject(properties)) continue
    for (const [name, schema] of Object.entries(properties)) {
      const alternatives = byName.get(name) ?? []
      if (isJsonObject(schema)) alternatives.push(schema)
      byName.set(name, alternatives)
    }
  }
  const properties = [...byName].map(([name, alternatives]) => [name, eitherOf(alternatives)] as const)
  const required = requiredByAll(schemas)
  return {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 && { required }),
    ...(schemas.every((schema) => schema['additionalProperties'] === false) && {
      additionalProperties: false,
    }),
  }
}

/** Names of properties that are in some of the schemas but not in all. */
export function partialNames(schemas: readonly JsonObject[]): Set<string> {
  const counts = new Map<string, number>()
  for (const { properties } of schemas) {
    if (!isJsonObject(properties)) continue
    for (const name of Object.keys(properties)) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return new Set([...counts].filter(([, count]) => count < schemas.length).map(([name]) => name))
}

function requiredByAll(schemas: readonly JsonObject[]): JsonValue[] {
  const lists = schemas.map(({ required }) => (Array.isArray(required) ? required : []))
  const [first = [], ...others] = lists.map((list) => new Set(list))
  return [...first].filter((name) => others.every((names) => names.has(name)))
}

/** Alternatives that differ in their choices only, such as the tags of a union, become one list of choices. */
export function eitherOf(schemas: readonly JsonObject[]): JsonObject {
  const distinct = [...new Map(schemas.map((schema) => [JSON.stringify(schema), schema])).values()]
  const [first = {}, ...others] = distinct
  if (others.length === 0) return first
  const choices = distinct.flatMap(({ enum: values }) => (Array.isArray(values) ? [values] : []))
  const frames = new Set(
    distinct.map((schema) => JSON.stringify(withoutMembers(schema, 'enum', 'title', 'description'))),
  )
  if (choices.length < distinct.length || frames.size > 1) return { anyOf: distinct }
  const unique = new Map(choices.flat().map((choice) => [JSON.stringify(choice), choice]))
  return { ...first, enum: [...unique.values()] }
}
