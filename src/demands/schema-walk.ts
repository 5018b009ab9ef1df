/** The walk of a value along a schema. All work is counted, as both come from strangers. */

import type { JsonValue } from '../conversation/conversation.ts'
import { isEqualJson } from './equal-json.ts'
import type { Schema } from './read-schema.ts'

/** What is wrong, and where: a path like `/friends/0`, empty for the root. */
export interface Fault {
  path: string
  depth: number
  text: string
}

interface WalkOptions {
  /** What each `$ref` means. */
  targets: ReadonlyMap<string, Schema | boolean>
  maxSteps: number
  /** As in drafts up to the seventh, where nothing counts beside a `$ref`. */
  referencesStandAlone: boolean
}

/** References that lead nowhere deeper are followed no further; real values are not as deep. */
const MAX_DEPTH = 400
/** Characters of a text that count as a step. */
const STEP_CHARACTERS = 16

/** Thrown within the walk alone, when its steps are used up. */
class OutOfSteps extends Error {}

export function createSchemaWalk({ targets, maxSteps, referencesStandAlone }: WalkOptions) {
  let steps = 0
  const spend = (cost = 1) => {
    steps += cost
    if (steps > maxSteps) throw new OutOfSteps()
  }

  interface Place {
    path: string
    depth: number
  }

  /** What holds of every value. */
  function walk(schema: unknown, value: JsonValue, place: Place): Fault | undefined {
    spend()
    if (place.depth > MAX_DEPTH) throw new OutOfSteps()
    if (schema === false) return at(place, 'this is not allowed.')
    if (typeof schema !== 'object' || schema === null) return undefined
    const keywords = new Map<string, unknown>(Object.entries(schema))
    if (referencesStandAlone && keywords.has('$ref')) return walkReference(keywords, value, place)
    return (
      walkReference(keywords, value, place) ??
      checkType(keywords, value, place) ??
      checkValue(keywords, value, place) ??
      walkAlternatives(keywords, value, place) ??
      walkInside(keywords, value, place)
    )
  }

  function walkReference(keywords: Keywords, value: JsonValue, { path, depth }: Place): Fault | undefined {
    const reference = keywords.get('$ref')
    if (typeof reference !== 'string') return undefined
    return walk(targets.get(reference), value, { path, depth: depth + 1 })
  }

  function checkType(keywords: Keywords, value: JsonValue, place: Place): Fault | undefined {
    const type = keywords.get('type')
    if (type === undefined) return undefined
    const types = Array.isArray(type) ? type : [type]
    spend(types.length)
    return types.some((name) => hasType(value, name))
      ? undefined
      : at(place, `it must be of type ${types.join(' or ')}.`)
  }

  function checkValue(keywords: Keywords, value: JsonValue, place: Place): Fault | undefined {
    const choices = listOf(keywords.get('enum'))
    if (choices !== undefined && !choices.some((choice) => isEqualJson(choice, value, spend))) {
      return at(place, `it is none of the values that are allowed${sampleOf(choices)}.`)
    }
    if (keywords.has('const') && !isEqualJson(keywords.get('const'), value, spend)) {
      return at(place, 'it is not the value that is demanded.')
    }
    if (typeof value === 'number') return checkNumber(keywords, value, place)
    return typeof value === 'string' ? checkText(keywords, value, place) : undefined
  }

  function checkText(keywords: Keywords, value: string, place: Place): Fault | undefined {
    const { least, most } = boundsOf(keywords, 'minLength', 'maxLength')
    if (least === undefined && most === undefined) return undefined
    spend(Math.ceil(value.length / STEP_CHARACTERS))
    return outside(countCharacters(value), { least, most })
      ? at(place, 'it has too few or too many characters.')
      : undefined
  }

  function walkAlternatives(keywords: Keywords, value: JsonValue, place: Place): Fault | undefined {
    for (const part of listOf(keywords.get('allOf')) ?? []) {
      const fault = walk(part, value, deeper(place))
      if (fault !== undefined) return fault
    }
    for (const keyword of ['anyOf', 'oneOf']) {
      const parts = listOf(keywords.get(keyword))
      const fault = parts === undefined ? undefined : walkAny(parts, value, place)
      if (fault !== undefined) return fault
    }
    return undefined
  }

  /** The fault that lies deepest: of the alternatives, that one was meant. */
  function walkAny(parts: readonly unknown[], value: JsonValue, place: Place): Fault | undefined {
    let worst = at(place, 'it fits none of the alternatives.')
    for (const part of parts) {
      const fault = walk(part, value, deeper(place))
      if (fault === undefined) return undefined
      if (fault.path.length > worst.path.length) worst = fault
    }
    return worst
  }

  function walkInside(keywords: Keywords, value: JsonValue, place: Place): Fault | undefined {
    if (Array.isArray(value)) return walkItems(keywords, value, place)
    return typeof value === 'object' && value !== null ? walkMembers(keywords, value, place) : undefined
  }

  function walkItems(keywords: Keywords, value: JsonValue[], place: Place): Fault | undefined {
    if (outside(value.length, boundsOf(keywords, 'minItems', 'maxItems'))) {
      return at(place, 'it has too few or too many items.')
    }
    const items = keywords.get('items')
    const tuple = listOf(keywords.get('prefixItems')) ?? listOf(items) ?? []
    // Before the newest draft, `items` could be the tuple.
    const rest = Array.isArray(items) ? keywords.get('additionalItems') : items
    for (const [index, item] of value.entries()) {
      const fault = walk(index < tuple.length ? tuple[index] : rest, item, deeper(place, String(index)))
      if (fault !== undefined) return fault
    }
    return walkContained(keywords, value, place)
  }

  function walkContained(keywords: Keywords, value: JsonValue[], place: Place): Fault | undefined {
    const contained = keywords.get('contains')
    if (contained === undefined) return undefined
    const least = numberOf(keywords.get('minContains')) ?? 1
    let count = 0
    for (const item of value) {
      if (count >= least) break
      if (walk(contained, item, deeper(place)) === undefined) count += 1
    }
    return count < least ? at(place, 'it has too few of the items that are demanded.') : undefined
  }

  function walkMembers(
    keywords: Keywords,
    value: { [name: string]: JsonValue },
    place: Place,
  ): Fault | undefined {
    const names = Object.keys(value)
    const missing = (listOf(keywords.get('required')) ?? []).find((name) => {
      spend()
      return !Object.hasOwn(value, String(name))
    })
    if (missing !== undefined) return at(place, `${JSON.stringify(missing)} is missing.`)
    if (outside(names.length, boundsOf(keywords, 'minProperties', 'maxProperties'))) {
      return at(place, 'it has too few or too many members.')
    }
    const properties = new Map<string, unknown>(Object.entries(keywords.get('properties') ?? {}))
    spend(properties.size)
    for (const name of names) {
      const schema = properties.has(name) ? properties.get(name) : keywords.get('additionalProperties')
      const inner = deeper(place, name)
      const fault =
        walk(keywords.get('propertyNames'), name, inner) ?? walk(schema, value[name] ?? null, inner)
      if (fault !== undefined) return fault
    }
    return walkDependents(keywords, value, place)
  }

  function walkDependents(
    keywords: Keywords,
    value: { [name: string]: JsonValue },
    place: Place,
  ): Fault | undefined {
    for (const [name, needed] of Object.entries(keywords.get('dependentRequired') ?? {})) {
      spend()
      if (!Object.hasOwn(value, name)) continue
      const fault = walkMembers(new Map([['required', needed]]), value, place)
      if (fault !== undefined) return fault
    }
    for (const [name, schema] of Object.entries(keywords.get('dependentSchemas') ?? {})) {
      spend()
      const fault = Object.hasOwn(value, name) ? walk(schema, value, deeper(place)) : undefined
      if (fault !== undefined) return fault
    }
    return undefined
  }

  return (schema: Schema, value: JsonValue): Fault | undefined => {
    try {
      return walk(schema, value, { path: '', depth: 0 })
    } catch (error) {
      if (error instanceof OutOfSteps || error instanceof RangeError) return undefined
      throw error
    }
  }
}

type Keywords = ReadonlyMap<string, unknown>

interface Bounds {
  least: number | undefined
  most: number | undefined
}

function at({ path, depth }: { path: string; depth: number }, text: string): Fault {
  return { path, depth, text }
}

function deeper({ path, depth }: { path: string; depth: number }, name?: string) {
  return { path: name === undefined ? path : `${path}/${escapeName(name)}`, depth: depth + 1 }
}

const MOST_SHOWN_CHOICES = 5
const MOST_SHOWN_CHARACTERS = 40

/** The first of them, for whoever has to choose again. */
function sampleOf(choices: readonly unknown[]): string {
  const words = choices.slice(0, MOST_SHOWN_CHOICES).filter((choice) => typeof choice === 'string')
  const shown = words
    .filter(({ length }) => length <= MOST_SHOWN_CHARACTERS)
    .map((word) => JSON.stringify(word))
  return shown.length === 0 ? '' : `, such as ${shown.join(', ')}`
}

/** As in a JSON pointer. */
function escapeName(name: string): string {
  return name.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')
}

function checkNumber(
  keywords: Keywords,
  value: number,
  place: { path: string; depth: number },
): Fault | undefined {
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
  if (isOutside) return at(place, 'the number is too small or too large.')
  const step = numberOf(keywords.get('multipleOf'))
  return step === undefined || isMultiple(value, step)
    ? undefined
    : at(place, `it must be a multiple of ${step}.`)
}

/** As far as numbers with a point can be told. */
function isMultiple(value: number, step: number): boolean {
  const ratio = value / step
  return !Number.isFinite(ratio) || Math.abs(ratio - Math.round(ratio)) <= 1e-9 * Math.max(1, Math.abs(ratio))
}

function hasType(value: JsonValue, name: unknown): boolean {
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

function boundsOf(keywords: Keywords, least: string, most: string): Bounds {
  return { least: numberOf(keywords.get(least)), most: numberOf(keywords.get(most)) }
}

function outside(size: number, { least, most }: Bounds): boolean {
  return (least !== undefined && size < least) || (most !== undefined && size > most)
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function listOf(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined
}

/** By characters, where a string counts halves of them. */
function countCharacters(text: string): number {
  let count = 0
  for (let index = 0; index < text.length; index += 1) {
    const isSecondHalf = (text.charCodeAt(index) & 0xfc00) === 0xdc00
    const followsFirst = index > 0 && (text.charCodeAt(index - 1) & 0xfc00) === 0xd800
    if (!isSecondHalf || !followsFirst) count += 1
  }
  return count
}
