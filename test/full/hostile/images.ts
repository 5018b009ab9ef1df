/** Requests with hostile images, in every place and spelling that the client APIs have for images. */
import type { JsonObject } from '../../../src/conversation/conversation.ts'
import { dialects } from '../../../src/dialects/index.ts'
import type { HostileRequest } from './conversations.ts'
import { drawImageFile, drawLarge, drawSound, type ImageFile } from './image-files.ts'
import type { Random } from './random.ts'

export interface ImageRequest extends HostileRequest {
  /** What a person has just attached, and no model can be given. */
  mustBeRefused: boolean
  /** The base64 of what no model can be given, wherever it stands. */
  hopeless: readonly string[]
}

/** Attached now, attached earlier, or what a tool has come up with. */
const PLACES = ['attached', 'attached', 'earlier', 'result'] as const
const MANY = 100
/** That a person may attach to one message. */
const MOST_ATTACHED = 20

export function drawImages(random: Random): ImageRequest {
  const dialect = dialects[random.below(dialects.length)]
  if (dialect === undefined) throw new Error('There is no dialect')
  const place = random.pick(PLACES)
  const isMany = random.below(20) === 0
  const count = isMany ? MANY : 1 + random.below(3)
  const files = Array.from({ length: count }, () => (isMany ? drawSound(random) : drawImageFile(random)))
  const parts = files.map((file) => writeImage(dialect.name, file, random))
  const hopeless = files.filter(({ isHopeless }) => isHopeless).map(({ base64 }) => base64)
  const isAttached = place === 'attached'
  return {
    dialect,
    body: { model: 'claude-sonnet-5', ...writeBody(dialect.name, place, parts) },
    mustBeRefused: isAttached && (hopeless.length > 0 || count > MOST_ATTACHED),
    hopeless,
  }
}

/** Three of some megabytes each, in results of tools, where none is refused. */
export function drawLargeImages(random: Random): HostileRequest {
  const dialect = dialects[random.below(dialects.length)]
  if (dialect === undefined) throw new Error('There is no dialect')
  const parts = [1, 2, 3].map(() => writeImage(dialect.name, drawLarge(random), random))
  return { dialect, body: { model: 'claude-sonnet-5', ...writeBody(dialect.name, 'result', parts) } }
}

function writeImage(api: string, { base64, mediaType }: ImageFile, random: Random): JsonObject {
  const url = `data:${mediaType};base64,${base64}`
  const block: JsonObject = { type: 'image', source: { type: 'base64', media_type: mediaType, data: base64 } }
  if (api === 'anthropic-messages') {
    return random.pick<JsonObject>([block, block, { type: 'image', source: { type: 'url', url } }])
  }
  if (api === 'openai-chat') {
    return random.pick<JsonObject>([
      { type: 'image_url', image_url: { url, detail: 'high' } },
      { type: 'image_url', image_url: url },
      block,
    ])
  }
  return random.pick<JsonObject>([
    { type: 'input_image', image_url: url, detail: 'high' },
    { type: 'input_image', image_url: url },
    block,
  ])
}

type Place = (typeof PLACES)[number]

function writeBody(api: string, place: Place, parts: JsonObject[]): JsonObject {
  const asked = { role: 'user', content: 'And now?' }
  const answered = { role: 'assistant', content: 'I see.' }
  const user = { role: 'user', content: parts }
  if (place !== 'result') {
    const messages = place === 'earlier' ? [user, answered, asked] : [answered, user]
    if (api === 'anthropic-messages') return { max_tokens: 100, messages }
    return api === 'openai-chat' ? { messages } : { input: messages }
  }
  switch (api) {
    case 'anthropic-messages': {
      const use = { type: 'tool_use', id: 'a', name: 'look', input: {} }
      const result = { type: 'tool_result', tool_use_id: 'a', content: parts }
      const messages = [
        { role: 'assistant', content: [use] },
        { role: 'user', content: [result] },
      ]
      return { max_tokens: 100, messages }
    }
    case 'openai-chat': {
      const call = { id: 'a', type: 'function', function: { name: 'look', arguments: '{}' } }
      const messages = [
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: 'a', content: parts },
      ]
      return { messages }
    }
    default:
      return {
        input: [
          { type: 'function_call', call_id: 'a', name: 'look', arguments: '{}' },
          { type: 'function_call_output', call_id: 'a', output: parts },
        ],
      }
  }
}
