import { describe, expect, it } from 'vitest'
import { findSchemaFault } from './tool-schema.ts'

const always = { strictSchemas: false, plainSchemas: false }
const strict = { strictSchemas: true, plainSchemas: false }
const plain = { strictSchemas: true, plainSchemas: true }

/** A schema with this one below it. */
const nested = (schema: unknown) => ({ type: 'object', properties: { a: schema } })

const PLAINEST = {
  type: 'object',
  description: 'Reads.',
  properties: {
    path: { type: 'string', description: 'Where.' },
    modes: { type: 'array', items: { type: 'string', enum: ['r', 'w'] } },
    // Names of properties are no keywords.
    const: { type: 'string' },
    not: { type: 'object', properties: {}, required: [] },
  },
  required: ['path'],
}

describe('schemas that every channel takes', () => {
  it.each([
    { type: 'object', properties: {} },
    { type: 'object' },
    PLAINEST,
    { ...PLAINEST, required: [] },
    nested({ anyOf: [{ type: 'string', minLength: 1 }, { type: 'null' }] }),
    nested({
      oneOf: [
        { type: 'number', exclusiveMinimum: 0 },
        { type: 'boolean', default: null },
      ],
    }),
    nested({ type: 'string', format: 'uri', pattern: '^a', examples: [{ $ref: 'not a keyword here' }] }),
    nested({ enum: [{ const: 1 }, { type: ['a'] }] }),
    { type: 'object', properties: {}, additionalProperties: false },
    nested({ type: 'object', additionalProperties: { type: 'string' } }),
  ])('%j', (schema) => {
    expect(findSchemaFault(schema, strict)).toBeUndefined()
  })
})

describe('schemas that no channel takes', () => {
  it.each([
    [undefined, /root must be/],
    [true, /root must be/],
    [[], /root must be/],
    ['object', /root must be/],
    [{}, /type of the root/],
    [{ type: 'array' }, /type of the root/],
    [{ type: ['object'] }, /type of the root/],
    [{ type: 'object', anyOf: [] }, /anyOf .* root/],
    [{ type: 'object', oneOf: [] }, /oneOf .* root/],
    [{ type: 'object', allOf: [] }, /allOf .* root/],
    [{ type: 'object', properties: [] }, /properties must be/],
    [{ type: 'object', required: null }, /required must be/],
    [{ type: 'object', required: 'path' }, /required must be/],
    [{ type: 'object', required: [1] }, /required must be/],
    [{ type: 'object', properties: { a: {} }, required: ['a', 'b'] }, /b is required/],
    [nested({ type: 'object', required: ['b'] }), /b is required/],
    [nested({ type: 'array', items: { required: {} } }), /required must be/],
    [nested({ type: 'array', items: [{ required: {} }] }), /required must be/],
    [nested({ anyOf: [{ exclusiveMinimum: true }] }), /exclusiveMinimum must be/],
    [nested({ exclusiveMaximum: false }), /exclusiveMaximum must be/],
    [{ type: 'object', properties: { 'a b': {} } }, /property name a b/],
    [{ type: 'object', properties: { ['a'.repeat(65)]: {} } }, /property name a+/],
    [nested({ $ref: '#/$defs/nowhere' }), /nowhere points nowhere/],
    [nested({ $ref: 'https://example.com/schema' }), /points nowhere/],
    [nested({ $ref: '#anchor' }), /points nowhere/],
    [{ ...nested({ $ref: '#/properties/a/type' }) }, /points nowhere/],
  ])('%j', (schema, fault) => {
    expect(findSchemaFault(schema, always)).toMatch(fault)
  })
})

describe('schemas that strict channels refuse', () => {
  it.each([
    [{ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' }, /\$schema/],
    [nested({ $id: 'a' }), /\$id/],
    [nested({ $comment: 'a' }), /\$comment/],
    [nested({ $anchor: 'a' }), /\$anchor/],
    [{ ...nested({ $ref: '#/$defs/b~1c' }), $defs: { 'b/c': {} } }, /\$defs/],
    [nested({ $ref: '#' }), /\$ref/],
    [{ type: 'object', definitions: {} }, /definitions/],
    [nested({ type: 'string', const: 'a' }), /const/],
    [nested({ type: ['string', 'null'] }), /type must be a string/],
    [nested({ if: {} }), /if/],
    [nested(JSON.parse('{"then":{}}')), /then/],
    [nested({ else: {} }), /else/],
    [nested({ not: {} }), /not/],
    [nested({ dependentSchemas: {} }), /dependentSchemas/],
    [nested({ unevaluatedProperties: false }), /unevaluatedProperties/],
    [nested({ unevaluatedItems: false }), /unevaluatedItems/],
    [nested({ patternProperties: { a: {} } }), /patternProperties/],
    [nested({ additionalProperties: { allOf: [{ not: {} }] } }), /not is/],
  ])('%j', (schema, fault) => {
    expect(findSchemaFault(schema, strict)).toMatch(fault)
    expect(findSchemaFault(schema, always)).toBeUndefined()
  })
})

describe('schemas that plain channels refuse', () => {
  it.each([
    [nested({ anyOf: [{ type: 'string' }] }), /anyOf/],
    [{ type: 'object', properties: {}, additionalProperties: false }, /additionalProperties/],
    [nested({ type: 'string', default: 'a' }), /default/],
    [nested({ type: 'array', items: { type: 'integer', minimum: 0 } }), /minimum/],
  ])('%j', (schema, fault) => {
    expect(findSchemaFault(schema, plain)).toMatch(fault)
    expect(findSchemaFault(schema, strict)).toBeUndefined()
  })

  it('are not those of the plainest keywords', () => {
    expect(findSchemaFault(PLAINEST, plain)).toBeUndefined()
  })
})

it('a schema of any depth is looked through to its end', () => {
  let schema: object = { $ref: '#/nowhere' }
  for (let depth = 0; depth < 20_000; depth += 1) schema = { type: 'array', items: schema }
  expect(findSchemaFault(nested(schema), always)).toMatch(/nowhere/)
})
