import { dereference, validate, type OutputUnit, type Schema, type SchemaDraft } from '@cfworker/json-schema'
import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { readSchema } from './read-schema.ts'

/** What is wrong with a value and where, in words, or undefined when it follows the schema. */
export type JsonCheck = (value: JsonValue) => string | undefined

/** At two microseconds a step. Usual answers take some hundred, one of 100 kB some fifteen thousand. */
const MAX_STEPS = 50_000
const MAX_FAULT_CHARACTERS = 300

/**
 * Checks values by a client's schema, interpreted: nothing is ever compiled from it. Both schema and values come from
 * outside, so the walk ends after a number of steps, however references multiply it; then, and for a schema that is
 * none, it throws `invalid-request`. `pattern`, `format` and `uniqueItems` are not checked (see schema-keywords.ts).
 */
export function createJsonCheck(schema: JsonObject): JsonCheck {
  let steps = 0
  const readable = readSchema(schema, {
    onVisit(cost) {
      steps += cost
      if (steps > MAX_STEPS) throw tooComplex()
    },
  })
  const draft = draftOf(schema)
  const lookup = dereference(readable)
  for (const referring of Object.values(lookup)) refuseUnresolved(referring, lookup)

  return (value) => {
    steps = 0
    try {
      return describeFault(validate(value, readable, draft, lookup).errors)
    } catch (error) {
      // References that go round without end, and more faults than a call takes as arguments.
      if (error instanceof RangeError) throw tooComplex(error)
      // A name with half a character in it, which cannot be written into a path.
      if (error instanceof URIError) return 'it has a name that is not well-formed text.'
      throw error
    }
  }
}

function draftOf({ $schema }: JsonObject): SchemaDraft {
  if (typeof $schema !== 'string') return '2020-12'
  if ($schema.includes('draft-04')) return '4'
  if ($schema.includes('draft-06') || $schema.includes('draft-07')) return '7'
  return $schema.includes('2019-09') ? '2019-09' : '2020-12'
}

function refuseUnresolved(schema: Schema | boolean, lookup: Readonly<Record<string, unknown>>): void {
  const { __absolute_ref__: address } = typeof schema === 'boolean' ? {} : schema
  if (address === undefined || lookup[address] !== undefined) return
  throw new GatewayError(
    'invalid-request',
    `The JSON schema that the answer is to follow refers to ${cut(fragmentOf(address))}, which is not in it.`,
  )
}

function fragmentOf(address: string): string {
  return address.slice(address.indexOf('#'))
}

function tooComplex(cause?: unknown): GatewayError {
  return new GatewayError(
    'invalid-request',
    'The JSON schema that the answer is to follow takes too long to check: use fewer references and alternatives.',
    { cause },
  )
}

/** They only say that something inside is wrong, which says it itself. */
const WRAPPING: ReadonlySet<string> = new Set([
  'properties',
  'additionalProperties',
  'unevaluatedProperties',
  'propertyNames',
  'items',
  'prefixItems',
  'additionalItems',
  'unevaluatedItems',
  '$ref',
  'allOf',
  'if',
])

/** Of several faults the one that lies deepest: of the alternatives, that one was meant. */
function describeFault(errors: readonly OutputUnit[]): string | undefined {
  const [first] = errors
  if (first === undefined) return undefined
  let worst = first
  for (const error of errors) {
    const isDeeper = depthOf(error) > depthOf(worst)
    const isClearer = depthOf(error) === depthOf(worst) && WRAPPING.has(worst.keyword)
    if (!WRAPPING.has(error.keyword) && (isDeeper || isClearer)) worst = error
  }
  const place = worst.instanceLocation === '#' ? 'at its root' : `at ${worst.instanceLocation.slice(1)}`
  return cut(`${place}: ${worst.keyword === 'false' ? 'this is not allowed.' : worst.error}`)
}

function depthOf({ instanceLocation }: OutputUnit): number {
  return instanceLocation.split('/').length
}

function cut(text: string): string {
  return text.length > MAX_FAULT_CHARACTERS ? `${text.slice(0, MAX_FAULT_CHARACTERS)}…` : text
}
