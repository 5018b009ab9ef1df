/** Tools as no honest program declares them: schemas that bite their own tail or are none, names and choices of any kind. */
import type { JsonObject, JsonValue } from '../../../src/conversation/conversation.ts'
import { dialects } from '../../../src/dialects/index.ts'
import type { HostileRequest } from './conversations.ts'
import type { Random } from './random.ts'
import { drawText } from './texts.ts'
import { TOOL_NAMES } from './turns.ts'

const BOMBS = [
  '(a+)+$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(x+x+)+y',
  '((((((((a*)*)*)*)*)*)*)*)*',
  '[',
  '(?<=a)b',
  '\\p{L}+',
  'a{1,65535}',
  `${'(a?)'.repeat(40)}${'a'.repeat(40)}`,
] as const
const TYPES: readonly [JsonValue, ...JsonValue[]] = [
  'object',
  'array',
  'string',
  'STRING',
  'null',
  'nothing',
  ['string', 'null'],
  ['object', 'array', 7],
  [],
  null,
  7,
]
const REFERENCES = [
  '#',
  '#/',
  '#/$defs/a',
  '#/$defs/b',
  '#/$defs/c/items',
  '#/definitions/a',
  '#/properties/a',
  '#/%',
  '#x',
  'https://example.com/schema.json',
  'file:///etc/passwd',
  `#${'/$defs'.repeat(200)}`,
] as const
const PROPERTY_NAMES = [
  'a',
  'b',
  'path',
  'a b',
  'é',
  '',
  '\ud83d',
  '__proto__',
  'constructor',
  '$ref',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(5000),
] as const
const MOST_DEPTH = 5

export function drawToolTable(random: Random): HostileRequest {
  const dialect = dialects[random.below(dialects.length)]
  if (dialect === undefined) throw new Error('There is no dialect')
  const tools = drawTools(random, dialect.name)
  const choice = random.below(3) === 0 ? { tool_choice: drawChoice(random) } : {}
  const common = { model: 'claude-sonnet-5', tools, ...choice }
  switch (dialect.name) {
    case 'anthropic-messages':
      return { dialect, body: { ...common, max_tokens: 100, messages: [said] } }
    case 'openai-chat':
      return { dialect, body: { ...common, messages: [said], ...drawFormat(random) } }
    default:
      return { dialect, body: { ...common, input: 'hi' } }
  }
}

const said = { role: 'user', content: 'hi' }

/** Mostly a few; now and then as many as 1,030, or so large a schema that whatever looks twice at each part is slow. */
function drawTools(random: Random, api: string): JsonValue {
  switch (random.below(60)) {
    case 0:
      return random.pick<JsonValue>([null, {}, 'ls', [null], [[]], [{}], [7]])
    case 1: {
      const schema = drawSchema(random, 2)
      const count = random.pick([512, 512, 1024, 1030])
      return Array.from({ length: count }, (_, index) => declare(api, { name: `t${index}`, schema, random }))
    }
    case 2: {
      const name = random.pick(['same', 'Same', 'a b'])
      return Array.from({ length: 300 }, () => declare(api, { name, schema: {}, random }))
    }
    case 3:
      return [declare(api, { name: 'large', schema: drawLargeSchema(random), random })]
    default: {
      const count = 1 + random.below(4)
      return Array.from({ length: count }, () => {
        const schema = random.below(12) === 0 ? drawNoSchema(random) : drawSchema(random, MOST_DEPTH)
        return declare(api, { name: drawName(random), schema, random })
      })
    }
  }
}

function drawName(random: Random): string {
  if (random.below(10) === 0) return drawText(random)
  return random.below(20) === 0
    ? random.pick(['é', '_', 'n'] as const).repeat(20_000)
    : random.pick(TOOL_NAMES)
}

interface Declared {
  name: string
  schema: JsonValue
  random: Random
}

function declare(api: string, { name, schema, random }: Declared): JsonObject {
  const description = random.below(30) === 0 ? 'd'.repeat(20_000) : drawText(random)
  const [member, other] = api === 'anthropic-messages' ? ['input_schema', 'parameters'] : ['parameters', 'x']
  const told = { name, description, [random.below(20) === 0 ? other : member]: schema }
  if (api !== 'openai-chat' || random.below(8) === 0) return { ...drawType(random), ...told }
  return { type: 'function', function: told }
}

function drawType(random: Random): JsonObject {
  return random.pick<JsonObject>([
    {},
    {},
    { type: 'function' },
    { type: 'custom' },
    { type: 'bash_20250124' },
    { type: 'web_search_20250305' },
    { type: 'namespace', tools: [{ type: 'function', name: drawName(random) }] },
    { type: 'shell' },
    { type: drawText(random) },
  ])
}

function drawNoSchema(random: Random): JsonValue {
  return random.pick<JsonValue>([null, true, false, 7, 'object', [], [{}], {}])
}

function drawSchema(random: Random, depth: number): JsonObject {
  const members = Array.from({ length: random.below(5) }, () => drawMember(random, depth))
  const root: JsonObject = random.below(2) === 0 ? { type: 'object' } : {}
  const definitions =
    random.below(3) === 0 ? { $defs: { a: below(random, depth), b: below(random, depth) } } : {}
  return Object.fromEntries([...Object.entries({ ...root, ...definitions }), ...members])
}

function below(random: Random, depth: number): JsonValue {
  if (depth <= 0 || random.below(6) === 0) return drawNoSchema(random)
  return drawSchema(random, depth - 1)
}

function drawMember(random: Random, depth: number): [string, JsonValue] {
  const schemas = () => Array.from({ length: random.below(4) }, () => below(random, depth))
  const named = () =>
    Object.fromEntries(schemas().map((schema) => [random.pick(PROPERTY_NAMES), schema] as const))
  const members: readonly [() => [string, JsonValue], ...(() => [string, JsonValue])[]] = [
    () => ['properties', named()],
    () => ['properties', named()],
    () => [random.pick(['anyOf', 'oneOf', 'allOf', 'prefixItems', 'items']), schemas()],
    () => [random.pick(['items', 'not', 'if', 'additionalProperties', 'contains']), below(random, depth)],
    () => ['$ref', random.pick<JsonValue>([...REFERENCES, 7, null])],
    () => ['pattern', random.pick(BOMBS)],
    () => [random.pick(['patternProperties', '$defs', 'dependentSchemas']), named()],
    () => ['patternProperties', { [random.pick(BOMBS)]: below(random, depth) }],
    () => ['type', TYPES[random.below(TYPES.length)] ?? null],
    () => ['required', random.pick<JsonValue>([['a'], ['a', 'a', 7], null, 'a', [], {}])],
    () => ['enum', random.pick<JsonValue>([['a', null], [], [[]], 'a', [1, 1, '1']])],
    () => [random.pick(['const', 'default', 'examples']), random.pick<JsonValue>([null, 'a', [1], {}])],
    () => [
      random.pick(['minimum', 'exclusiveMinimum', 'maxLength', 'multipleOf']),
      random.pick<JsonValue>([true, -1, 1e308, 'a', null]),
    ],
    () => [random.pick(['description', 'title', 'format', '$schema', '$id', '$anchor']), drawText(random)],
    () => [drawText(random), below(random, depth)],
    () => ['__proto__', below(random, depth)],
  ]
  return random.pick(members)()
}

const WIDE = 2000
const DEEP = 100

/** One in another, so many levels deep. */
function nest(keyword: string, leaf: JsonObject, levels: number): JsonObject {
  let schema = leaf
  for (let level = 0; level < levels; level += 1) {
    const other = { properties: { a: { title: `${level}` } } }
    schema = { [keyword]: keyword === 'items' ? schema : [schema, other] }
  }
  return schema
}

/** Within what a body may hold, each as bad as it gets for one way of going through schemas. */
function drawLargeSchema(random: Random): JsonObject {
  const wide = Array.from({ length: WIDE }, (_, index) => `p${index}`)
  const chained = Array.from(
    { length: 20 },
    (_, index) => [`t${index}`, nest('items', { $ref: `#/$defs/t${index + 1}` }, DEEP)] as const,
  )
  const keyword = random.pick(['anyOf', 'oneOf', 'allOf'])
  return random.pick<() => JsonObject>([
    () => ({ [keyword]: wide.map((name) => ({ properties: { [name]: {} }, required: [name] })) }),
    () => ({ [keyword]: wide.map((name) => ({ properties: { a: { enum: [name] } } })) }),
    () => ({ [keyword]: wide.map((name) => ({ properties: { a: { title: name } } })) }),
    () => ({ properties: { a: { [keyword]: wide.map((name) => ({ const: name })) } } }),
    () => ({ properties: { a: { $ref: '#/$defs/t0' } }, $defs: Object.fromEntries(chained) }),
    () => ({ properties: Object.fromEntries(wide.map((name) => [name, { $ref: '#' }])) }),
    () => ({ properties: Object.fromEntries(wide.map((name) => [`${name}é`, { $id: name, $ref: name }])) }),
    () => nest(keyword, { properties: { a: { description: 'x'.repeat(50_000) } } }, DEEP / 2),
    () => nest('items', { pattern: '(a+)+$' }, DEEP),
    () => ({ required: wide, properties: Object.fromEntries(wide.map((name) => [name, false])) }),
    () => ({ properties: { a: { pattern: '(a+)+$'.repeat(10_000) } } }),
  ])()
}

function drawChoice(random: Random): JsonValue {
  const name = random.pick([...TOOL_NAMES, 'absent', '', 'é'.repeat(5000)])
  return random.pick<JsonValue>([
    'auto',
    'none',
    'required',
    'any',
    'sometimes',
    { type: 'any' },
    { type: 'none' },
    { type: 'tool', name },
    { type: 'function', name },
    { type: 'function', function: { name } },
    { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name }] },
    { type: 'web_search' },
    { type: drawText(random), name },
    { type: 7 },
    [],
    7,
  ])
}

/** What is true of the schemas of tools is true of the one that an answer has to follow. */
function drawFormat(random: Random): JsonObject {
  if (random.below(4) !== 0) return {}
  const schema = random.below(8) === 0 ? drawLargeSchema(random) : drawSchema(random, MOST_DEPTH)
  return { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } }
}
