/**
 * A tool's input schema as the service takes it (protocol 8.3), in one of two forms: with all of its meaning that the
 * service is known to understand, or in the few words that no model was ever seen to refuse.
 */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import type { RequestForm } from '../upstream.ts'
import { joinAll, joinAny, partialNames } from './tool-schema-join.ts'
import { isJsonObject, withoutMembers } from './tool-schema-keywords.ts'
import { makePlain } from './tool-schema-plain.ts'
import type { SchemaGrowth } from './tool-schema-references.ts'
import { rewriteSchema } from './tool-schema-rewrite.ts'

interface EncodeSchemaOptions {
  form: RequestForm['toolSchemas']
  growth: SchemaGrowth
  /** Gets each keyword of which something was lost. */
  lost: Set<string>
}

/** Pure but for `growth` and `lost`; never throws, whatever the schema. The same schema again gives itself. */
export function encodeToolSchema(
  schema: JsonObject,
  { form, growth, lost }: EncodeSchemaOptions,
): JsonObject {
  const root = makeRoot(rewriteSchema(schema, { growth, lost }), lost)
  return form === 'plain' ? makePlain(root, lost) : root
}

/** A root that describes an object by itself: the service takes no alternatives there. */
function makeRoot(schema: JsonObject, lost: Set<string>): JsonObject {
  const { properties = {}, ...flat } = flatten(schema, lost)
  return { type: 'object', properties, ...withoutMembers(flat, 'type') }
}

/** Without `anyOf`, `oneOf` and `allOf`. What is no object is left out: the input of a tool is always one. */
function flatten(schema: JsonObject, lost: Set<string>): JsonObject {
  const { anyOf, oneOf, allOf, ...own } = schema
  if (!admitsObject(own)) {
    lost.add('type')
    const { description } = own
    return typeof description === 'string' ? { description } : {}
  }
  const parts = [own, ...listOf(allOf).map((each) => flatten(each, lost))]
  for (const [keyword, alternatives] of Object.entries({ anyOf, oneOf })) {
    const objects = listOf(alternatives)
      .filter(admitsObject)
      .map((each) => flatten(each, lost))
    // With nothing but other types to choose from, the choice cannot be kept; between several objects, not whole.
    if (alternatives !== undefined && objects.length !== 1) lost.add(keyword)
    if (objects.length > 0) parts.push(withoutOthersNames(joinAny(objects), own, partialNames(objects)))
  }
  return joinAll(parts)
}

function admitsObject({ type }: JsonObject): boolean {
  return type === undefined || type === 'object'
}

/** What only some alternatives say of a property must not narrow what the schema says of it in any case. */
function withoutOthersNames(joined: JsonObject, own: JsonObject, partial: ReadonlySet<string>): JsonObject {
  const { properties } = joined
  const ownProperties = own['properties']
  if (partial.size === 0 || !isJsonObject(properties) || !isJsonObject(ownProperties)) return joined
  const kept = Object.entries(properties).filter(
    ([name]) => !partial.has(name) || !Object.hasOwn(ownProperties, name),
  )
  return { ...joined, properties: Object.fromEntries(kept) }
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}
