/** What is said in a conversation, in no order that makes sense: blocks of any kind, in messages of any role. */
import type { JsonObject, JsonValue } from '../../../src/conversation/conversation.ts'
import { images } from '../../sample-images.ts'
import type { Random } from './random.ts'
import { drawText } from './texts.ts'

/** Content is in Anthropic's words, which the other APIs have words for too. */
export interface Message {
  role: string
  content: string | null | JsonObject[]
}

/** A proof of thinking such as the model would have given for a text. */
export type Prove = (text: string) => string

const IDS = [
  'a',
  'A',
  'call_1',
  'toolu_01',
  'b:c.d-e',
  '',
  ' ',
  'ü',
  'a b',
  '\ud83d',
  '__proto__',
  'y'.repeat(64),
  'y'.repeat(70),
] as const
export const TOOL_NAMES = [
  'ls',
  'LS',
  'Ls',
  'read_file',
  'a b',
  '9lives',
  'naïve',
  '工具',
  '\ud83d',
  '__proto__',
  'constructor',
  'web_search',
  'x'.repeat(64),
  'x'.repeat(65),
  `${'x'.repeat(64)}y`,
] as const
const ROLES = ['user', 'user', 'user', 'assistant', 'assistant', 'assistant', 'system'] as const
const ODD_ROLES = ['tool', 'developer', 'function', 'model', '', 'User'] as const
const MARKS: readonly [JsonValue, ...JsonValue[]] = [
  { type: 'ephemeral' },
  { type: 'ephemeral', ttl: '1h' },
  { type: 'ephemeral', ttl: '3w' },
  { type: 'forever' },
  {},
  null,
]

export function drawMessage(random: Random, prove: Prove): Message {
  const role = random.below(80) === 0 ? random.pick(ODD_ROLES) : random.pick(ROLES)
  const form = random.below(20)
  if (form === 0 && random.below(4) === 0) return { role, content: null }
  if (form < 6) return { role, content: drawText(random) }
  const count = random.below(5)
  return { role, content: Array.from({ length: count }, () => drawBlock(random, role, prove)) }
}

/** One that suits its role, most of the time. */
function drawBlock(random: Random, role: string, prove: Prove): JsonObject {
  const block = random.below(40) === 0 ? drawAnyBlock(random, prove) : drawFor(role, random, prove)
  return random.below(6) === 0 ? { ...block, cache_control: random.pick(MARKS) } : block
}

function drawFor(role: string, random: Random, prove: Prove): JsonObject {
  if (role === 'assistant') {
    return random.pick([drawSaid, drawUse, drawUse, drawThinking, drawSearch])(random, prove)
  }
  if (role === 'user' || role === 'tool') {
    return random.pick([drawSaid, drawResult, drawResult, drawMedium])(random)
  }
  return drawSaid(random)
}

function drawAnyBlock(random: Random, prove: Prove): JsonObject {
  return random.pick([drawSaid, drawUse, drawResult, drawThinking, drawSearch, drawMedium, drawStrange])(
    random,
    prove,
  )
}

function drawSaid(random: Random): JsonObject {
  return { type: 'text', text: drawText(random) }
}

function drawUse(random: Random): JsonObject {
  const input: JsonObject = random.pick<JsonObject>([
    {},
    { path: '.' },
    { [drawText(random)]: drawText(random) },
    { a: [null, { b: [] }], n: 1e308 },
  ])
  return { type: 'tool_use', id: random.pick(IDS), name: random.pick(TOOL_NAMES), input }
}

function drawResult(random: Random): JsonObject {
  const content = random.pick<() => JsonValue>([
    () => drawText(random),
    () => [],
    () => null,
    () => [drawSaid(random), drawMedium(random)],
    () => [{ type: 'tool_reference', tool_name: random.pick(TOOL_NAMES) }],
    () => [drawStrange(random)],
  ])()
  return {
    type: 'tool_result',
    tool_use_id: random.pick(IDS),
    content,
    ...(random.below(4) === 0 && { is_error: true }),
  }
}

/** As it was, edited, signed by nobody, by another, or twice. */
function drawThinking(random: Random, prove: Prove): JsonObject {
  const thinking = random.pick(['', 'hm', drawText(random)])
  const signature = random.pick<() => string>([
    () => prove(thinking),
    () => prove(`${thinking} more`),
    () => prove(thinking).slice(0, -3),
    () => `${prove(thinking)}=`,
    () => 'eA==',
    () => '',
    () => drawText(random),
  ])()
  if (random.below(5) === 0) return { type: 'redacted_thinking', data: signature }
  return { type: 'thinking', thinking, signature }
}

function drawSearch(random: Random): JsonObject {
  const id = random.pick(IDS)
  return random.pick<JsonObject>([
    { type: 'server_tool_use', id, name: 'web_search', input: { query: drawText(random) } },
    {
      type: 'web_search_tool_result',
      tool_use_id: id,
      content: [{ type: 'web_search_result', url: drawText(random), title: drawText(random) }],
    },
    {
      type: 'web_search_tool_result',
      tool_use_id: id,
      content: { type: 'web_search_tool_result_error', error_code: 'unavailable' },
    },
  ])
}

function drawMedium(random: Random): JsonObject {
  const data = Buffer.from(drawText(random)).toString('base64')
  return random.pick<JsonObject>([
    { type: 'image', source: { type: 'base64', media_type: 'image/png', data: images.png } },
    { type: 'document', title: drawText(random), source: { type: 'text', data: drawText(random) } },
    { type: 'document', source: { type: 'base64', media_type: 'text/plain', data } },
    {
      type: 'document',
      title: drawText(random),
      context: drawText(random),
      source: { type: 'content', content: [drawSaid(random)] },
    },
    { type: 'search_result', source: 's', title: drawText(random), content: [drawSaid(random)] },
  ])
}

function drawStrange(random: Random): JsonObject {
  return random.pick<JsonObject>([
    { type: drawText(random) },
    { type: drawText(random), text: drawText(random) },
    { type: 'hologram', source: { type: 'base64', data: 'AAAA' } },
    { type: 'compaction', content: drawText(random), tool_changes: [] },
    { type: 'tool_removal', tool: { type: 'tool_reference', name: random.pick(TOOL_NAMES) } },
    {
      type: 'tool_addition',
      tool: { type: 'tool_definition', definition: { name: random.pick(TOOL_NAMES), input_schema: {} } },
    },
    { type: 'container_upload', file_id: 'f' },
    { type: 'mcp_tool_use', id: 'm', name: 'n', server_name: 's', input: {} },
    { text: drawText(random) },
    {},
  ])
}
