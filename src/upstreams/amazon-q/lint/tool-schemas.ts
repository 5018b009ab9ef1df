/** What the service refuses in a tool's input schema (8.3). */

import type { JsonObject, JsonValue } from '../../../conversation/conversation.ts'
import { declaredTools, isObject, listOf, objectOf, textOf } from './sent-messages.ts'
import type { Placed } from './sent-messages.ts'
import type { Rule } from './rule.ts'

const PROPERTY_NAME = /^[a-zA-Z0-9_.-]{1,64}$/
const ROOT_CHOICES = ['anyOf', 'oneOf', 'allOf']
const REFERENCES = ['$ref', '$dynamicRef', '$recursiveRef', '$defs', 'definitions']
const BOOKKEEPING = ['$schema', '$id', '$comment', '$anchor', '$dynamicAnchor']
const REFUSED = [
  'if',
  'then',
  'else',
  'not',
  'patternProperties',
  'dependentSchemas',
  'dependentRequired',
  'dependencies',
  'unevaluatedProperties',
  'unevaluatedItems',
]
const SCHEMA_MEMBERS = ['items', 'additionalItems', 'additionalProperties', 'contains', 'propertyNames']
const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items']

/** A fault of one schema, whatever its place, in words. */
type SchemaCheck = (schema: JsonObject) => string | undefined

export const toolSchemaRules: readonly Rule[] = [
  ruleOfRoots('schema-root', (root) =>
    root['type'] === 'object' ? undefined : 'the root must have the type object',
  ),
  ruleOfRoots('schema-root-choice', (root) => {
    const keyword = ROOT_CHOICES.find((each) => each in root)
    return keyword && `${keyword} is not allowed at the root`
  }),
  ruleOfSchemas('schema-reference', (schema) => has(REFERENCES, schema)),
  ruleOfSchemas('schema-bookkeeping', (schema) => has(BOOKKEEPING, schema)),
  ruleOfSchemas('schema-keyword', (schema) => has(REFUSED, schema)),
  ruleOfSchemas('schema-const', (schema) => has(['const'], schema)),
  ruleOfSchemas('schema-type', ({ type }) =>
    type === undefined || typeof type === 'string' ? undefined : 'type must be a single name',
  ),
  ruleOfSchemas('schema-properties', ({ properties }) =>
    properties === undefined || isObject(properties) ? undefined : 'properties must be an object',
  ),
  ruleOfSchemas('schema-property-name', ({ properties }) =>
    Object.keys(objectOf(properties)).every((name) => PROPERTY_NAME.test(name))
      ? undefined
      : `names of properties must match ${PROPERTY_NAME.source}`,
  ),
  ruleOfSchemas('schema-required', findRequiredFault),
  ruleOfSchemas('schema-bound', (schema) => {
    const bound = ['exclusiveMinimum', 'exclusiveMaximum'].find((each) => typeof schema[each] === 'boolean')
    return bound && `${bound} must be a number`
  }),
]

function findRequiredFault({ required, properties }: JsonObject): string | undefined {
  if (required === undefined) return undefined
  if (!Array.isArray(required)) return 'required must be a list'
  const known = new Set(Object.keys(objectOf(properties)))
  const isFine = required.every((name) => typeof name === 'string' && known.has(name))
  return isFine ? undefined : 'required must name properties of the same schema'
}

function has(keywords: readonly string[], schema: JsonObject): string | undefined {
  const keyword = keywords.find((each) => each in schema)
  return keyword && `${keyword} is not taken by all channels and models`
}

function ruleOfRoots(name: string, check: SchemaCheck): Rule {
  return ruleOf(name, function* ({ path, value }) {
    const message = check(value)
    if (message !== undefined) yield { path, message }
  })
}

function ruleOfSchemas(name: string, check: SchemaCheck): Rule {
  return ruleOf(name, function* ({ path, value }) {
    for (const schema of subschemasOf(value)) {
      const message = check(schema)
      // The path ends at the root: below it are names of the client's.
      if (message !== undefined) yield { path, message }
    }
  })
}

function ruleOf(name: string, find: (root: Placed) => Iterable<{ path: string; message: string }>): Rule {
  return {
    name,
    source: '8.3',
    severity: 'refused',
    *findBreaches({ messages }) {
      for (const { path, value } of declaredTools(messages)) {
        const json = objectOf(value['inputSchema'])['json']
        if (!isObject(json)) continue
        for (const breach of find({ path: `${path}.inputSchema.json`, value: json })) {
          yield { ...breach, message: `${textOf(value['name'])}: ${breach.message}` }
        }
      }
    },
  }
}

function* subschemasOf(root: JsonObject): Iterable<JsonObject> {
  const waiting: JsonValue[] = [root]
  for (let schema = waiting.pop(); schema !== undefined; schema = waiting.pop()) {
    if (!isObject(schema)) continue
    yield schema
    for (const keyword of SCHEMA_MEMBERS) waiting.push(schema[keyword] ?? null)
    for (const keyword of SCHEMA_LISTS) for (const each of listOf(schema[keyword])) waiting.push(each)
    for (const each of Object.values(objectOf(schema['properties']))) waiting.push(each)
  }
}
