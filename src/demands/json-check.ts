import type { JsonObject, JsonValue } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'
import { createSchemaWalk, type Fault } from './schema-walk.ts'
import { readSchema, type Schema } from './read-schema.ts'

/** What is wrong with a value and where, in words, or undefined when it follows the schema as far as that was checked. */
export type JsonCheck = (value: JsonValue) => string | undefined

/** Every comparison, item, property and alternative is one: some twenty milliseconds. Usual answers take some hundred. */
const MAX_STEPS = 200_000
const MAX_FAULT_CHARACTERS = 300

/**
 * Checks values by a client's schema, interpreted: nothing is ever compiled from it. Both schema and values come from
 * outside, so the walk ends after a number of steps, and what it has not reached by then passes: the answer is paid for, and JSON.
 * Throws `invalid-request` for a schema that is none. See schema-keywords.ts for what is not checked.
 */
export function createJsonCheck(schema: JsonObject): JsonCheck {
  const readable = readSchema(schema)
  const references = findReferences(readable)
  const targets = new Map(references.map((reference) => [reference, resolve(readable, reference)]))
  const { $schema: draft } = schema
  const referencesStandAlone = typeof draft === 'string' && /draft-0[3467]/.test(draft)
  return (value) => {
    const fault = createSchemaWalk({ targets, maxSteps: MAX_STEPS, referencesStandAlone })(readable, value)
    return fault === undefined ? undefined : describeFault(fault)
  }
}

function describeFault({ path, text }: Fault): string {
  return cut(`${path === '' ? 'at its root' : `at ${path}`}: ${text}`)
}

/** Of all subschemas. */
function findReferences(schema: unknown): string[] {
  const found = new Set<string>()
  const pending = [schema]
  for (let next = pending.pop(); next !== undefined || pending.length > 0; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue
    for (const [name, member] of Object.entries(next)) {
      if (name === '$ref' && typeof member === 'string') found.add(member)
      else if (name !== 'enum' && name !== 'const') pending.push(member)
    }
  }
  return [...found]
}

/** By a path from the root, or by the name of an anchor. */
function resolve(root: Schema, reference: string): Schema | boolean {
  const target =
    reference === '#' || reference.startsWith('#/')
      ? memberAt(root, reference.slice(2))
      : findAnchor(root, reference.slice(1))
  if (typeof target === 'boolean' || isSchema(target)) return target
  throw new GatewayError(
    'invalid-request',
    `The JSON schema that the answer is to follow refers to ${cut(reference)}, which is not in it.`,
  )
}

function memberAt(root: Schema, path: string): unknown {
  const names = path === '' ? [] : path.split('/').map(decodeName)
  return names.reduce<unknown>(
    (place, name) =>
      typeof place === 'object' && place !== null && Object.hasOwn(place, name)
        ? Reflect.get(place, name)
        : undefined,
    root,
  )
}

function decodeName(name: string): string {
  const unescaped = name.replaceAll('~1', '/').replaceAll('~0', '~')
  try {
    return decodeURIComponent(unescaped)
  } catch {
    return unescaped
  }
}

function findAnchor(root: Schema, anchor: string): unknown {
  const pending: unknown[] = [root]
  for (let next = pending.pop(); next !== undefined || pending.length > 0; next = pending.pop()) {
    if (typeof next !== 'object' || next === null) continue
    if (Reflect.get(next, '$anchor') === anchor) return next
    pending.push(...Object.values(next))
  }
  return undefined
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function cut(text: string): string {
  return text.length > MAX_FAULT_CHARACTERS ? `${text.slice(0, MAX_FAULT_CHARACTERS)}…` : text
}
