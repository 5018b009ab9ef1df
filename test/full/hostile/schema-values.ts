/** Values that a JSON Schema describes, and values that hardly any describes. */
import fc from 'fast-check'
import { z } from 'zod'
import type { Random } from './random.ts'

/** As much of JSON Schema as our own document uses. */
const schemaNode = z.looseObject({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  const: z.json().optional(),
  enum: z.array(z.json()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minLength: z.number().optional(),
  pattern: z.string().optional(),
})
type SchemaNode = z.infer<typeof schemaNode>

const DEEPEST = 5
const MOST_ITEMS = 3
const PATTERN_SAMPLES = 40

export type JsonValue = z.infer<ReturnType<typeof z.json>>

export interface SchemaValues {
  /** A value of this schema. */
  valueOf(schema: unknown, random: Random): JsonValue
}

interface SchemaValuesParts {
  /** By `$ref`. */
  definitions: ReadonlyMap<string, unknown>
  /** What properties of these names hold, often: what the schema alone does not tell. */
  known: Readonly<Record<string, (random: Random) => JsonValue>>
}

export function createSchemaValues({ definitions, known }: SchemaValuesParts): SchemaValues {
  const samples = new Map<string, readonly string[]>()

  function textOf({ pattern, minLength = 0 }: SchemaNode, random: Random): string {
    if (pattern === undefined) return random.pick(['a', 'some words', '数据 \u{1F6B0}', 'x'.repeat(150)])
    const texts = samples.get(pattern) ?? samplesOf(pattern)
    samples.set(pattern, texts)
    return (texts[random.below(texts.length)] ?? '').padEnd(minLength, 'x')
  }

  function objectOf(
    { properties = {}, required = [] }: SchemaNode,
    random: Random,
    depth: number,
  ): JsonValue {
    const names = Object.keys(properties).filter((name) => required.includes(name) || random.below(3) === 0)
    return Object.fromEntries(
      names.map((name) => {
        const usual = Object.hasOwn(known, name) && random.below(4) > 0 ? known[name] : undefined
        return [name, usual?.(random) ?? make(properties[name], random, depth + 1)]
      }),
    )
  }

  function listOf({ items, minItems = 0, maxItems = MOST_ITEMS }: SchemaNode, random: Random, depth: number) {
    const most = depth > DEEPEST ? minItems : Math.min(maxItems, minItems + MOST_ITEMS)
    const count = minItems + random.below(most - minItems + 1)
    return Array.from({ length: count }, () => make(items, random, depth + 1))
  }

  function make(schema: unknown, random: Random, depth: number): JsonValue {
    const node = schemaNode.parse(schema ?? {})
    if (node.$ref !== undefined)
      return depth > DEEPEST ? null : make(definitions.get(node.$ref), random, depth + 1)
    if (node.const !== undefined) return node.const
    if (node.enum !== undefined) return node.enum[random.below(node.enum.length)] ?? null
    const choices = node.anyOf ?? node.oneOf
    if (choices !== undefined) return make(choices[random.below(choices.length)], random, depth)
    const types = [node.type ?? 'null'].flat()
    switch (types[random.below(types.length)] ?? 'null') {
      case 'object':
        return objectOf(node, random, depth)
      case 'array':
        return listOf(node, random, depth)
      case 'string':
        return textOf(node, random)
      case 'boolean':
        return random.below(2) === 0
      case 'integer':
      case 'number':
        return numberOf(node, random)
      default:
        return null
    }
  }

  return { valueOf: (schema, random) => make(schema, random, 0) }
}

function samplesOf(pattern: string): string[] {
  return fc.sample(fc.stringMatching(new RegExp(pattern)), { numRuns: PATTERN_SAMPLES, seed: 1 })
}

function numberOf({ minimum = -1000, maximum = 1000 }: SchemaNode, random: Random): number {
  return random.pick([minimum, maximum, minimum + random.below(Math.min(maximum - minimum, 1e6) + 1)])
}

const DEEP: JsonValue = Array.from({ length: 100 }).reduce<JsonValue>((inner) => [inner], null)

const HOSTILE: readonly [JsonValue, ...JsonValue[]] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  '',
  ' ',
  '\0',
  '\ud800',
  '\u202e\r\nx-forged: 1',
  "' OR 1=1 --",
  '%_\\',
  '<img src=x onerror=alert(1)>',
  '../../etc/passwd',
  'ü'.repeat(5000),
  [],
  {},
  [[], {}],
  DEEP,
  JSON.parse('{"__proto__": {"enabled": true}, "constructor": {"prototype": {}}}'),
]

function hostileValue(random: Random): JsonValue {
  return random.pick(HOSTILE)
}

/** The value with one place of it removed, replaced or added to. */
export function mutate(value: JsonValue, random: Random): JsonValue {
  if (value === null || typeof value !== 'object' || random.below(12) === 0) return hostileValue(random)
  if (Array.isArray(value)) {
    const index = random.below(value.length + 1)
    return [...value.slice(0, index), mutate(value[index] ?? null, random), ...value.slice(index + 1)]
  }
  const entries = Object.entries(value)
  const [name, member] = entries[random.below(entries.length)] ?? ['constructor', null]
  const rest = entries.filter(([each]) => each !== name)
  switch (random.below(4)) {
    case 0:
      return Object.fromEntries(rest)
    case 1:
      return Object.fromEntries([...entries, [random.pick(STRANGE_NAMES), hostileValue(random)]])
    default:
      return Object.fromEntries([...rest, [name, mutate(member, random)]])
  }
}

const STRANGE_NAMES: readonly [string, ...string[]] = [
  'id',
  'success_count',
  'fingerprints',
  'refresh_token',
  '__proto__',
  'constructor',
  '',
  'ü',
  'x'.repeat(500),
]
