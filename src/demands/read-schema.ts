/** A client's JSON schema becomes one that is safe to walk: a copy of our own, of known keywords in their known shapes. */

import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import { keywordShapes, typeNames, type KeywordShape } from './schema-keywords.ts'

const MAX_NODES = 10_000
const MAX_DEPTH = 100
const MAX_SHOWN_PATH = 200

/** Only known keywords, each in its known shape. */
export interface Schema {
  [keyword: string]: unknown
}

/** Accepts everything that the client's schema accepts. Throws `invalid-request` for one that is none. */
export function readSchema(schema: JsonObject): Schema {
  return readObjectSchema(schema, { path: '#', depth: 0, found: { nodes: 0 } })
}

/** `found` is of the whole schema. */
interface Reading {
  path: string
  depth: number
  found: { nodes: number }
}

function readSubschema(value: JsonValue, reading: Reading): Schema | boolean {
  return typeof value === 'boolean' ? value : readObjectSchema(asObject(value, reading), reading)
}

function readObjectSchema(source: JsonObject, reading: Reading): Schema {
  const copy = new Map<string, unknown>()
  for (const [keyword, value] of Object.entries(source)) {
    const shape = keywordShapes.get(keyword)
    // Many clients write null for a keyword that they do not use.
    if (shape === undefined || (value === null && shape !== 'value')) continue
    copy.set(keyword, readMember(shape, value, inside(reading, keyword)))
  }
  // Which properties are additional depends on those that are named by an expression.
  if ('patternProperties' in source) copy.delete('additionalProperties')
  return Object.fromEntries(copy)
}

function readMember(shape: KeywordShape, value: JsonValue, reading: Reading): unknown {
  switch (shape) {
    case 'schema':
      return readSubschema(value, reading)
    case 'schemas':
      return readSchemas(value, reading)
    case 'schema-or-schemas':
      return Array.isArray(value) ? readSchemas(value, reading) : readSubschema(value, reading)
    case 'schema-map':
      return mapMembers(value, reading, readSubschema)
    case 'names':
      return readNames(value, reading)
    case 'names-map':
      return mapMembers(value, reading, readNames)
    case 'values':
      return asArray(value, reading)
    case 'value':
      return value
    case 'type':
      return readType(value, reading)
    case 'number':
      return check(value, typeof value === 'number', reading, 'a number')
    case 'number-or-flag':
      return check(value, typeof value === 'number' || typeof value === 'boolean', reading, 'a number')
    case 'text':
      return check(value, typeof value === 'string', reading, 'a text')
    case 'reference':
      return check(
        value,
        typeof value === 'string' && value.startsWith('#'),
        reading,
        'a part of this schema, as in "#/$defs/name"',
      )
    default:
      return unreachable(shape)
  }
}

function readSchemas(value: JsonValue, reading: Reading): (Schema | boolean)[] {
  return asArray(value, reading).map((item, index) => readSubschema(item, inside(reading, String(index))))
}

function readNames(value: JsonValue, reading: Reading): JsonValue {
  const isNames = asArray(value, reading).every((name) => typeof name === 'string')
  return check(value, isNames, reading, 'a list of names')
}

function readType(value: JsonValue, reading: Reading): JsonValue {
  const names = Array.isArray(value) ? value : [value]
  return check(
    value,
    names.every((name) => typeNames.has(name)),
    reading,
    `one of ${[...typeNames].join(', ')}`,
  )
}

/** `fromEntries`, as an assignment would take a member called `__proto__` for something else. */
function mapMembers<T>(
  value: JsonValue,
  reading: Reading,
  read: (member: JsonValue, reading: Reading) => T,
): Record<string, T> {
  const members = Object.entries(asObject(value, reading))
  return Object.fromEntries(members.map(([name, member]) => [name, read(member, inside(reading, name))]))
}

function asObject(value: JsonValue, reading: Reading): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw refuse(reading, 'it must be an object')
}

function asArray(value: JsonValue, reading: Reading): JsonValue[] {
  if (Array.isArray(value)) return value
  throw refuse(reading, 'it must be a list')
}

function check(value: JsonValue, isFit: boolean, reading: Reading, wanted: string): JsonValue {
  if (isFit) return value
  throw refuse(reading, `it must be ${wanted}`)
}

function inside(reading: Reading, name: string): Reading {
  reading.found.nodes += 1
  if (reading.found.nodes > MAX_NODES) throw refuse(reading, `a schema has at most ${MAX_NODES} members`)
  if (reading.depth === MAX_DEPTH) throw refuse(reading, `a schema is at most ${MAX_DEPTH} levels deep`)
  return { ...reading, path: `${reading.path}/${name}`, depth: reading.depth + 1 }
}

function refuse({ path }: Reading, reason: string): GatewayError {
  const shown = path.length > MAX_SHOWN_PATH ? `${path.slice(0, MAX_SHOWN_PATH)}…` : path
  return new GatewayError(
    'invalid-request',
    `The JSON schema that the answer is to follow cannot be used: at ${shown}, ${reason}.`,
  )
}
