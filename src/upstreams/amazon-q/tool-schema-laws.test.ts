/** What holds for the schema of any tool, judged by rules written from the protocol. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findSchemaFault } from '../../../simulator/rules/tool-schema.ts'
import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { createSchemaGrowth } from './tool-schema-references.ts'
import { encodeToolSchema } from './tool-schema.ts'

const forms = ['full', 'plain'] as const

function encode(schema: JsonObject, form: (typeof forms)[number]): JsonObject {
  return encodeToolSchema(schema, { form, growth: createSchemaGrowth(), lost: new Set() })
}

/** With the strictest switches of the simulator. */
function faultOf(schema: JsonObject, form: (typeof forms)[number]): unknown {
  const strictness = { strictSchemas: true, plainSchemas: form === 'plain' }
  return findSchemaFault(schema, strictness)
}

const KEYWORDS =
  'type properties required items enum const anyOf oneOf allOf $ref $defs description additionalProperties patternProperties not if then minimum default exclusiveMinimum additionalItems prefixItems $schema $id $anchor __proto__ x-own'.split(
    ' ',
  )
const NAMES = ['a', 'b', 'c d', '', '__proto__', 'constructor', 'é', 'x'.repeat(65), '$defs']
const TEXTS = ' a b object string null Array integer # #/$defs/a #/properties/a #/$defs/b #x x'.split(' ')
const someScalar = fc.oneof(fc.constantFrom(null, true, false, 0, 1), fc.constantFrom(...TEXTS))

/** An object with these members, `__proto__` among them, as a JSON parser makes it. */
const objectOf = (members: [string, JsonValue][]): JsonObject => Object.fromEntries(members)

/** Keywords where they belong as often as where they do not. */
const { anything } = fc.letrec<{ anything: JsonValue; schema: JsonValue; names: JsonValue }>((tie) => ({
  names: fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('schema')), { maxLength: 3 }).map(objectOf),
  schema: fc
    .array(
      fc.tuple(
        fc.constantFrom(...KEYWORDS),
        fc.oneof(
          { depthSize: 'small' },
          someScalar,
          tie('schema'),
          tie('names'),
          fc.array(fc.oneof(someScalar, tie('schema')), { maxLength: 3 }),
        ),
      ),
      { maxLength: 5 },
    )
    .map(objectOf),
  anything: fc.oneof(tie('schema'), tie('names')),
}))

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const someObject = anything.filter(isObject)

describe.each(forms)('any JSON object in the form %s', (form) => {
  it('becomes a schema that the service takes', () => {
    fc.assert(
      fc.property(someObject, (schema) => {
        expect(faultOf(encode(schema, form), form)).toBeUndefined()
      }),
      { numRuns: 1_000 },
    )
  })

  it('becomes a schema that stays as it is', () => {
    fc.assert(
      fc.property(someObject, (schema) => {
        const once = encode(schema, form)
        expect(encode(once, form)).toEqual(once)
      }),
      { numRuns: 1_000 },
    )
  })
})

/** A schema, and a value that it is certain to accept and that has no members but those it declares. */
interface Sample {
  schema: JsonObject
  value: JsonValue
}

const leaf = fc.oneof(
  fc.constant<Sample>({ schema: { type: 'string', minLength: 1 }, value: 'x' }),
  fc.constant<Sample>({ schema: { type: ['integer', 'boolean'] }, value: true }),
  fc.constant<Sample>({ schema: { const: 'tag' }, value: 'tag' }),
  fc.constant<Sample>({ schema: { enum: [1, 'one'] }, value: 'one' }),
  fc.constant<Sample>({
    schema: { type: ['number', 'string'], exclusiveMinimum: true, minimum: 0 },
    value: 1,
  }),
  fc.constant<Sample>({ schema: { $ref: '#/$defs/text' }, value: 'y' }),
)

const { object } = fc.letrec<{ object: Sample; sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: 'small' },
    leaf,
    tie('object'),
    fc.array(tie('sample'), { minLength: 1, maxLength: 2 }).map((all): Sample => {
      const schemas = all.map(({ schema }) => schema)
      return { schema: { type: 'array', items: { anyOf: schemas } }, value: all.map(({ value }) => value) }
    }),
    fc.tuple(tie('sample'), tie('sample')).map(([one, other]): Sample => {
      return { schema: { anyOf: [other.schema, one.schema] }, value: one.value }
    }),
  ),
  object: fc
    .tuple(
      fc.dictionary(
        fc.constantFrom('a', 'b', 'c'),
        fc.tuple(tie('sample'), fc.constantFrom('must', 'may', 'not')),
      ),
      fc.boolean(),
    )
    .map(([members, closed]): Sample => {
      const all = Object.entries(members)
      const required = all.filter(([, [, use]]) => use === 'must').map(([name]) => name)
      const said = all.filter(([, [, use]]) => use !== 'not')
      return {
        schema: {
          type: 'object',
          properties: Object.fromEntries(all.map(([name, [{ schema }]]) => [name, schema])),
          required,
          ...(closed && { additionalProperties: false }),
        },
        value: Object.fromEntries(said.map(([name, [{ value }]]) => [name, value])),
      }
    }),
}))

/** At the root, an object beside others that have the same properties or none of them. */
const root = fc
  .tuple(object, object, fc.constantFrom('alone', 'anyOf', 'allOf'))
  .map(([one, other, place]): Sample => {
    const $defs = { text: { type: 'string' } }
    if (place === 'alone') return { schema: { ...one.schema, $defs }, value: one.value }
    if (place === 'allOf') return { schema: { allOf: [one.schema, {}], $defs }, value: one.value }
    const renamed = { type: 'object', properties: { other: other.schema }, required: ['other'] }
    return { schema: { anyOf: [renamed, one.schema], $defs }, value: one.value }
  })

/** Just enough of JSON Schema for what is sent. */
function accepts(schema: JsonValue | undefined, value: JsonValue): boolean {
  if (!isObject(schema)) return true
  const { type, enum: choices, anyOf, required = [], properties = {}, additionalProperties, items } = schema
  const isType =
    type === undefined || type === typeOf(value) || (type === 'number' && typeOf(value) === 'integer')
  const isChosen =
    !Array.isArray(choices) || choices.some((each) => JSON.stringify(each) === JSON.stringify(value))
  const isAlternative = !Array.isArray(anyOf) || anyOf.some((each) => accepts(each, value))
  return isType && isChosen && isAlternative && acceptsMembers() && acceptsItems()

  function acceptsMembers(): boolean {
    if (!isObject(value) || !isObject(properties) || !Array.isArray(required)) return true
    const known = new Map(Object.entries(properties))
    return (
      required.every((name) => typeof name === 'string' && Object.hasOwn(value, name)) &&
      Object.entries(value).every(([name, member]) =>
        known.has(name) ? accepts(known.get(name), member) : additionalProperties !== false,
      )
    )
  }
  function acceptsItems(): boolean {
    return !Array.isArray(value) || value.every((item) => accepts(items, item))
  }
}

function typeOf(value: JsonValue): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'number' && Number.isInteger(value) ? 'integer' : typeof value
}

describe.each(forms)('an input that a schema accepts, in the form %s', (form) => {
  it('is accepted by what the service gets, as far as it has declared members only', () => {
    fc.assert(
      fc.property(root, ({ schema, value }) => {
        expect(accepts(encode(schema, form), value)).toBe(true)
      }),
      { numRuns: 250 },
    )
  })
})

describe('the judge of these laws', () => {
  it.each<[JsonObject, JsonValue]>([
    [{ type: 'string' }, 1],
    [{ enum: ['a'] }, 'b'],
    [{ anyOf: [{ type: 'string' }] }, 1],
    [{ required: ['a'] }, {}],
    [{ properties: { a: { type: 'string' } } }, { a: 1 }],
    [{ additionalProperties: false }, { a: 1 }],
    [{ items: { type: 'string' } }, [1]],
  ])('refuses by %j the value %j', (schema, value) => {
    expect(accepts(schema, value)).toBe(false)
  })
})
