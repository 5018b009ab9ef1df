/** What the keywords of a schema say of a single value, beside everything that lies inside it. */

import type { JsonValue } from '../conversation/conversation.ts'

export type Keywords = ReadonlyMap<string, unknown>

interface Bounds {
  least: number | undefined
  most: number | undefined
}

/** What is wrong with a number, in words. */
export function findNumberFault(keywords: Keywords, value: number): string | undefined {
  const { least, most } = boundsOf(keywords, 'minimum', 'maximum')
  const above = keywords.get('exclusiveMinimum')
  const below = keywords.get('exclusiveMaximum')
  const isOutside =
    outside(value, { least, most }) ||
    (typeof above === 'number' && value <= above) ||
    (typeof below === 'number' && value >= below) ||
    // Flags of the fourth draft.
    (above === true && value === least) ||
    (below === true && value === most)
  if (isOutside) return 'the number is too small or too large.'
  const step = numberOf(keywords.get('multipleOf'))
  return step === undefined || isMultiple(value, step) ? undefined : `it must be a multiple of ${step}.`
}

/** As far as numbers with a point can be told. */
function isMultiple(value: number, step: number): boolean {
  const ratio = value / step
  return !Number.isFinite(ratio) || Math.abs(ratio - Math.round(ratio)) <= 1e-9 * Math.max(1, Math.abs(ratio))
}

export function hasType(value: JsonValue, name: unknown): boolean {
  switch (name) {
    case 'null':
      return value === null
    case 'array':
      return Array.isArray(value)
    case 'object':
      return typeof value === 'object' && value !== null && !Array.isArray(value)
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value)
    default:
      return typeof value === name
  }
}

export function boundsOf(keywords: Keywords, least: string, most: string): Bounds {
  return { least: numberOf(keywords.get(least)), most: numberOf(keywords.get(most)) }
}

export function outside(size: number, { least, most }: Bounds): boolean {
  return (least !== undefined && size < least) || (most !== undefined && size > most)
}

export function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

export function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

/** By characters, where a string counts halves of them. */
export function countCharacters(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index += 1) {
    const isSecondHalf = (text.charCodeAt(index) & 0xfc00) === 0xdc00
    const followsFirst = index > 0 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800
    if (!isSecondHalf || !followsFirst) count += 1
  }
  return count
}
