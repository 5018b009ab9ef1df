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
 * What is not in here is not checked: `format` is a comment by the standard; a stranger's `pattern` can take forever on thirty
 * characters; `uniqueItems` compares each with each; and what refuses by what a subschema accepts (`not`, `if`, `oneOf` beyond one,
 * `unevaluated…`, `maxContains`) would be wrong beside assertions that are left out. Nothing valid is ever refused for it.
 * Maps, and never objects: the names come from strangers.
 */
export const keywordShapes: ReadonlyMap<string, KeywordShape> = new Map([
  ...all('schema', 'contains', 'propertyNames', 'additionalProperties', 'additionalItems'),
  ...all('schemas', 'allOf', 'anyOf', 'oneOf', 'prefixItems'),
  ...all('schema-or-schemas', 'items'),
  ...all('schema-map', '$defs', 'definitions', 'properties', 'dependentSchemas'),
  ...all('names', 'required'),
  ...all('names-map', 'dependentRequired'),
  ...all('values', 'enum'),
  ...all('value', 'const'),
  ...all('type', 'type'),
  ...all('number', 'minimum', 'maximum', 'multipleOf', 'minLength', 'maxLength', 'minItems', 'maxItems'),
  ...all('number', 'minContains', 'minProperties', 'maxProperties'),
  // A flag in the fourth draft.
  ...all('number-or-flag', 'exclusiveMinimum', 'exclusiveMaximum'),
  ...all('text', '$anchor'),
  ...all('reference', '$ref'),
])

function all(shape: KeywordShape, ...keywords: string[]): [string, KeywordShape][] {
  return keywords.map((keyword) => [keyword, shape])
}

export const typeNames: ReadonlySet<unknown> = new Set([
  'array',
  'boolean',
  'integer',
  'null',
  'number',
  'object',
  'string',
])
