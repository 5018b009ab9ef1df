/** A schema in the words that every model takes: types, properties, what is required, descriptions, items, choices. */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { eitherOf, joinAll, joinAny } from './tool-schema-join.ts'
import { isJsonObject, kindOf, mapMembers } from './tool-schema-keywords.ts'

/** `schema` comes from rewriteSchema. `lost` gets the keywords that go. */
export function makePlain(schema: JsonObject, lost: Set<string>): JsonObject {
  return mapMembers(resolveChoices(schema, lost), (value, keyword) => {
    const plain = plainMember(keyword, value, lost)
    if (plain === undefined && kindOf(keyword) !== undefined && !allowsAll(keyword, value)) lost.add(keyword)
    return plain
  })
}

function plainMember(keyword: string, value: JsonValue, lost: Set<string>): JsonValue | undefined {
  switch (keyword) {
    case 'type':
    case 'required':
    case 'description':
    case 'enum':
      return value
    case 'items':
      return isJsonObject(value) ? makePlain(value, lost) : undefined
    case 'properties':
      return isJsonObject(value) ? plainProperties(value, lost) : undefined
    default:
      return undefined
  }
}

function plainProperties(properties: JsonObject, lost: Set<string>): JsonObject {
  return mapMembers(properties, (schema) => (isJsonObject(schema) ? makePlain(schema, lost) : undefined))
}

/** What all alternatives have in common says more than nothing. */
function resolveChoices(schema: JsonObject, lost: Set<string>): JsonObject {
  const { anyOf, oneOf, allOf, ...own } = schema
  if (anyOf === undefined && oneOf === undefined && allOf === undefined) return schema
  const parts = [own, ...listOf(allOf).map((each) => resolveChoices(each, lost))]
  for (const [keyword, choices] of Object.entries({ anyOf, oneOf })) {
    if (choices === undefined) continue
    const alternatives = listOf(choices)
      .filter(({ type }) => type !== 'null')
      .map((each) => resolveChoices(each, lost))
    if (alternatives.length < listOf(choices).length || alternatives.length > 1) lost.add(keyword)
    parts.push(commonOf(alternatives))
  }
  return joinAll(parts)
}

function commonOf(alternatives: readonly JsonObject[]): JsonObject {
  const [first, ...others] = alternatives
  if (first === undefined || others.length === 0) return first ?? {}
  const { type } = first
  if (type === undefined || others.some((each) => each['type'] !== type)) return {}
  if (type === 'object') return joinAny(alternatives)
  const common = eitherOf(alternatives)
  return common['anyOf'] === undefined ? common : { type }
}

function allowsAll(keyword: string, value: JsonValue): boolean {
  return keyword === 'additionalProperties' && value === true
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
