/** A request of Anthropic's Messages. Pure. */
import type { AnswerPart } from '../answer/answer.ts'
import { isObject, parseJson, type Json, type JsonObject } from '../json.ts'
import { unreachable } from '../../../unreachable.ts'
import type { Picture, Turn, Wishes } from './turns.ts'

/** The API demands a limit; what is thought counts towards it. */
const USUAL_MAX_TOKENS = 4096

export function writeMessages(wishes: Wishes, turns: readonly Turn[]): JsonObject {
  const { model, system, temperature, maxTokens, stream, tools, budgetTokens = 0 } = wishes
  return {
    model,
    max_tokens: maxTokens ?? USUAL_MAX_TOKENS + (wishes.thinking === 'on' ? budgetTokens : 0),
    stream,
    ...(system !== '' && { system }),
    ...(temperature !== undefined && { temperature }),
    ...writeThinking(wishes),
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        name,
        description,
        input_schema: parameters,
      })),
    }),
    messages: writeMessagesTurns(turns),
  }
}

function writeThinking({ thinking, effort, budgetTokens }: Wishes): JsonObject {
  if (thinking === 'default') return {}
  if (thinking === 'off') return { thinking: { type: 'disabled' } }
  const kind =
    budgetTokens === undefined ? { type: 'adaptive' } : { type: 'enabled', budget_tokens: budgetTokens }
  return { thinking: kind, ...(effort !== '' && { output_config: { effort } }) }
}

export function writeMessagesTurns(turns: readonly Turn[]): Json[] {
  return turns.flatMap((turn): Json[] => {
    switch (turn.role) {
      case 'raw':
        return []
      case 'user':
        return [{ role: 'user', content: writeContent(turn) }]
      case 'results':
        return [{ role: 'user', content: turn.results.map(writeResult) }]
      case 'assistant': {
        const content = turn.answer.parts.flatMap(writePart)
        return content.length === 0 ? [] : [{ role: 'assistant', content }]
      }
      default:
        return unreachable(turn)
    }
  })
}

function writeResult({ callId, text, isError }: { callId: string; text: string; isError: boolean }): Json {
  return { type: 'tool_result', tool_use_id: callId, content: text, ...(isError && { is_error: true }) }
}

function writePart(part: AnswerPart): Json[] {
  switch (part.kind) {
    case 'text':
      return part.text === '' ? [] : [{ type: 'text', text: part.text }]
    case 'call': {
      const input = parseJson(part.input)
      return [{ type: 'tool_use', id: part.id, name: part.name, input: isObject(input) ? input : {} }]
    }
    case 'thinking':
      return part.proof?.dialect === 'anthropic-messages' ? [part.proof.block] : []
    case 'other':
      return []
    default:
      return unreachable(part)
  }
}

function writeContent({ text, pictures }: { text: string; pictures: readonly Picture[] }): Json {
  if (pictures.length === 0) return text
  const images = pictures.map(({ mediaType, base64 }) => ({
    type: 'image',
    source: { type: 'base64', media_type: mediaType, data: base64 },
  }))
  return text === '' ? images : [...images, { type: 'text', text }]
}
