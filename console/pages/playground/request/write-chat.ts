/** A request of Chat Completions. Pure. */
import { callsOf, textOf } from '../answer/answer.ts'
import type { Json, JsonObject } from '../json.ts'
import { unreachable } from '../../../unreachable.ts'
import type { Picture, Turn, Wishes } from './turns.ts'

export function writeChat(wishes: Wishes, turns: readonly Turn[]): JsonObject {
  const { model, system, temperature, maxTokens, stream, tools } = wishes
  const instructions = system === '' ? [] : [{ role: 'system', content: system }]
  return {
    model,
    stream,
    ...(stream && { stream_options: { include_usage: true } }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_completion_tokens: maxTokens }),
    ...writeThinking(wishes),
    ...(tools.length > 0 && { tools: tools.map((tool) => ({ type: 'function', function: { ...tool } })) }),
    messages: [...instructions, ...writeChatMessages(turns)],
  }
}

/** `reasoning` is OpenRouter's: OpenAI's own field knows no budget. */
function writeThinking({ thinking, effort, budgetTokens }: Wishes): JsonObject {
  if (thinking === 'default') return {}
  if (thinking === 'off') return { reasoning_effort: 'none' }
  if (budgetTokens !== undefined) return { reasoning: { max_tokens: budgetTokens } }
  return effort === '' ? { reasoning: { enabled: true } } : { reasoning_effort: effort }
}

export function writeChatMessages(turns: readonly Turn[]): Json[] {
  return turns.flatMap((turn): Json[] => {
    switch (turn.role) {
      case 'raw':
        return []
      case 'user':
        return [{ role: 'user', content: writeContent(turn) }]
      case 'results':
        return turn.results.map(({ callId, text }) => ({ role: 'tool', tool_call_id: callId, content: text }))
      case 'assistant': {
        const calls = callsOf(turn.answer).map(({ id, name, input }) => ({
          id,
          type: 'function',
          function: { name, arguments: input },
        }))
        const text = textOf(turn.answer)
        const content = text === '' && calls.length > 0 ? null : text
        return [{ role: 'assistant', content, ...(calls.length > 0 && { tool_calls: calls }) }]
      }
      default:
        return unreachable(turn)
    }
  })
}

function writeContent({ text, pictures }: { text: string; pictures: readonly Picture[] }): Json {
  if (pictures.length === 0) return text
  const images = pictures.map((picture) => ({ type: 'image_url', image_url: { url: dataUrlOf(picture) } }))
  return text === '' ? images : [...images, { type: 'text', text }]
}

export function dataUrlOf({ mediaType, base64 }: Pick<Picture, 'mediaType' | 'base64'>): string {
  return `data:${mediaType};base64,${base64}`
}
