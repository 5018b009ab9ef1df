/**
 * Any part of a tool's input schema in the words that the service takes, with as much of its meaning as they can carry.
 * Schemas come from strangers, so no member is trusted to have the type that it should.
 */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { joinAll } from './tool-schema-join.ts'
import { isJsonObject, kindOf, mapMembers, typeNamed, withoutMembers } from './tool-schema-keywords.ts'
import type { KeywordKind } from './tool-schema-keywords.ts'
import { modernise } from './tool-schema-modern.ts'
import { describeOddProperties } from './tool-schema-odd-names.ts'
import { createReferences, outlineOf } from './tool-schema-references.ts'
import type { SchemaGrowth } from './tool-schema-references.ts'

interface RewriteOptions {
  growth: SchemaGrowth
  /** Gets each keyword of which something was lost. */
  lost: Set<string>
}

interface Member {
  keyword: string
  value: JsonValue
  /** Of the schema that has the member. */
  required: JsonValue | undefined
}

/** As deep as a body may be nested at all, so that only what references point to is ever cut; the stack has to hold it. */
const MAX_DEPTH = 128

/** A subschema that nothing satisfies, such as `false`; what to do about it depends on its place. */
const IMPOSSIBLE = Symbol('impossible')

/** Result: no references, no keyword that is refused, and what is `required` is one of the `properties`. */
export function rewriteSchema(root: JsonObject, { growth, lost }: RewriteOptions): JsonObject {
  const references = createReferences({ root, growth, onCut: () => lost.add('$ref') })
  let depth = 0

  /** `omittable`: the value may be left out, so that it need not be null as well. */
  function rewrite(schema: JsonObject, omittable: boolean): JsonObject {
    if (schema['$ref'] === undefined) return rewriteOwn(schema, omittable)
    const { $ref: reference = null, ...own } = schema
    const target = references.inline(reference, (found) => rewrite(found, omittable))
    return joinAll([rewriteOwn(own, omittable), target])
  }

  function rewriteOwn(schema: JsonObject, omittable: boolean): JsonObject {
    const { schema: tidy, odd } = describeOddProperties(modernise(schema, { omittable, lost }), lost)
    const { required } = tidy
    const rewritten = mapMembers(tidy, (value, keyword) => rewriteMember(keyword, value, required))
    return Array.isArray(required) ? settleRequired(rewritten, odd, lost) : rewritten
  }

  function rewriteMember(
    keyword: string,
    value: JsonValue,
    required: JsonValue | undefined,
  ): JsonValue | undefined {
    const kind = kindOf(keyword)
    if (kind === 'bookkeeping') return undefined
    if (kind === 'anything') return value
    // A keyword that is null says nothing that could be lost.
    if (value === null) return undefined
    if (kind === undefined) return value
    const rewritten = rewriteValue(kind, { keyword, value, required })
    if (rewritten === undefined) lost.add(keyword)
    return rewritten
  }

  /** Undefined: the service cannot take the keyword with this value. */
  function rewriteValue(
    kind: Exclude<KeywordKind, 'bookkeeping' | 'anything'>,
    { keyword, value, required }: Member,
  ): JsonValue | undefined {
    switch (kind) {
      case 'refused':
        return undefined
      case 'schema':
        return possible(rewriteSubschema(keyword, value, false))
      case 'schema-or-boolean':
        return typeof value === 'boolean' ? value : possible(rewriteSubschema(keyword, value, false))
      case 'schemas':
        return rewriteList(keyword, value)
      case 'properties':
        return rewriteProperties(keyword, value, required)
      case 'text':
        return typeof value === 'string' ? value : undefined
      case 'number':
        return typeof value === 'number' ? value : undefined
      case 'boolean':
        return typeof value === 'boolean' ? value : undefined
      case 'list':
        return Array.isArray(value) && value.length > 0 ? value : undefined
      case 'names':
        return Array.isArray(value) ? value : undefined
      case 'type':
        return typeNamed(value)
      default:
        return unreachable(kind)
    }
  }

  function rewriteSubschema(
    keyword: string,
    value: JsonValue,
    omittable: boolean,
  ): JsonObject | typeof IMPOSSIBLE {
    if (isJsonObject(value)) return rewriteBelow(value, omittable)
    if (value === false) return IMPOSSIBLE
    if (value !== true) lost.add(keyword)
    return {}
  }

  function rewriteBelow(schema: JsonObject, omittable: boolean): JsonObject {
    if (depth === MAX_DEPTH) {
      lost.add('$ref')
      return outlineOf(schema)
    }
    depth += 1
    const rewritten = rewrite(schema, omittable)
    depth -= 1
    return rewritten
  }

  /** An alternative that is impossible is none; elsewhere in a list, anything stands in for it. */
  function rewriteList(keyword: string, value: JsonValue): JsonValue | undefined {
    if (!Array.isArray(value)) return undefined
    const isChoice = keyword === 'anyOf' || keyword === 'oneOf'
    const schemas: JsonObject[] = []
    for (const item of value) {
      const rewritten = rewriteSubschema(keyword, item, false)
      if (rewritten !== IMPOSSIBLE) schemas.push(rewritten)
      else if (!isChoice) {
        lost.add(keyword)
        schemas.push({})
      }
    }
    if (schemas.length === 0) return undefined
    const isSame =
      schemas.length === value.length && schemas.every((schema, index) => schema === value[index])
    return isSame ? value : schemas
  }

  function rewriteProperties(
    keyword: string,
    value: JsonValue,
    required: JsonValue | undefined,
  ): JsonValue | undefined {
    if (!isJsonObject(value)) return undefined
    const needed = new Set(Array.isArray(required) ? required : [])
    return mapMembers(value, (schema, name) => {
      const rewritten = rewriteSubschema(keyword, schema, !needed.has(name))
      if (rewritten !== IMPOSSIBLE) return rewritten
      lost.add(keyword)
      return undefined
    })
  }

  return rewrite(root, true)
}

function possible(schema: JsonObject | typeof IMPOSSIBLE): JsonObject | undefined {
  return schema === IMPOSSIBLE ? undefined : schema
}

/** `odd` are required too, and told of already. */
function settleRequired(schema: JsonObject, odd: ReadonlySet<string>, lost: Set<string>): JsonObject {
  const { required, properties } = schema
  if (!Array.isArray(required)) return schema
  const names = new Set<string>()
  for (const name of required) {
    if (typeof name === 'string' && isJsonObject(properties) && Object.hasOwn(properties, name))
      names.add(name)
    else if (typeof name !== 'string' || !odd.has(name)) lost.add('required')
  }
  if (names.size === required.length && names.size > 0) return schema
  const rest = withoutMembers(schema, 'required')
  return names.size === 0 ? rest : { ...rest, required: [...names] }
}
