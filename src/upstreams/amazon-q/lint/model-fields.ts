/** The model's own request fields, by the schema that the model list gives for them (3.9). */

import type { JsonObject, JsonValue } from '../../../conversation/conversation.ts'
import { isObject, listOf, objectOf } from './sent-messages.ts'
import type { Breach, Rule } from './rule.ts'

const PATH = 'additionalModelRequestFields'

export const modelFieldRules: readonly Rule[] = [
  {
    name: 'model-fields-unsupported',
    source: '3.9',
    severity: 'refused',
    findBreaches: ({ body, model }) =>
      body[PATH] === undefined || model.requestFields !== undefined
        ? []
        : [{ path: PATH, message: 'the model takes no fields of its own' }],
  },
  {
    name: 'model-fields',
    source: '3.9',
    severity: 'refused',
    findBreaches: ({ body, model: { requestFields } }) =>
      body[PATH] === undefined || body[PATH] === null || requestFields === undefined
        ? []
        : findFaults(requestFields, body[PATH], PATH),
  },
]

/** Just enough of JSON Schema for what these schemas are known to hold; keywords that it does not know say nothing. */
function* findFaults(schema: JsonObject, value: JsonValue, path: string): Iterable<Breach> {
  const { type, enum: choices, minimum, maximum } = schema
  const types = typesOf(type)
  if (types.length > 0 && !types.some((each) => isOfType(value, each))) {
    yield { path, message: `must be of the type ${types.join(' or ')}` }
    return
  }
  for (const alternatives of [schema['anyOf'], schema['oneOf']]) {
    if (!Array.isArray(alternatives) || alternatives.some((each) => isAccepted(objectOf(each), value)))
      continue
    yield { path, message: 'fits none of the alternatives that the model takes' }
  }
  if (schema['const'] !== undefined && schema['const'] !== value)
    yield { path, message: 'must be the one value that the model takes' }
  if (Array.isArray(choices) && !choices.includes(value)) {
    yield { path, message: `must be one of: ${choices.map(String).join(', ')}` }
  }
  if (typeof value === 'number') {
    if (typeof minimum === 'number' && value < minimum) yield { path, message: `must be at least ${minimum}` }
    if (typeof maximum === 'number' && value > maximum) yield { path, message: `must be at most ${maximum}` }
  }
  if (isObject(value)) yield* findMemberFaults(schema, value, path)
}

function isAccepted(schema: JsonObject, value: JsonValue): boolean {
  return findFaults(schema, value, '')[Symbol.iterator]().next().done === true
}

function* findMemberFaults(schema: JsonObject, value: JsonObject, path: string): Iterable<Breach> {
  const known = new Map(Object.entries(objectOf(schema['properties'])))
  for (const [name, member] of Object.entries(value)) {
    const memberSchema = known.get(name)
    if (memberSchema !== undefined) yield* findFaults(objectOf(memberSchema), member, `${path}.${name}`)
    else if (schema['additionalProperties'] === false) {
      yield { path: `${path}.${name}`, message: 'the model has no such field' }
    }
  }
  for (const name of listOf(schema['required'])) {
    if (typeof name !== 'string' || Object.hasOwn(value, name)) continue
    yield { path: `${path}.${name}`, message: 'the model demands this field' }
  }
}

function typesOf(type: JsonValue | undefined): string[] {
  return (Array.isArray(type) ? type : [type]).filter((name) => typeof name === 'string')
}

function isOfType(value: JsonValue, type: string): boolean {
  switch (type) {
    case 'object':
      return isObject(value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
      return Number.isInteger(value)
    case 'null':
      return value === null
    default:
      return typeof value === type
  }
}
