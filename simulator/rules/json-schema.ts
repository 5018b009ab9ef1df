/** How a JSON Schema hangs together: where schemas stand in a schema, and what references point at. */

const SCHEMA_MEMBERS = [
  'items',
  'additionalItems',
  'contains',
  'additionalProperties',
  'propertyNames',
  'not',
  'if',
  'then',
  'else',
  'unevaluatedProperties',
  'unevaluatedItems',
]
const SCHEMA_LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items']
const SCHEMA_MAPS = ['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas']

/** The schema itself and every one below it that is an object. */
export function subschemasOf(root: Record<string, unknown>): Record<string, unknown>[] {
  const found = [root]
  // The list grows while it is walked: no depth of nesting can exhaust the stack.
  for (const schema of found) {
    const single = SCHEMA_MEMBERS.map((keyword) => schema[keyword])
    const listed = SCHEMA_LISTS.flatMap((keyword) => asList(schema[keyword]))
    const mapped = SCHEMA_MAPS.flatMap((keyword) => asValues(schema[keyword]))
    for (const below of [single, listed, mapped]) found.push(...below.filter(isRecord))
  }
  return found
}

/** Whether a reference such as `#/$defs/name` points at a schema in the same document. */
export function resolves(reference: string, root: unknown): boolean {
  if (!/^#(?:\/|$)/.test(reference)) return false
  const steps = reference.split('/').slice(1).map(decodeStep)
  const target = steps.reduce((place: unknown, step) => {
    return typeof place === 'object' && place !== null && Object.hasOwn(place, step)
      ? Reflect.get(place, step)
      : undefined
  }, root)
  return isRecord(target) || typeof target === 'boolean'
}

function decodeStep(step: string): string {
  return step.replaceAll('~1', '/').replaceAll('~0', '~')
}

function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function asValues(value: unknown): unknown[] {
  return isRecord(value) ? Object.values(value) : []
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
