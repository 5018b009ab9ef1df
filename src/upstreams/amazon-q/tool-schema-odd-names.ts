/** Properties whose names the service refuses (protocol 8.3). */

import type { JsonObject, JsonValue } from '../../conversation/conversation.ts'
import { isJsonObject, withoutMembers } from './tool-schema-keywords.ts'

interface TidyProperties {
  schema: JsonObject
  /** The names that are gone. */
  odd: ReadonlySet<string>
}

const TAKEN_NAME = /^[a-zA-Z0-9_.-]{1,64}$/
const MAX_NAME_LENGTH = 200
const MAX_SCHEMA_LENGTH = 1_000
const NONE: ReadonlySet<string> = new Set()

/**
 * A name cannot be changed, as the model's input goes to the client as it is; and to refuse the request would make every
 * other tool unusable too. So the model is told of such properties in words. It may use them if nothing forbids it.
 */
export function describeOddProperties(schema: JsonObject, lost: Set<string>): TidyProperties {
  const { properties } = schema
  if (!isJsonObject(properties)) return { schema, odd: NONE }
  const odd = Object.keys(properties).filter((name) => !TAKEN_NAME.test(name))
  if (odd.length === 0) return { schema, odd: NONE }
  lost.add('properties')
  const oddNames = new Set(odd)
  const taken = Object.entries(properties).filter(([name]) => !oddNames.has(name))
  const { required, description } = schema
  const requiredNames = new Set(Array.isArray(required) ? required : [])
  const lines = odd
    .filter((name) => name.length <= MAX_NAME_LENGTH)
    .map((name) => describeProperty(name, properties[name], requiredNames.has(name)))
  const words = ['Further properties of this object, by name:', ...lines].join('\n')
  return {
    schema: {
      ...withoutMembers(schema, 'additionalProperties'),
      description: typeof description === 'string' ? `${description}\n\n${words}` : words,
      properties: Object.fromEntries(taken),
    },
    odd: oddNames,
  }
}

function describeProperty(name: string, schema: JsonValue | undefined, isRequired: boolean): string {
  const text = JSON.stringify(schema ?? {})
  const shown = text.length <= MAX_SCHEMA_LENGTH ? `: ${text}` : ''
  return `- ${JSON.stringify(name)}${isRequired ? ' (required)' : ''}${shown}`
}
