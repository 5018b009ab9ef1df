/** A client's JSON schema becomes one that is safe to walk: a copy of our own, of known keywords in their known shapes. */

import type { Schema } from '@cfworker/json-schema'
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { unreachable } from '../conversation/unreachable.ts'
import {
  invertingKeywords,
  keywordShapes,
  typeNames,
  uncheckedKeywords,
  type KeywordShape,
} from './schema-keywords.ts'

const MAX_NODES = 10_000
const MAX_DEPTH = 100
const MAX_SHOWN_PATH = 200

interface ReadOptions {
  /** Called whenever a walk enters a subschema, with the least that it costs there. Throws to end the walk. */
  onVisit: (cost: number) => void
}

/** A schema whose assertions all hold for everything that the client's schema accepts. */
export function readSchema(schema: JsonObject, { onVisit }: ReadOptions): Schema {
  const exact: Reading = {
    onVisit,
    path: '#',
    depth: 0,
    found: { nodes: 0, isIncomplete: false },
    loose: false,
  }
  const copy = readObjectSchema(schema, exact)
  if (!exact.found.isIncomplete) return copy
  return readObjectSchema(schema, { ...exact, found: { nodes: 0, isIncomplete: true }, loose: true })
}

/** `found` is of the whole schema. */
interface Reading extends ReadOptions {
  path: string
  depth: number
  found: { nodes: number; isIncomplete: boolean }
  /** Assertions were left out, so those that invert them go too: what accepts more inside would refuse more outside. */
  loose: boolean
}

function readSubschema(value: JsonValue, reading: Reading): Schema | boolean {
  return typeof value === 'boolean' ? value : readObjectSchema(asObject(value, reading), reading)
}

function readObjectSchema(source: JsonObject, reading: Reading): Schema {
  const copy: Schema = {}
  for (const [keyword, value] of Object.entries(reading.loose ? loosen(source) : source)) {
    reading.found.isIncomplete ||= uncheckedKeywords.has(keyword)
    const shape = keywordShapes.get(keyword)
    // Many clients write null for a keyword that they do not use.
    if (shape === undefined || (value === null && shape !== 'value')) continue
    copy[keyword] = readMember(shape, value, inside(reading, keyword))
  }
  // Which properties are additional depends on those that are named by an expression.
  if ('patternProperties' in source) delete copy.additionalProperties
  return watchVisits(copy, reading)
}

/** Without what inverts; of alternatives at least one has to fit instead of exactly one. */
function loosen(source: JsonObject): JsonObject {
  const kept = Object.fromEntries(
    Object.entries(source).filter(([keyword]) => !invertingKeywords.has(keyword)),
  )
  const { allOf = [] } = kept
  if (!Array.isArray(source.oneOf) || !Array.isArray(allOf)) return kept
  return { ...kept, allOf: [...allOf, { anyOf: source.oneOf }] }
}

/** The validator reads `$ref` of every subschema that it enters, once and first: the one place to count its steps. */
function watchVisits(schema: Schema, { onVisit }: Reading): Schema {
  const { $ref, enum: values = [], required = [], properties = {} } = schema
  const cost = 1 + Math.ceil((values.length + required.length + Object.keys(properties).length) / 8)
  return Object.defineProperty(schema, '$ref', {
    get() {
      onVisit(cost)
      return $ref
    },
  })
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
