/** What all dialects do with a body of unknown shape: make it typed, or say which field is at fault. */
import * as z from 'zod'
import type { JsonObject } from '../conversation/conversation.ts'
import { GatewayError } from '../conversation/failures.ts'

type Issue = z.core.$ZodIssue

interface Fault {
  path: PropertyKey[]
  text: string
  code: string
}

/** An object that is passed on as it came. Bodies come from JSON, so whatever lies deeper is JSON too. */
export const jsonObject = z.custom<JsonObject>(isJsonObject, 'Input should be an object')

/** A fault that is found belongs to what is still being read. */
const pendingIssue = z.custom<z.core.$ZodRawIssue>(isJsonObject)

/**
 * A list of such elements, as `z.array` has it, but for its faults: reading ends with the first. A hundred thousand wrong
 * elements would be as many faults, which cost more than all else that is done with a request.
 */
export function listOf<S extends z.ZodType>(element: S, whole = z.array(z.unknown())) {
  return whole.transform((values, context): z.output<S>[] => {
    const read: z.output<S>[] = []
    for (const value of values) {
      const result = element.safeParse(value, { reportInput: true })
      if (!result.success) {
        const [issue] = result.error.issues
        if (issue !== undefined) {
          context.issues.push(pendingIssue.parse({ ...issue, path: [read.length, ...issue.path] }))
        }
        return z.NEVER
      }
      read.push(result.data)
    }
    return read
  })
}

/**
 * Throws `invalid-request` with the path of the first fault, as in `messages.0.role: Field required`.
 * `at`: path of what is parsed, when it is not the whole body.
 */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown, at?: string): z.output<S> {
  const result = schema.safeParse(body, { reportInput: true })
  if (result.success) return result.data
  const [issue] = result.error.issues
  if (issue === undefined || (issue.path.length === 0 && at === undefined)) {
    throw new GatewayError('invalid-request', 'The request body should be a JSON object')
  }
  const { path, text, code } = faultOf(issue, at === undefined ? [] : [at])
  const field = path.map(String).join('.')
  throw new GatewayError('invalid-request', `${field}: ${text}`, { field, code })
}

/** Refuses what would change the answer's meaning if it were dropped. `asked`: the fields, and whether the body uses them. */
export function refuseUnsupported(asked: Readonly<Record<string, boolean>>): void {
  for (const [field, isAsked] of Object.entries(asked)) {
    if (!isAsked) continue
    const text = `${field}: This value is not supported yet; leave the field out`
    throw new GatewayError('invalid-request', text, { field, code: 'unsupported_value' })
  }
}

/** Those of the named fields that hold something; null counts as absent. */
export function presentFields(
  element: Readonly<Record<string, unknown>>,
  names: readonly string[],
): string[] {
  return names.filter((name) => element[name] !== undefined && element[name] !== null)
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function faultOf(issue: Issue, base: readonly PropertyKey[]): Fault {
  const path = [...base, ...issue.path]
  if (issue.code === 'invalid_union') return unionFault(issue, path)
  if (issue.input === undefined) return { path, text: 'Field required', code: 'missing_required_parameter' }
  if (issue.code === 'invalid_type') {
    return { path, text: `Input should be ${nounOf(issue.expected)}`, code: 'invalid_type' }
  }
  if (issue.code === 'invalid_value') {
    return { path, text: unsupportedText(issue.input, issue.values), code: 'unsupported_value' }
  }
  return { path, text: issue.message, code: 'invalid_value' }
}

function unionFault(issue: z.core.$ZodIssueInvalidUnion, path: PropertyKey[]): Fault {
  if (issue.inclusive !== false && issue.discriminator !== undefined) {
    return tagFault(issue.input, { path, tag: issue.discriminator, options: issue.options ?? [] })
  }
  if (issue.input === undefined) return { path, text: 'Field required', code: 'missing_required_parameter' }
  // The alternative that was understood furthest is the one the client meant.
  const faults = issue.errors.flatMap(([first]) => (first === undefined ? [] : [faultOf(first, path)]))
  const deepest = faults.toSorted((a, b) => b.path.length - a.path.length)[0]
  if (deepest !== undefined && deepest.path.length > path.length) return deepest
  const nouns = issue.errors.flatMap(([first]) =>
    first?.code === 'invalid_type' ? [nounOf(first.expected)] : [],
  )
  return { path, text: `Input should be ${nouns.join(' or ')}`, code: 'invalid_type' }
}

/** `path` ends in the tag. An unknown type is the fault of the whole element, a wrong role that of the role. */
function tagFault(
  element: unknown,
  { path, tag, options }: { path: PropertyKey[]; tag: string; options: readonly z.core.util.Primitive[] },
): Fault {
  if (!isJsonObject(element)) return { path, text: 'Input should be an object', code: 'invalid_type' }
  const value = element[tag]
  if (value === undefined) return { path, text: 'Field required', code: 'missing_required_parameter' }
  const at = tag === 'type' ? path.slice(0, -1) : path
  const text = `${tag} ${unsupportedText(value, options)}`
  return { path: at, text, code: 'unsupported_value' }
}

function unsupportedText(value: unknown, options: readonly z.core.util.Primitive[]): string {
  const shown = showValue(value)
  const supported = options.map((option) => JSON.stringify(option)).join(', ')
  return `${shown} is not supported here; supported: ${supported}`
}

/** Structures may be deeper than any recursion can go, so they are only named. */
function showValue(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 100))
  return typeof value === 'object' && value !== null ? 'a structure' : String(value)
}

function nounOf(expected: string): string {
  switch (expected) {
    case 'int':
      return 'an integer'
    case 'array':
    case 'object':
      return `an ${expected}`
    default:
      return `a ${expected}`
  }
}
