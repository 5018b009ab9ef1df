/** What the service is known to refuse in a tool's input schema. */
import type { Switches } from '../switches.ts'
import { isRecord, resolves, subschemasOf } from './json-schema.ts'

type Strictness = Pick<Switches, 'strictSchemas' | 'plainSchemas'>

const PROPERTY_NAME = /^[a-zA-Z0-9_.-]{1,64}$/
const ROOT_COMBINATIONS = ['anyOf', 'oneOf', 'allOf']
const BOOLEAN_BOUNDS = ['exclusiveMinimum', 'exclusiveMaximum']
const DISPUTED_KEYWORDS = [
  '$schema',
  '$id',
  '$comment',
  '$anchor',
  '$ref',
  '$defs',
  'definitions',
  'const',
  'if',
  'then',
  'else',
  'not',
  'dependentSchemas',
  'patternProperties',
  'unevaluatedProperties',
  'unevaluatedItems',
]
const PLAIN_KEYWORDS = new Set(['type', 'properties', 'required', 'description', 'items', 'enum'])

/** The first fault in words, or undefined when the schema is accepted. */
export function findSchemaFault(root: unknown, strictness: Strictness): string | undefined {
  if (!isRecord(root)) return 'the root must be an object schema'
  if (root['type'] !== 'object') return 'the type of the root must be "object"'
  const combination = ROOT_COMBINATIONS.find((keyword) => keyword in root)
  if (combination !== undefined) return `${combination} is not allowed at the root`
  for (const schema of subschemasOf(root)) {
    const fault =
      findFault(schema) ??
      findDanglingReference(schema, root) ??
      (strictness.strictSchemas ? findDisputed(schema) : undefined) ??
      (strictness.plainSchemas ? findEmbellishment(schema) : undefined)
    if (fault !== undefined) return fault
  }
  return undefined
}

/** Refused by every channel. */
function findFault(schema: Record<string, unknown>): string | undefined {
  const { required, properties } = schema
  if ('required' in schema && !isTextList(required)) return 'required must be an array of strings'
  if ('properties' in schema && !isRecord(properties)) return 'properties must be an object'
  const bound = BOOLEAN_BOUNDS.find((keyword) => typeof schema[keyword] === 'boolean')
  if (bound !== undefined) return `${bound} must be a number`
  const names = isRecord(properties) ? Object.keys(properties) : []
  const odd = names.find((name) => !PROPERTY_NAME.test(name))
  if (odd !== undefined) return `property name ${odd} must match ${String(PROPERTY_NAME)}`
  const missing = isTextList(required) ? required.find((name) => !names.includes(name)) : undefined
  return missing === undefined ? undefined : `${missing} is required but is not one of the properties`
}

function findDanglingReference(schema: Record<string, unknown>, root: unknown): string | undefined {
  if (!('$ref' in schema)) return undefined
  const reference = String(schema['$ref'])
  return resolves(reference, root) ? undefined : `$ref ${reference} points nowhere`
}

/** Taken by some channels, refused by others. */
function findDisputed(schema: Record<string, unknown>): string | undefined {
  const keyword = DISPUTED_KEYWORDS.find((each) => each in schema)
  if (keyword !== undefined) return `${keyword} is not supported`
  return Array.isArray(schema['type']) ? 'type must be a string' : undefined
}

function findEmbellishment(schema: Record<string, unknown>): string | undefined {
  const keyword = Object.keys(schema).find((each) => !PLAIN_KEYWORDS.has(each))
  return keyword === undefined ? undefined : `${keyword} is not supported`
}

function isTextList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}
