/** The keywords of JSON Schema that answers are checked by, and what each of them holds. */

export type KeywordShape =
  | 'schema'
  | 'schemas'
  | 'schema-or-schemas'
  | 'schema-map'
  | 'names'
  | 'names-map'
  | 'values'
  | 'value'
  | 'type'
  | 'number'
  | 'number-or-flag'
  | 'text'
  | 'reference'

/**
 * What is not in here is a comment to the check; `format` is that by the standard. Maps, and never objects: the names come from
 * strangers.
 */
export const keywordShapes: ReadonlyMap<string, KeywordShape> = new Map([
  ...all('schema', 'not', 'if', 'then', 'else', 'contains', 'propertyNames'),
  ...all('schema', 'additionalProperties', 'additionalItems', 'unevaluatedProperties', 'unevaluatedItems'),
  ...all('schemas', 'allOf', 'anyOf', 'oneOf', 'prefixItems'),
  ...all('schema-or-schemas', 'items'),
  ...all('schema-map', '$defs', 'definitions', 'properties', 'dependentSchemas'),
  ...all('names', 'required'),
  ...all('names-map', 'dependentRequired'),
  ...all('values', 'enum'),
  ...all('value', 'const'),
  ...all('type', 'type'),
  ...all('number', 'minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems'),
  ...all('number', 'minContains', 'maxContains', 'minProperties', 'maxProperties'),
  // A flag in the fourth draft.
  ...all('number-or-flag', 'exclusiveMinimum', 'exclusiveMaximum'),
  ...all('text', '$anchor'),
  ...all('reference', '$ref'),
])

function all(shape: KeywordShape, ...keywords: string[]): [string, KeywordShape][] {
  return keywords.map((keyword) => [keyword, shape])
}

/**
 * Assertions that are not made. A stranger's expression can take forever on thirty characters, to compare each item with
 * each other one takes long too; dynamic references and the old form of dependencies are beyond the validator.
 */
export const uncheckedKeywords: ReadonlySet<string> = new Set([
  'pattern',
  'patternProperties',
  'uniqueItems',
  'dependencies',
  '$dynamicRef',
  '$recursiveRef',
])

/** Assertions that refuse what a subschema accepts. */
export const invertingKeywords: ReadonlySet<string> = new Set([
  'not',
  'if',
  'then',
  'else',
  'oneOf',
  'maxContains',
  'unevaluatedProperties',
  'unevaluatedItems',
])

export const typeNames: ReadonlySet<unknown> = new Set([
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
])
