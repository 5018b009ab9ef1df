/** The walk of a value along a schema. All work is counted, as both come from strangers. */

import type { JsonValue } from '../conversation/conversation.ts'
import { isEqualJson } from './equal-json.ts'
import type { Schema } from './read-schema.ts'
import {
  boundsOf,
  countCharacters,
  findNumberFault,
  hasType,
  listOf,
  numberOf,
  outside,
  type Keywords,
} from './schema-values.ts'

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
    if (typeof value === 'number') {
      const fault = findNumberFault(keywords, value)
      return fault === undefined ? undefined : at(place, fault)
    }
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
