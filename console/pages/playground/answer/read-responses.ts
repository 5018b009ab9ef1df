/** Answers of OpenAI's Responses: one event of a stream after the other, or a whole one. Pure. */
import { isObject, listAt, memberOf, numberAt, textAt, type Json, type JsonObject } from '../json.ts'
import {
  addText,
  addThinking,
  NO_ANSWER,
  withPart,
  type Answer,
  type AnswerPart,
  type AnswerUsage,
} from './answer.ts'

export function readResponsesEvent(answer: Answer, event: Json): Answer {
  const item = numberAt(event, 'output_index') ?? 0
  const key = keyOf(item, numberAt(event, 'content_index') ?? numberAt(event, 'summary_index') ?? 0)
  const piece = textAt(event, 'delta') ?? ''
  switch (textAt(event, 'type') ?? '') {
    case 'response.output_item.added':
      return beginItem(answer, memberOf(event, 'item'), item)
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return addText(answer, key, piece)
    case 'response.reasoning_summary_text.delta':
    case 'response.reasoning_text.delta':
      return addThinking(answer, keyOf(item, 0), piece)
    // A thought of several parts is one thought.
    case 'response.reasoning_summary_part.added':
      return numberAt(event, 'summary_index') === 0 ? answer : addThinking(answer, keyOf(item, 0), '\n\n')
    case 'response.function_call_arguments.delta':
    case 'response.custom_tool_call_input.delta':
      return withPart(answer, emptyCall(keyOf(item, 0)), (part) => ({ ...part, input: part.input + piece }))
    case 'response.output_item.done':
      return endItem(answer, memberOf(event, 'item'), item)
    case 'response.completed':
    case 'response.incomplete':
    case 'response.failed':
      return endResponse(answer, memberOf(event, 'response'))
    case 'error':
      return { ...answer, error: textAt(event, 'message') ?? textAt(event, 'error', 'message') ?? 'error' }
    default:
      return answer
  }
}

export function readWholeResponse(body: Json): Answer {
  const parts = listAt(body, 'output').flatMap((item, index) => partsOf(item, index))
  return endResponse({ ...NO_ANSWER, parts }, body)
}

function keyOf(item: number, part: number): string {
  return `item ${item} ${part}`
}

function emptyCall(key: string): Extract<AnswerPart, { kind: 'call' }> {
  return { kind: 'call', key, id: '', name: '', input: '' }
}

function partsOf(item: Json | undefined, index: number): AnswerPart[] {
  if (!isObject(item)) return []
  const type = textAt(item, 'type') ?? ''
  const key = keyOf(index, 0)
  switch (type) {
    case 'message':
      return listAt(item, 'content').map((part, at) => ({
        kind: 'text',
        key: keyOf(index, at),
        text: textAt(part, 'text') ?? textAt(part, 'refusal') ?? '',
      }))
    case 'reasoning':
      return [{ kind: 'thinking', key, text: thoughtOf(item), proof: { dialect: 'openai-responses', item } }]
    case 'function_call':
    case 'custom_tool_call': {
      const input = textAt(item, 'arguments') ?? textAt(item, 'input') ?? ''
      return [
        { kind: 'call', key, id: textAt(item, 'call_id') ?? '', name: textAt(item, 'name') ?? '', input },
      ]
    }
    default:
      return [{ kind: 'other', key, type, value: item }]
  }
}

function thoughtOf(item: JsonObject): string {
  return [...listAt(item, 'content'), ...listAt(item, 'summary')]
    .map((part) => textAt(part, 'text') ?? '')
    .join('\n\n')
}

function beginItem(answer: Answer, item: Json | undefined, index: number): Answer {
  const begun = partsOf(item, index).map((part) => (part.kind === 'call' ? { ...part, input: '' } : part))
  return { ...answer, parts: [...answer.parts, ...begun] }
}

/** Only now it is whole: what came in pieces stays, and what was not told before is added. */
function endItem(answer: Answer, item: Json | undefined, index: number): Answer {
  return partsOf(item, index).reduce<Answer>((read, whole) => {
    const at = read.parts.findIndex(({ key, kind }) => key === whole.key && kind === whole.kind)
    return { ...read, parts: at < 0 ? [...read.parts, whole] : read.parts.with(at, whole) }
  }, answer)
}

function endResponse(answer: Answer, response: Json | undefined): Answer {
  const usage = memberOf(response, 'usage')
  const error = textAt(response, 'error', 'message')
  return {
    ...answer,
    stopReason: textAt(response, 'incomplete_details', 'reason') ?? textAt(response, 'status'),
    usage: isObject(usage) ? usageOf(usage) : answer.usage,
    ...(error !== undefined && { error }),
  }
}

function usageOf(usage: JsonObject): AnswerUsage {
  return {
    inputTokens: numberAt(usage, 'input_tokens') ?? 0,
    outputTokens: numberAt(usage, 'output_tokens') ?? 0,
    cachedTokens: numberAt(usage, 'input_tokens_details', 'cached_tokens') ?? 0,
  }
}
