import { describe, expect, it } from 'vitest'
import { encodeToolSchema } from './tool-schema.ts'

describe('encodeToolSchema', () => {
  const empty = { type: 'object', properties: {} }

  it.each([
    ['an empty schema describes an object without members', {}, empty],
    [
      'the dialect is not named',
      { $schema: 'https://json-schema.org/draft/2020-12/schema', ...empty },
      empty,
    ],
    ['members that are null are left out', { ...empty, required: null, description: null }, empty],
    ['a root that is no object is replaced', { type: 'string' }, empty],
    ['a root of several types is replaced', { type: ['object', 'null'] }, empty],
    ['a missing type is filled in', { properties: { a: {} } }, { type: 'object', properties: { a: {} } }],
    [
      'all other keywords stay',
      { type: 'object', properties: { a: { default: null } }, required: [], additionalProperties: false },
      { type: 'object', properties: { a: { default: null } }, required: [], additionalProperties: false },
    ],
  ])('%s', (_name, schema, expected) => {
    expect(encodeToolSchema(schema)).toEqual(expected)
  })
})
