/** A request of OpenAI's Responses. Pure. */
import type { AnswerPart } from '../answer/answer.ts'
import type { Json, JsonObject } from '../json.ts'
import { unreachable } from '../../../unreachable.ts'
import type { Picture, Turn, Wishes } from './turns.ts'
import { dataUrlOf } from './write-chat.ts'

/** Nothing of it is kept by the gateway, so what was thought travels with the conversation. */
export function writeResponses(wishes: Wishes, turns: readonly Turn[]): JsonObject {
  const { model, system, temperature, maxTokens, stream, tools } = wishes
  return {
    model,
    stream,
    store: false,
    ...(system !== '' && { instructions: system }),
    ...(temperature !== undefined && { temperature }),
    ...(maxTokens !== undefined && { max_output_tokens: maxTokens }),
    ...writeReasoning(wishes),
    ...(tools.length > 0 && {
      tools: tools.map((tool) => ({ type: 'function', ...tool, strict: false })),
    }),
    input: writeResponsesInput(turns),
  }
}

function writeReasoning({ thinking, effort }: Wishes): JsonObject {
  if (thinking === 'default') return {}
  if (thinking === 'off') return { reasoning: { effort: 'none' } }
  const reasoning = { ...(effort !== '' && { effort }), summary: 'auto' }
  return { reasoning, include: ['reasoning.encrypted_content'] }
}

export function writeResponsesInput(turns: readonly Turn[]): Json[] {
  return turns.flatMap((turn): Json[] => {
    switch (turn.role) {
      case 'raw':
        return []
      case 'user':
        return [{ role: 'user', content: writeContent(turn) }]
      case 'results':
        return turn.results.map(({ callId, text }) => ({
          type: 'function_call_output',
          call_id: callId,
          output: text,
        }))
      case 'assistant':
        return turn.answer.parts.flatMap(writePart)
      default:
        return unreachable(turn)
    }
  })
}

function writePart(part: AnswerPart): Json[] {
  switch (part.kind) {
    case 'text':
      if (part.text === '') return []
      return [{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text: part.text }] }]
    case 'call':
      return [{ type: 'function_call', call_id: part.id, name: part.name, arguments: part.input }]
    case 'thinking':
      return part.proof?.dialect === 'openai-responses' ? [part.proof.item] : []
    case 'other':
      return []
    default:
      return unreachable(part)
  }
}

function writeContent({ text, pictures }: { text: string; pictures: readonly Picture[] }): Json {
  if (pictures.length === 0) return text
  const images = pictures.map((picture) => ({ type: 'input_image', image_url: dataUrlOf(picture) }))
  return text === '' ? images : [...images, { type: 'input_text', text }]
}
