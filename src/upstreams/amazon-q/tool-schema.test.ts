import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../conversation/conversation.ts'
import { createSchemaGrowth } from './tool-schema-references.ts'
import { encodeToolSchema } from './tool-schema.ts'

function encode(schema: JsonObject, form: 'full' | 'plain' = 'full') {
  const lost = new Set<string>()
  return { encoded: encodeToolSchema(schema, { form, growth: createSchemaGrowth(), lost }), lost: [...lost] }
}

/** The property `a` of a tool as the service gets it. */
const asProperty = (schema: unknown, required: string[] = []) => {
  const root: JsonObject = JSON.parse(JSON.stringify({ type: 'object', properties: { a: schema }, required }))
  const { encoded, lost } = encode(root)
  const { properties } = encoded
  return { ...Object(properties), lost }
}

const empty = { type: 'object', properties: {} }
const text = { type: 'string' }
const count = { type: 'integer' }

type Row = [name: string, schema: JsonObject, expected: JsonObject, lost?: string[]]

describe('the root', () => {
  it.each<Row>([
    ['an empty schema describes an object without members', {}, empty],
    ['bookkeeping goes without a word', { $schema: 'x', $id: 'y', $comment: 'z', ...empty }, empty],
    ['members that are null are left out', { ...empty, required: null, description: null }, empty],
    [
      'a root that is no object is replaced',
      { type: 'string', description: 'd' },
      { ...empty, description: 'd' },
      ['type'],
    ],
    ['a root that may be null is an object', { type: ['object', 'null'] }, empty, ['type']],
    ['a missing type is filled in', { properties: { a: {} } }, { type: 'object', properties: { a: {} } }],
    ['a type in capitals is known', { type: 'OBJECT' }, empty],
    ['an empty `required` is left out', { ...empty, required: [] }, empty],
    [
      'what is required exists, once',
      { type: 'object', properties: { a: text }, required: ['a', 'b', 'a', 1] },
      { type: 'object', properties: { a: text }, required: ['a'] },
      ['required'],
    ],
    [
      'other keywords stay',
      { ...empty, additionalProperties: false, minProperties: 1, 'x-own': { $ref: 1 } },
      { ...empty, additionalProperties: false, minProperties: 1, 'x-own': { $ref: 1 } },
    ],
    [
      'alternatives become one object with all properties, of which those of all are required',
      {
        oneOf: [
          {
            type: 'object',
            properties: { kind: { const: 'a' }, x: text, y: text },
            required: ['kind', 'x'],
            additionalProperties: false,
          },
          { properties: { kind: { const: 'b' }, x: count }, required: ['kind'], additionalProperties: false },
        ],
      },
      {
        type: 'object',
        properties: { kind: { enum: ['a', 'b'] }, x: { anyOf: [text, count] }, y: text },
        required: ['kind'],
        additionalProperties: false,
      },
      ['oneOf'],
    ],
    [
      'of alternatives, the only object is what is left',
      { anyOf: [{ type: 'object', properties: { a: text }, required: ['a'] }, { type: 'null' }] },
      { type: 'object', properties: { a: text }, required: ['a'] },
    ],
    ['alternatives without an object are lost', { anyOf: [text, count] }, empty, ['anyOf']],
    [
      'parts that all hold are joined',
      {
        properties: { a: { description: 'A' } },
        required: ['a'],
        allOf: [{ properties: { a: text, b: text }, required: ['b'] }, { $ref: '#/$defs/c' }],
        $defs: { c: { properties: { c: count } } },
      },
      {
        type: 'object',
        properties: { a: { description: 'A', type: 'string' }, b: text, c: count },
        required: ['a', 'b'],
      },
    ],
    [
      'what one alternative says of a property does not narrow it for the others',
      {
        properties: { a: text },
        anyOf: [{ properties: { a: { enum: ['x'] } } }, { properties: { b: text } }],
      },
      { type: 'object', properties: { a: text, b: text } },
      ['anyOf'],
    ],
  ])('%s', (_name, schema, expected, lost = []) => {
    expect(encode(schema)).toEqual({ encoded: expected, lost })
  })
})

describe('what is inside', () => {
  it.each<[name: string, schema: unknown, expected: unknown, lost?: string[]]>([
    ['`true` allows anything', true, {}],
    ['what is no schema allows anything', 'string', {}, ['properties']],
    ['`false` takes the property away', false, undefined, ['properties']],
    ['a constant is a single choice', { const: 'x' }, { enum: ['x'] }],
    ['null may be a default', { type: 'string', default: null }, { type: 'string', default: null }],
    ['an unknown type goes', { type: 'any' }, {}, ['type']],
    ['choices that are none go', { type: 'string', enum: [] }, text, ['enum']],
    ['a keyword of the wrong type goes', { type: 'string', minLength: '1' }, text, ['minLength']],
    ['alternatives stay', { anyOf: [text, count] }, { anyOf: [text, count] }],
    ['impossible alternatives go', { anyOf: [text, false] }, { anyOf: [text] }],
    ['refused keywords go', { type: 'string', if: {}, else: {}, not: {} }, text, ['if', 'else', 'not']],
    [
      'a bound of draft 4 is written as today',
      { type: 'number', minimum: 0, exclusiveMinimum: true, maximum: 9, exclusiveMaximum: false },
      { type: 'number', exclusiveMinimum: 0, maximum: 9 },
    ],
    [
      'a tuple of draft 7 is written as today',
      { type: 'array', items: [text, true], additionalItems: count },
      { type: 'array', prefixItems: [text, {}], items: count },
    ],
    [
      'the only pattern of names that are allowed holds for all names',
      { type: 'object', patternProperties: { '^x': { const: 1 } }, additionalProperties: false },
      { type: 'object', additionalProperties: { enum: [1] } },
      ['patternProperties'],
    ],
    [
      'names that a pattern allows are not forbidden when it is gone',
      { type: 'object', patternProperties: { '^x': text, '^y': text }, additionalProperties: false },
      { type: 'object' },
      ['patternProperties'],
    ],
    [
      'a name like that of a prototype is a name',
      { properties: { constructor: text } },
      { properties: { constructor: text } },
    ],
  ])('%s', (_name, schema, expected, lost = []) => {
    expect(asProperty(schema)).toEqual({ ...(expected !== undefined && { a: expected }), lost })
  })

  const nullableText = { type: ['string', 'null'], enum: ['x', null] }
  it('may be left out instead of being null', () => {
    expect(asProperty(nullableText)).toEqual({ a: { type: 'string', enum: ['x'] }, lost: ['type'] })
  })
  it('may be null where it is required', () => {
    const expected = { enum: ['x', null], anyOf: [{ type: 'string' }, { type: 'null' }] }
    expect(asProperty(nullableText, ['a'])).toEqual({ a: expected, lost: [] })
  })
  it('may be of several types', () => {
    const expected = { minLength: 1, anyOf: [{ type: 'string' }, { type: 'number' }] }
    expect(asProperty({ type: ['string', 'integer', 'number'], minLength: 1 })).toEqual({
      a: expected,
      lost: [],
    })
  })

  it('has properties of any name, told in words where the service refuses the name', () => {
    const schema = {
      type: 'object',
      properties: { 'user id': { type: 'string' }, ok: text },
      required: ['user id', 'ok'],
      additionalProperties: false,
    }
    expect(encode(schema)).toEqual({
      encoded: {
        type: 'object',
        description: 'Further properties of this object, by name:\n- "user id" (required): {"type":"string"}',
        properties: { ok: text },
        required: ['ok'],
      },
      lost: ['properties'],
    })
  })

  it('leaves the schema of the client as it was', () => {
    const schema = { properties: { a: { const: 1, $ref: '#' } }, required: ['b'], oneOf: [{}, {}] }
    const before = structuredClone(schema)
    encode(schema)
    encode(schema, 'plain')
    expect(schema).toEqual(before)
  })
})

const fan = (target: string) => ({
  properties: { a: { $ref: target }, b: { $ref: target }, c: { $ref: target } },
})

function nestInItems(leaf: JsonObject, levels: number): JsonObject {
  let schema = leaf
  for (let level = 0; level < levels; level += 1) schema = { items: schema }
  return schema
}

describe('references', () => {
  const withReference = ($ref: string, more: JsonObject = {}) =>
    encode({
      properties: { a: { $ref, ...more } },
      $defs: { 'b/c': text, n: { $id: 'N', $anchor: 'n', type: 'integer' } },
    })

  it.each([
    ['#/$defs/b~1c', text],
    ['#/%24defs/b%7E1c', text],
    ['N', count],
    ['#n', count],
  ])('to %s are followed', (reference, expected) => {
    expect(withReference(reference)).toEqual({
      encoded: { type: 'object', properties: { a: expected } },
      lost: [],
    })
  })

  it.each(['#/$defs/none', '#/$defs/constructor', '#/%', 'https://example.com/s.json', '#/$defs/n/type'])(
    'to %s are lost',
    (reference) => {
      expect(withReference(reference)).toEqual({
        encoded: { type: 'object', properties: { a: {} } },
        lost: ['$ref'],
      })
    },
  )

  it('keep what is said beside them', () => {
    const { encoded } = withReference('N', { description: 'D' })
    expect(encoded['properties']).toEqual({ a: { description: 'D', type: 'integer' } })
  })

  it('to what they are part of are followed a few levels deep', () => {
    const { encoded, lost } = encode({ type: 'object', properties: { child: { $ref: '#' } } })
    expect(JSON.stringify(encoded).match(/child/g)).toHaveLength(4)
    expect(JSON.stringify(encoded)).toContain('{"child":{"type":"object"}}')
    expect(lost).toEqual(['$ref'])
  })

  const levels = Array.from(
    { length: 40 },
    (_, level) => [`d${level}`, fan(`#/$defs/d${level + 1}`)] as const,
  )
  it.each<[string, JsonObject]>([
    ['doubling at each level', { ...fan('#/$defs/d0'), $defs: Object.fromEntries(levels) }],
    [
      'to the whole, by the thousand',
      {
        properties: Object.fromEntries(
          Array.from({ length: 5_000 }, (_, index) => [`p${index}`, { $ref: '#' }]),
        ),
      },
    ],
    [
      'to a long text, by the thousand',
      {
        properties: Object.fromEntries(
          Array.from({ length: 5_000 }, (_, index) => [`p${index}`, { $ref: '#/$defs/long' }]),
        ),
        $defs: { long: { type: 'string', description: 'x'.repeat(60_000) } },
      },
    ],
  ])('%s, end before the schema becomes very large', (_name, schema) => {
    const { encoded, lost } = encode(schema)
    expect(JSON.stringify(encoded).length).toBeLessThan(2 * JSON.stringify(schema).length + 150_000)
    expect(lost).toEqual(['$ref'])
  })

  it('that lead from one deep type to the next are followed no deeper than a stack is', () => {
    const types = Array.from({ length: 16 }, (_, index) => [
      `t${index}`,
      nestInItems({ $ref: `#/$defs/t${index + 1}` }, 110),
    ])
    const { encoded, lost } = encode({
      properties: { a: { $ref: '#/$defs/t0' } },
      $defs: { ...Object.fromEntries(types), t16: text },
    })
    const followed = JSON.stringify(encoded).match(/"items"/g) ?? []
    expect(followed.length).toBeGreaterThan(110)
    expect(followed.length).toBeLessThan(200)
    expect(lost).toEqual(['$ref'])
  })

  it('of all tools together have a bound too', () => {
    const growth = createSchemaGrowth()
    const schema = {
      properties: { a: { $ref: '#' }, b: { $ref: '#' }, c: { $ref: '#', description: 'x'.repeat(9_000) } },
    }
    const lengths = Array.from(
      { length: 100 },
      () => JSON.stringify(encodeToolSchema(schema, { form: 'full', growth, lost: new Set() })).length,
    )
    expect(Math.max(...lengths)).toBeGreaterThan(50_000)
    expect(lengths.reduce((sum, length) => sum + length)).toBeLessThan(3_000_000)
    expect(lengths.at(-1)).toBeLessThan(30_000)
  })
})

/** So many that whatever looks at each of them for each of them never ends. */
const many = Array.from({ length: 10_000 }, (_, index) => index)

const choices = (values: unknown[]) => ({ properties: { a: { enum: values } } })

describe('schemas of one place, in very large numbers', () => {
  it('are joined with all their properties', () => {
    const allOf = many.map((index) => ({ properties: { [`p${index}`]: text }, required: [`p${index}`] }))
    const { properties, required } = encode({ allOf }).encoded
    expect(Object.keys(Object(properties)).length).toBe(many.length)
    expect(required).toEqual(many.map((index) => `p${index}`))
  })

  it('are joined to what all of them let one choose', () => {
    const allOf: unknown = [choices(many), ...many.map(() => choices(['x']))]
    const schema: JsonObject = JSON.parse(JSON.stringify({ allOf }))
    expect(encode(schema).encoded).toEqual({ type: 'object', properties: { a: { enum: many } } })
  })

  it('may lie in each other and be large', () => {
    const large = { properties: { a: { description: 'x'.repeat(2_000_000) } } }
    let schema: JsonObject = large
    for (let level = 0; level < 60; level += 1) {
      schema = { anyOf: [schema, { properties: { a: { description: `${level}` } } }] }
    }
    expect(JSON.stringify(encode(schema).encoded).length).toBeLessThan(2_010_000)
  })
})

describe('the plain form', () => {
  it.each<Row>([
    [
      'keeps types, properties, what is required, descriptions, items and choices',
      {
        type: 'object',
        description: 'D',
        title: 'T',
        additionalProperties: false,
        properties: {
          a: { type: 'array', items: { ...text, minLength: 1, enum: ['x'] }, maxItems: 2 },
          b: { type: 'object', additionalProperties: true },
        },
        required: ['a'],
      },
      {
        type: 'object',
        description: 'D',
        properties: { a: { type: 'array', items: { ...text, enum: ['x'] } }, b: { type: 'object' } },
        required: ['a'],
      },
      ['minLength', 'maxItems', 'title', 'additionalProperties'],
    ],
    [
      'takes what may be null for the other',
      { properties: { a: { description: 'D', anyOf: [text, { type: 'null' }] } } },
      { type: 'object', properties: { a: { description: 'D', type: 'string' } } },
      ['anyOf'],
    ],
    [
      'keeps what alternatives have in common',
      {
        properties: {
          tags: {
            oneOf: [
              { ...text, const: 'x' },
              { ...text, const: 'y' },
            ],
          },
          texts: {
            anyOf: [
              { ...text, minLength: 1 },
              { ...text, maxLength: 0 },
            ],
          },
          objects: {
            anyOf: [
              { type: 'object', properties: { a: text } },
              { type: 'object', properties: { b: text } },
            ],
          },
          mixed: { anyOf: [text, count] },
          all: { allOf: [{ ...text, description: 'D' }] },
        },
      },
      {
        type: 'object',
        properties: {
          tags: { ...text, enum: ['x', 'y'] },
          texts: text,
          objects: { type: 'object', properties: { a: text, b: text } },
          mixed: {},
          all: { ...text, description: 'D' },
        },
      },
      ['oneOf', 'anyOf'],
    ],
  ])('%s', (_name, schema, expected, lost = []) => {
    const result = encode(schema, 'plain')
    expect(result.encoded).toEqual(expected)
    expect(result.lost.toSorted()).toEqual(lost.toSorted())
  })
})
