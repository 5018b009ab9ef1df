/** Several schemas as one. Where the words for it are missing, the one allows more than the several, never less. */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { isJsonObject, withoutMembers } from './tool-schema-keywords.ts'
import { measure } from './tool-schema-size.ts'

/**
 * What satisfies all of them. Of members that cannot be joined, the first schema's counts. There may be tens of thousands,
 * so each keyword is joined once over all of them.
 */
export function joinAll(schemas: readonly JsonObject[]): JsonObject {
  const [first = {}, ...others] = schemas.filter((schema) => Object.keys(schema).length > 0)
  if (others.length === 0) return first
  const members = listMembers([first, ...others])
  return Object.fromEntries(
    [...members].map(([keyword, values]) => [keyword, joinMember(keyword, values)] as const),
  )
}

/** All values of each member, in the order of the objects. */
function listMembers(objects: readonly JsonObject[]): Map<string, [JsonValue, ...JsonValue[]]> {
  const members = new Map<string, [JsonValue, ...JsonValue[]]>()
  for (const object of objects) {
    for (const [name, value] of Object.entries(object)) {
      const values = members.get(name)
      if (values === undefined) members.set(name, [value])
      else values.push(value)
    }
  }
  return members
}

function joinMember(keyword: string, values: readonly [JsonValue, ...JsonValue[]]): JsonValue {
  const [first, ...others] = values
  if (keyword === 'properties' && isJsonObject(first)) return joinProperties(values.filter(isJsonObject))
  const lists = values.filter((value) => Array.isArray(value))
  if (keyword === 'required' && Array.isArray(first)) return [...new Set(lists.flat())]
  if (keyword === 'enum' && Array.isArray(first)) return joinChoices(lists)
  return keyword === 'additionalProperties' && others.includes(false) ? false : first
}

function joinProperties(all: readonly JsonObject[]): JsonObject {
  const joined = [...listMembers(all)].map(([name, schemas]) => {
    const objects = schemas.filter(isJsonObject)
    return [name, objects.length > 0 ? joinAll(objects) : schemas[0]] as const
  })
  return Object.fromEntries(joined)
}

/** What is in all lists, in the order of the first. One that has nothing in common with those before it is passed over. */
function joinChoices(lists: readonly JsonValue[][]): JsonValue[] {
  const [first = [], ...others] = lists
  if (others.length === 0) return first
  let kept = new Map(first.map((value, place) => [JSON.stringify(value), { value, place }]))
  for (const list of others) {
    const both = list.map((value) => JSON.stringify(value)).filter((text) => kept.has(text))
    const earlier = kept
    if (both.length > 0) kept = new Map(both.flatMap((text) => entryOf(earlier, text)))
  }
  return [...kept.values()].toSorted((one, other) => one.place - other.place).map(({ value }) => value)
}

function entryOf<V>(map: ReadonlyMap<string, V>, name: string): [string, V][] {
  const value = map.get(name)
  return value === undefined ? [] : [[name, value]]
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

/** What is larger is not compared: choices that lie in each other are joined once for each level that they have. */
const MAX_COMPARED_CHARACTERS = 20_000

/** Alternatives that differ in their choices only, such as the tags of a union, become one list of choices. */
export function eitherOf(schemas: readonly JsonObject[]): JsonObject {
  if (schemas.length === 1) return schemas[0] ?? {}
  if (schemas.some(isLarge)) return { anyOf: [...schemas] }
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

function isLarge(schema: JsonObject): boolean {
  return measure(schema, MAX_COMPARED_CHARACTERS) > MAX_COMPARED_CHARACTERS
}
