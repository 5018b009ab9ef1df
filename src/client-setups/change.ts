import { isObject, type ValueChange } from './merge-values.ts'
import type { JsonValue } from '../conversation/conversation.ts'

/** One setting of a file, before and after, as people read it. What may be a secret is not in it. */
export interface Change {
  setting: string
  before: string | undefined
  after: string
}

const HIDDEN = '(hidden)'
const SECRET = /key|token|secret|password|auth|credential/i
/** They say where a secret is found, and are none. */
const NO_SECRET = new Set(['env_key', 'max_tokens'])

/** New groups are told by their single settings. */
export function describeChanges(changes: readonly ValueChange[]): Change[] {
  return changes.flatMap(({ keys, before, after }) =>
    leavesOf(after, keys).map((leaf) => describeChange(leaf.keys, textOf(before), textOf(leaf.value) ?? '')),
  )
}

export function describeChange(keys: ValueChange['keys'], before: string | undefined, after: string): Change {
  const last = String(keys.at(-1))
  const isSecret = SECRET.test(last) && !NO_SECRET.has(last)
  const tell = (text: string) => (isSecret ? HIDDEN : text.replace(/\/\/[^/\s"]*@/, '//…@'))
  return {
    setting: keys.join('.'),
    before: before === undefined ? undefined : tell(before),
    after: tell(after),
  }
}

function leavesOf(
  value: JsonValue,
  keys: ValueChange['keys'],
): { keys: ValueChange['keys']; value: JsonValue }[] {
  if (isObject(value)) return Object.entries(value).flatMap(([key, each]) => leavesOf(each, [...keys, key]))
  const isGroups = Array.isArray(value) && value.some((item) => typeof item === 'object')
  return isGroups ? value.flatMap((each, index) => leavesOf(each, [...keys, index])) : [{ keys, value }]
}

function textOf(value: JsonValue | undefined): string | undefined {
  return value === undefined || value === null ? undefined : JSON.stringify(value)
}
