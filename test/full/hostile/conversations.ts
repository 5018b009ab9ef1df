/** Conversations that hold to no order, as requests of each client API. */
import type { JsonObject, JsonValue } from '../../../src/conversation/conversation.ts'
import type { Dialect } from '../../../src/dialects/dialect.ts'
import { dialects } from '../../../src/dialects/index.ts'
import { images } from '../../sample-images.ts'
import type { Random } from './random.ts'
import { drawLongText, drawText } from './texts.ts'
import { drawMessage, TOOL_NAMES, type Message, type Prove } from './turns.ts'

export interface HostileRequest {
  dialect: Dialect
  body: JsonObject
}

interface Sources {
  models: readonly string[]
  /** A proof of thinking such as this model would have given for this text. */
  proofOf(text: string, modelId: string): string
  /** One in so many is as long as conversations get; zero: none. */
  longEvery: number
}

const MOST_MESSAGES = 12
const VERY_MANY = 10_000
const VERY_LONG = 10_000_000

export function drawConversation(random: Random, sources: Sources): HostileRequest {
  const model = sources.models[random.below(sources.models.length)] ?? ''
  const messages = drawMessages(random, sources, (text) => sources.proofOf(text, model))
  const dialect = dialects[random.below(dialects.length)]
  if (dialect === undefined) throw new Error('There is no dialect')
  const body = writers[dialect.name]?.(messages, random) ?? {}
  return { dialect, body: { model, ...body } }
}

function drawMessages(random: Random, { longEvery }: Sources, prove: Prove): Message[] {
  const isLong = longEvery > 0 && random.below(longEvery) === 0
  if (!isLong)
    return Array.from({ length: random.below(MOST_MESSAGES) + Number(random.below(30) > 0) }, () =>
      drawMessage(random, prove),
    )
  if (random.below(2) === 0) {
    return [drawMessage(random, prove), { role: 'user', content: drawLongText(random, VERY_LONG) }]
  }
  const count = VERY_MANY - 5 + random.below(10)
  const first = random.below(2)
  return Array.from({ length: count }, (_, index) => ({
    role: (index + first) % 2 === 0 ? 'user' : 'assistant',
    content: random.pick(['a', ' ', 'go on', 'ja']),
  }))
}

type Writer = (messages: readonly Message[], random: Random) => JsonObject

const writers: Readonly<Record<string, Writer>> = {
  'anthropic-messages': (messages, random) => ({
    max_tokens: random.pick([1, 100, 1_000_000]),
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...drawSystem(random),
    ...(random.below(3) === 0 && { tools: drawTools(random, 'input_schema') }),
    ...(random.below(4) === 0 && { thinking: { type: 'enabled', budget_tokens: 2000 } }),
    ...(random.below(8) === 0 && { cache_control: { type: 'ephemeral' } }),
  }),
  'openai-chat': (messages, random) => ({
    messages: messages.flatMap((message) => writeChat(message, random)),
    ...(random.below(3) === 0 && { tools: drawTools(random, 'parameters') }),
    ...(random.below(4) === 0 && { reasoning_effort: 'low' }),
  }),
  'openai-responses': writeResponses,
  'openai-compact': writeResponses,
}

function drawSystem(random: Random): JsonObject {
  return random.pick<JsonObject>([
    {},
    { system: drawText(random) },
    { system: [{ type: 'text', text: drawText(random), cache_control: { type: 'ephemeral' } }] },
    { system: [] },
    { system: null },
  ])
}

function drawTools(random: Random, parameters: string): JsonValue[] {
  return Array.from({ length: random.below(4) }, () => ({
    name: random.pick(TOOL_NAMES),
    description: drawText(random),
    [parameters]: { type: 'object' },
    ...(random.below(4) === 0 && { cache_control: { type: 'ephemeral' } }),
  }))
}

/** Calls and results in the API's own fields as often as in blocks, which some clients send. */
function writeChat({ role, content }: Message, random: Random): JsonObject[] {
  if (!Array.isArray(content) || random.below(2) === 0) return [{ role, content }]
  const calls = content.filter(({ type }) => type === 'tool_use')
  const results = content.filter(({ type }) => type === 'tool_result')
  const thoughts = content.filter(({ type }) => type === 'thinking')
  const rest = content.filter((block) => ![...calls, ...results, ...thoughts].includes(block))
  const [thought] = thoughts
  return [
    ...results.map(({ tool_use_id: id, content: told }) => ({
      role: 'tool',
      tool_call_id: id ?? '',
      content: Array.isArray(told) ? told : (told ?? null),
    })),
    {
      role,
      content: rest.map((block) => writePart(block, random)),
      ...(calls.length > 0 && { tool_calls: calls.map((call) => writeCall(call, random)) }),
      ...(thought !== undefined && { reasoning_content: thought['thinking'] ?? '' }),
      ...(random.below(30) === 0 && { function_call: { name: 'ls', arguments: '{}' } }),
    },
  ]
}

function writePart(block: JsonObject, random: Random): JsonObject {
  if (block['type'] !== 'image' || random.below(2) === 0) return block
  return { type: 'image_url', image_url: { url: `data:image/png;base64,${images.png}`, detail: 'low' } }
}

function writeCall({ id = '', name = '', input = {} }: JsonObject, random: Random): JsonObject {
  const written = random.pick([JSON.stringify(input), '', '[]', '{"a":', '"x"', '{}'])
  if (random.below(8) === 0) return { id, type: 'custom', custom: { name, input: written } }
  return { id, type: 'function', function: { name, arguments: written } }
}

function writeResponses(messages: readonly Message[], random: Random): JsonObject {
  const input = messages.flatMap(({ role, content }) =>
    Array.isArray(content) ? content.map((block) => writeItem(role, block, random)) : [{ role, content }],
  )
  return {
    input,
    ...(random.below(3) === 0 && { instructions: drawText(random) }),
    ...(random.below(3) === 0 && { tools: drawTools(random, 'parameters') }),
    ...(random.below(4) === 0 && { reasoning: { effort: 'low', summary: 'auto' } }),
  }
}

function writeItem(role: string, block: JsonObject, random: Random): JsonObject {
  const id = block['id'] ?? block['tool_use_id'] ?? ''
  const { type } = block
  switch (typeof type === 'string' ? type : '') {
    case 'text': {
      const kind = role === 'assistant' ? 'output_text' : 'input_text'
      return { type: 'message', role, content: [{ ...block, type: kind }] }
    }
    case 'tool_use': {
      const written = JSON.stringify(block['input'] ?? {})
      const call = { call_id: id, name: block['name'] ?? '', namespace: random.pick([null, null, 'n']) }
      return random.pick<JsonObject>([
        { type: 'function_call', ...call, arguments: written },
        { type: 'custom_tool_call', ...call, input: written },
        { type: 'shell_call', call_id: id, action: { commands: [written] } },
        { type: 'local_shell_call', call_id: random.pick([id, null]), action: { command: [written] } },
        { type: 'apply_patch_call', call_id: id, operation: { type: 'delete_file', path: written } },
      ])
    }
    case 'tool_result': {
      const kind = random.pick(['function_call_output', 'custom_tool_call_output', 'local_shell_call_output'])
      return { type: kind, call_id: id, output: block['content'] ?? null }
    }
    case 'thinking': {
      const summary = [{ type: 'summary_text', text: block['thinking'] ?? '' }]
      return { type: 'reasoning', id: 'rs_1', summary, encrypted_content: block['signature'] ?? null }
    }
    case 'server_tool_use': {
      const action = { type: 'search', query: drawText(random), sources: [{ url: drawText(random) }] }
      return { type: 'web_search_call', id, status: random.pick(['completed', 'failed']), action }
    }
    default:
      return random.pick<JsonObject>([{ role, content: [block] }, block])
  }
}
