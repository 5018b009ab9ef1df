/** What the service is known to refuse in a tool's input schema. */

const PROPERTY_NAME = /^[a-zA-Z0-9_.-]{1,64}$/
const ROOT_COMBINATIONS = ['anyOf', 'oneOf', 'allOf']
const BOOLEAN_BOUNDS = ['exclusiveMinimum', 'exclusiveMaximum']
const SCHEMA_MEMBERS = ['items', 'additionalProperties', 'not', 'if', 'then', 'else']
const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const SCHEMA_MAPS = ['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas']

/** The first fault in words, or undefined when the schema is accepted. */
export function findSchemaFault(schema: unknown): string | undefined {
  if (!isRecord(schema)) return 'the root must be an object schema'
  if (schema['type'] !== 'object') return 'the type of the root must be "object"'
  const combination = ROOT_COMBINATIONS.find((keyword) => keyword in schema)
  if (combination !== undefined) return `${combination} is not allowed at the root`
  return findFault(schema)
}

function findFault(schema: unknown): string | undefined {
  if (!isRecord(schema)) return undefined
  return findOwnFault(schema) ?? firstFault(childrenOf(schema))
}

function findOwnFault(schema: Record<string, unknown>): string | undefined {
  const { required, properties } = schema
  if ('required' in schema && !isTextList(required)) return 'required must be an array of strings'
  if ('properties' in schema && !isRecord(properties)) return 'properties must be an object'
  const bound = BOOLEAN_BOUNDS.find((keyword) => typeof schema[keyword] === 'boolean')
  if (bound !== undefined) return `${bound} must be a number`
  const odd = isRecord(properties) && Object.keys(properties).find((name) => !PROPERTY_NAME.test(name))
  return odd === false || odd === undefined
    ? undefined
    : `property name ${odd} must match ${String(PROPERTY_NAME)}`
}

function childrenOf(schema: Record<string, unknown>): unknown[] {
  const single = SCHEMA_MEMBERS.map((keyword) => schema[keyword])
  const listed = SCHEMA_LISTS.flatMap((keyword) => asList(schema[keyword]))
  const mapped = SCHEMA_MAPS.flatMap((keyword) => asValues(schema[keyword]))
  return [...single, ...listed, ...mapped]
}

function firstFault(schemas: unknown[]): string | undefined {
  for (const schema of schemas) {
    const fault = findFault(schema)
    if (fault !== undefined) return fault
  }
  return undefined
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function asValues(value: unknown): unknown[] {
  return isRecord(value) ? Object.values(value) : []
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
