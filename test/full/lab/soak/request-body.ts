/** One conversation, as the client of each API would send it. */
import { unreachable } from '../../../../src/conversation/unreachable.ts'
import { images } from '../../../sample-images.ts'

export const apis = ['chat', 'messages', 'responses'] as const
export type Api = (typeof apis)[number]

export const pathOf = {
  chat: '/v1/chat/completions',
  messages: '/v1/messages',
  responses: '/v1/responses',
} as const satisfies Record<Api, string>

export const TOOL = 'read_file'

export type Turn =
  | { by: 'user'; text: string; withImage?: boolean }
  | { by: 'assistant'; text: string }
  | { by: 'call'; id: string; input: object }
  | { by: 'result'; id: string; text: string }

export interface Conversation {
  model: string
  stream: boolean
  turns: readonly Turn[]
  withTools?: boolean
  thinks?: boolean
}

/** Higher than any answer is long: none is to be cut here. */
const MOST_TOKENS = 60_000
const THINKING_TOKENS = 2000
const SYSTEM = 'You are a careful assistant.'
const DESCRIPTION = 'Reads a text file.'
const schema = { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }
const imageUrl = `data:image/png;base64,${images.png}`

export function bodyFor(api: Api, conversation: Conversation): object {
  return writers[api](conversation)
}

const writers: Readonly<Record<Api, (conversation: Conversation) => object>> = {
  chat: ({ model, stream, turns, withTools, thinks }) => ({
    model,
    stream,
    messages: [{ role: 'system', content: SYSTEM }, ...turns.map(toChat)],
    ...(withTools && {
      tools: [{ type: 'function', function: { name: TOOL, description: DESCRIPTION, parameters: schema } }],
    }),
    ...(thinks && { reasoning_effort: 'high' }),
  }),
  messages: ({ model, stream, turns, withTools, thinks }) => ({
    model,
    stream,
    max_tokens: MOST_TOKENS,
    system: SYSTEM,
    messages: turns.map(toMessages),
    ...(withTools && { tools: [{ name: TOOL, description: DESCRIPTION, input_schema: schema }] }),
    ...(thinks && { thinking: { type: 'enabled', budget_tokens: THINKING_TOKENS } }),
  }),
  responses: ({ model, stream, turns, withTools, thinks }) => ({
    model,
    stream,
    store: false,
    instructions: SYSTEM,
    input: turns.map(toItem),
    ...(withTools && {
      tools: [{ type: 'function', name: TOOL, description: DESCRIPTION, parameters: schema }],
    }),
    ...(thinks && { reasoning: { effort: 'high', summary: 'auto' } }),
  }),
}

function toChat(turn: Turn): object {
  switch (turn.by) {
    case 'user':
      if (turn.withImage !== true) return { role: 'user', content: turn.text }
      return {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: imageUrl } },
          { type: 'text', text: turn.text },
        ],
      }
    case 'assistant':
      return { role: 'assistant', content: turn.text }
    case 'call': {
      const called = { name: TOOL, arguments: JSON.stringify(turn.input) }
      return {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: turn.id, type: 'function', function: called }],
      }
    }
    case 'result':
      return { role: 'tool', tool_call_id: turn.id, content: turn.text }
    default:
      return unreachable(turn)
  }
}

function toMessages(turn: Turn): object {
  switch (turn.by) {
    case 'user': {
      const image = {
        type: 'image',
        source: { type: 'base64', media_type: 'image/png', data: images.png },
      }
      return {
        role: 'user',
        content: [...(turn.withImage === true ? [image] : []), { type: 'text', text: turn.text }],
      }
    }
    case 'assistant':
      return { role: 'assistant', content: turn.text }
    case 'call':
      return {
        role: 'assistant',
        content: [{ type: 'tool_use', id: turn.id, name: TOOL, input: turn.input }],
      }
    case 'result':
      return { role: 'user', content: [{ type: 'tool_result', tool_use_id: turn.id, content: turn.text }] }
    default:
      return unreachable(turn)
  }
}

function toItem(turn: Turn): object {
  switch (turn.by) {
    case 'user': {
      const image = { type: 'input_image', image_url: imageUrl }
      const text = { type: 'input_text', text: turn.text }
      return { type: 'message', role: 'user', content: [...(turn.withImage === true ? [image] : []), text] }
    }
    case 'assistant':
      return { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: turn.text }] }
    case 'call':
      return { type: 'function_call', call_id: turn.id, name: TOOL, arguments: JSON.stringify(turn.input) }
    case 'result':
      return { type: 'function_call_output', call_id: turn.id, output: turn.text }
    default:
      return unreachable(turn)
  }
}
