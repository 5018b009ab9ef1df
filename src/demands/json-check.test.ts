import { validate } from '@cfworker/json-schema'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createJsonCheck } from './json-check.ts'

const person: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Who it is', default: null },
    age: { type: ['integer', 'null'], minimum: 0 },
    kind: { enum: ['cat', 'dog'] },
    friends: { type: 'array', items: { $ref: '#' }, maxItems: 2 },
    'a/b': { $ref: '#/$defs/flag' },
  },
  required: ['name'],
  additionalProperties: false,
  $defs: { flag: { type: 'boolean' } },
}
const nullable: JsonObject = { anyOf: [{ type: 'null' }, { type: 'object', required: ['id'] }] }

const faultOf = (schema: JsonObject, value: JsonValue) => createJsonCheck(schema)(value)

function failureOf(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof GatewayError) return `${error.failure.kind}: ${error.message}`
    throw error
  }
  return 'no failure'
}

describe('a check by JSON schema', () => {
  it.each<[string, JsonObject, JsonValue]>([
    ['what follows it', person, { name: 'Tom', age: null, friends: [{ name: 'Al', 'a/b': true }] }],
    ['anything when it says nothing', {}, [1, 'two', null]],
    ['one of its alternatives', nullable, null],
    ['null where a keyword is not used', { type: 'string', enum: null, required: null }, 'x'],
    ['a constant null', { const: null }, null],
    [
      'words of the fourth draft',
      { $schema: 'http://json-schema.org/draft-04/schema#', minimum: 1, exclusiveMinimum: true },
      2,
    ],
    [
      'what stands beside a reference in the seventh draft',
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        properties: { a: { $ref: '#/definitions/a', type: 'null' } },
        definitions: { a: {} },
      },
      { a: 1 },
    ],
    [
      'formats and patterns as they come',
      { format: 'email', pattern: '^(a+)+$' },
      'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!',
    ],
    [
      'properties that an expression might name',
      { patternProperties: { '^x': {} }, additionalProperties: false },
      { x1: 1 },
    ],
    ['what only an expression might forbid', { not: { pattern: '^b' } }, 'a'],
    [
      'alternatives that only an expression tells apart',
      { oneOf: [{ pattern: '^a' }, { type: 'string' }] },
      'b',
    ],
    ['items that may repeat', { uniqueItems: true }, [1, 1]],
    ['what only an inverted rule forbids', { not: { type: 'string' } }, 'x'],
    ['what fits more than one alternative', { oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 3],
  ])('accepts %s', (_, schema, value) => {
    expect(faultOf(schema, value)).toBeUndefined()
  })

  it.each<[JsonObject, JsonValue, string | RegExp]>([
    [person, {}, /^at its root: .*"name"/],
    [person, { name: 1 }, /^at \/name: .*string/],
    [person, { name: 'x', friends: [{ name: 'y' }, { name: 2 }] }, /^at \/friends\/1\/name: .*string/],
    [person, { name: 'x', 'a/b': 1 }, /^at \/a~1b: .*boolean/],
    [person, { name: 'x', tail: 1 }, 'at /tail: this is not allowed.'],
    [person, { name: 'x', kind: 'cow' }, /^at \/kind: .*cat/],
    [{ properties: { a: nullable } }, { a: { name: 1 } }, /^at \/a: .*/],
    [nullable, [], /^at its root: /],
    [{ oneOf: [{ type: 'string', pattern: 'x' }, { type: 'null' }] }, 3, /^at its root: /],
    [
      { properties: { ['__proto__']: { type: 'string' } } },
      JSON.parse('{"__proto__":1}'),
      /^at \/__proto__: /,
    ],
    [
      { propertyNames: { maxLength: 9 }, additionalProperties: { type: 'null' } },
      { '\ud800': 1 },
      /^at \/.: it must be of type null/,
    ],
  ])('of %j tells what is wrong with %j', (schema, value, fault) => {
    expect(faultOf(schema, value)).toMatch(fault)
  })

  it('keeps its words short', () => {
    const schema = { enum: Array.from({ length: 1000 }, (_, index) => `value ${index}`) }
    expect(faultOf(schema, 'x')?.length).toBeLessThan(400)
  })

  it('leaves the client’s schema as it is', () => {
    const before = structuredClone(person)
    faultOf(person, { name: 'x' })
    expect(person).toStrictEqual(before)
  })

  it.each<[string, JsonObject, RegExp]>([
    [
      'a keyword of the wrong shape',
      { properties: { a: { required: 'x' } } },
      /#\/properties\/a\/required, it must be a list/,
    ],
    ['an unknown type', { type: 'text' }, /#\/type, it must be one of array, /],
    ['a subschema that is none', { items: 3 }, /#\/items, it must be an object/],
    [
      'a reference to the outside',
      { $ref: 'https://example.com/a.json' },
      /#\/\$ref, it must be a part of this schema/,
    ],
    [
      'a reference to nothing',
      { $ref: '#/$defs/missing' },
      /refers to #\/\$defs\/missing, which is not in it/,
    ],
    [
      'too much of it',
      { enum: [], allOf: Array.from({ length: 20_000 }, () => ({})) },
      /at most 10000 members/,
    ],
  ])('refuses a schema with %s', (_, schema, message) => {
    expect(failureOf(() => createJsonCheck(schema))).toMatch(/^invalid-request: /)
    expect(failureOf(() => createJsonCheck(schema))).toMatch(message)
  })

  it('refuses a schema that is too deep', () => {
    let schema: JsonObject = {}
    for (let depth = 0; depth < 200; depth += 1) schema = { items: schema }
    expect(failureOf(() => createJsonCheck(schema))).toMatch(/at most 100 levels/)
  })

  /** Each level doubles the work. */
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => [
      `d${level}`,
      level === 39 ? {} : { allOf: [{ $ref: `#/$defs/d${level + 1}` }, { $ref: `#/$defs/d${level + 1}` }] },
    ]),
  )
  const lists: JsonObject = { allOf: Array.from({ length: 300 }, () => ({ items: { type: 'number' } })) }

  it.each<[string, JsonObject, JsonValue]>([
    ['references that multiply', { $ref: '#/$defs/d0', $defs: doubling }, 1],
    ['a reference to itself', { $ref: '#' }, 1],
    [
      'references in a circle',
      { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } },
      1,
    ],
    ['many rules for many items', lists, Array.from({ length: 10_000 }, () => 1)],
    [
      'rules that say nothing, for many items',
      { allOf: Array.from({ length: 4900 }, () => ({ items: true })) },
      Array.from({ length: 20_000 }, () => 1),
    ],
    [
      'lengths of a long text',
      { allOf: Array.from({ length: 4900 }, () => ({ maxLength: 1_000_000 })) },
      'x'.repeat(400_000),
    ],
    [
      'a vast value behind many references',
      {
        anyOf: [...Array.from({ length: 4000 }, () => ({ $ref: '#/$defs/e' })), true],
        $defs: { e: { enum: ['x'.repeat(1_000_000)] } },
      },
      'y'.repeat(1_000_000),
    ],
    [
      'many choices for many items',
      { items: { enum: Array.from({ length: 5000 }, (_, index) => index) } },
      Array.from({ length: 20_000 }, () => 4999),
    ],
  ])('ends with %s, and lets pass what it has not reached', (_, schema, value) => {
    expect(faultOf(schema, value)).toBeUndefined()
  })

  it('refuses nothing that a validator of the standard accepts, and little that it refuses', () => {
    const leaf = fc.constantFrom<JsonObject>(
      { type: 'string' },
      { type: 'integer', minimum: 0 },
      { enum: ['a', 1, null] },
      { const: [1] },
      { maxLength: 1 },
      { multipleOf: 0.5 },
    )
    const schemas = fc.letrec<{ schema: JsonObject }>((tie) => ({
      schema: fc.oneof(
        { maxDepth: 3 },
        leaf,
        fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
        fc.array(tie('schema'), { minLength: 1, maxLength: 2 }).map((allOf) => ({ allOf })),
        tie('schema').map((items) => ({ type: 'array', items, maxItems: 2 })),
        tie('schema').map((contains) => ({ contains })),
        fc.tuple(tie('schema'), fc.boolean()).map(([a, additionalProperties]) => ({
          type: 'object',
          properties: { a },
          required: ['a'],
          additionalProperties,
        })),
      ),
    })).schema
    const values = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<JsonValue>('a', 'ab', '😀', 1, -1, 0.25, null, true),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom('a', 'b'), tie('value'), { maxKeys: 2 }),
      ),
    })).value
    fc.assert(
      fc.property(schemas, values, (schema, value) => {
        expect(faultOf(schema, value) === undefined).toBe(validate(value, schema).valid)
      }),
      { numRuns: 2_000 },
    )
  })

  it('either answers or refuses, whatever schema and value are', () => {
    const keyword = fc.constantFrom(
      'type',
      'properties',
      'items',
      'required',
      'enum',
      '$ref',
      'not',
      'oneOf',
      '__proto__',
      '$anchor',
      'if',
      'dependencies',
      'id',
      'const',
      'pattern',
    )
    const json = fc.letrec<{ value: JsonValue }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom<JsonValue>(null, true, 1, -0.5, 'string', '#', '#/properties', '\ud800'),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(keyword, tie('value'), { maxKeys: 4 }),
      ),
    })).value
    fc.assert(
      fc.property(fc.dictionary(keyword, json, { maxKeys: 4 }), json, (schema, value) => {
        expect(failureOf(() => faultOf(schema, value))).toMatch(/^(no failure|invalid-request: .*)$/)
      }),
      { numRuns: 500 },
    )
  })
})
