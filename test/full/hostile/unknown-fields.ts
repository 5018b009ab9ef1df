/**
 * Requests of the clients of next year: fields, headers, betas, query parameters, blocks, items and tools that nobody here
 * knows, in places where a client may put something new. None of them says anything that has to reach the model.
 */
import type { JsonObject, JsonValue } from '../../../src/conversation/conversation.ts'
import type { Random } from './random.ts'

export interface ClientRequest {
  path: string
  headers: Record<string, string>
  body: JsonObject
}

/** What stands in these is not the API's: schemas, inputs and names of the client's own. */
const OWN: ReadonlySet<string> = new Set([
  'input_schema',
  'parameters',
  'schema',
  'metadata',
  'client_metadata',
  'action',
  'operation',
  'definition',
])
/** Lists of what a conversation is made of, by the type of something new in them. */
const LISTS: ReadonlyMap<string, string> = new Map([
  ['content', 'future_block_20270101'],
  ['input', 'future_item_20270101'],
  ['tools', 'future_tool_20270101'],
])
const NAMES = [
  'zz_future',
  'x-vendor-hint',
  'futureOption',
  'future_option_v2',
  'Zukünftig',
  '未来',
  'a b\r\nx-injected: 1',
  'hasOwnProperty',
  'toJSON',
  'then',
  'length',
  '0',
  '',
  `future_${'x'.repeat(300)}`,
] as const
const HEADERS = [
  'x-zz-trace',
  'x-future-client',
  'openai-future',
  'anthropic-future',
  'sec-ch-future',
] as const
const HEADER_VALUES = [
  '1',
  '',
  'a, b;q=0.1',
  '{"a":[1]}',
  'x'.repeat(2000),
  'caf\u00e9',
  '"',
  '../../etc',
] as const
const BETAS = ['future-thing-2027-01-01', 'x', '', ' , ,', 'context-1m-2099-01-01', 'b'.repeat(900)] as const
const QUERIES = [
  'beta=true',
  'beta=false',
  'api-version=2027-01-01',
  'x=%F0%9F%9A%B0',
  'x=1&x=2',
  'a[b]=c',
  '=',
  '%',
] as const
const SCALARS = [null, true, false, 0, -1, 1.5, '', 'auto', 'x', 'data:image/png;base64,AAAA'] as const
/** Nobody may hear of it: neither the model nor the log. */
export const UNHEARD = 'not for the model'
/** So often is something new put into an object, out of a hundred. */
const SHARE = 12

export function fromTheFuture({ path, headers, body }: ClientRequest, random: Random): ClientRequest {
  const query = Array.from({ length: random.below(3) }, () => random.pick(QUERIES)).join('&')
  const glue = path.includes('?') ? '&' : '?'
  const added = addTo(body, random, true)
  return {
    path: query === '' ? path : `${path}${glue}${query}`,
    headers: withNewHeaders(headers, random),
    body: typeof added === 'object' && added !== null && !Array.isArray(added) ? added : body,
  }
}

function withNewHeaders(headers: Record<string, string>, random: Random): Record<string, string> {
  const more = Array.from(
    { length: random.below(4) },
    () => [random.pick(HEADERS), random.pick(HEADER_VALUES)] as const,
  )
  const betas = Array.from({ length: random.below(4) }, () => random.pick(BETAS))
  const known = headers['anthropic-beta']
  return {
    ...headers,
    ...Object.fromEntries(more),
    ...(betas.length > 0 && {
      'anthropic-beta': [...(known === undefined ? [] : [known]), ...betas].join(','),
    }),
    ...(random.below(4) === 0 && 'anthropic-version' in headers && { 'anthropic-version': '2027-01-01' }),
    ...(random.below(6) === 0 && { 'openai-beta': 'responses=v7' }),
  }
}

/** `isBody`: the outermost object, which gets something new in any case. */
function addTo(value: JsonValue, random: Random, isBody = false): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((each) => addTo(each, random))
  const members = Object.entries(value).map(([name, inner]): [string, JsonValue] => {
    // The input of a call is an object, that of a request a list.
    const isOwn = OWN.has(name) || (name === 'input' && !Array.isArray(inner))
    if (isOwn) return [name, inner]
    const read = addTo(inner, random)
    const type = LISTS.get(name)
    return [name, type !== undefined && Array.isArray(read) ? insert(read, type, random) : read]
  })
  const count = isBody ? 1 + random.below(30) : random.below(100) < SHARE ? 1 + random.below(3) : 0
  const fresh = Array.from({ length: count }, () => [nameOf(random), valueOf(random, 3)] as const)
  // What is there already stays as it is.
  return Object.fromEntries([...fresh.filter(([name]) => !Object.hasOwn(value, name)), ...members])
}

/** Never at the end, where some things have a meaning of their own. */
function insert(list: JsonValue[], type: string, random: Random): JsonValue[] {
  if (list.length === 0 || random.below(100) >= SHARE) return list
  const place = random.below(list.length)
  const element = {
    type: `${type}${random.below(3)}`,
    id: 'zz_1',
    name: 'zz_name',
    payload: valueOf(random, 2),
  }
  return [...list.slice(0, place), element, ...list.slice(place)]
}

function nameOf(random: Random): string {
  return random.below(3) === 0 ? `zz_${random.below(1e9).toString(36)}` : random.pick(NAMES)
}

function valueOf(random: Random, depth: number): JsonValue {
  const kind = random.below(depth === 0 ? 2 : 6)
  if (kind === 0) return random.pick(SCALARS)
  if (kind === 1) return random.below(20) === 0 ? 'long '.repeat(2000) : `value ${random.below(1000)}`
  if (kind === 2) return nest(1 + random.below(30))
  if (kind === 3) return { type: 'text', text: UNHEARD, role: 'system', content: UNHEARD }
  if (kind === 4) return Array.from({ length: random.below(4) }, () => valueOf(random, depth - 1))
  return Object.fromEntries(
    Array.from({ length: random.below(4) }, () => [nameOf(random), valueOf(random, depth - 1)]),
  )
}

function nest(depth: number): JsonValue {
  let value: JsonValue = 'deep'
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { zz: value }
  return value
}
