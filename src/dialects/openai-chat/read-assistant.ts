/** What the assistant said: thinking, texts and calls, in all the fields that messages have had for them. */
import type { AssistantPart, ToolUsePart } from '../../conversation/conversation.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import { readCacheMark } from '../cache-mark.ts'
import type { FieldNotes } from '../field-notes.ts'
import type { LegacyCalls } from './legacy-calls.ts'
import { reasoningDetail, type AssistantMessage, type ToolCall } from './message-schema.ts'
import type { Place } from '../read-media.ts'
import { createText, createToolUse, readSpokenParts, type AnyPart } from '../read-parts.ts'

export function readAssistantParts(message: AssistantMessage, legacy: LegacyCalls, place: Place): AnyPart[] {
  const call = message.function_call ?? undefined
  const refusal = message.refusal ?? ''
  return [
    ...readReasoning(message, place.notes),
    ...readSpokenParts(message.content, 'assistant', place),
    ...(refusal === '' ? [] : [createText(refusal)]),
    ...(call === undefined ? [] : [createToolUse(legacy.call(call.name), call.name, call.arguments)]),
    ...(message.tool_calls ?? []).map((each) => readToolCall(each, place.notes)),
  ]
}

/** Clients know of thinking only the text, which is no proof that it is the model's own. */
function readReasoning(message: AssistantMessage, notes: FieldNotes): AssistantPart[] {
  const told = Object.entries({
    reasoning_content: message.reasoning_content ?? '',
    reasoning: message.reasoning ?? '',
    reasoning_details: textOfDetails(message.reasoning_details ?? []),
  }).filter(([, text]) => text !== '')
  for (const [field] of told) notes.mayLose('earlier-thinking', `messages.${field}`)
  // Where there are several, they say the same.
  return told.slice(0, 1).map(([, text]) => ({ kind: 'thinking', text }))
}

function textOfDetails(details: readonly unknown[]): string {
  const texts = details.map((detail) => {
    const { text, summary } = reasoningDetail.safeParse(detail).data ?? {}
    return text ?? summary ?? ''
  })
  return texts.join('')
}

function readToolCall(call: ToolCall, notes: FieldNotes): ToolUsePart {
  const mark = readCacheMark(call, notes)
  switch (call.type) {
    case 'function':
      return { ...createToolUse(call.id, call.function.name, call.function.arguments), ...mark }
    case 'custom': {
      const { name, input } = call.custom
      return { kind: 'tool-use', id: call.id, name, input: { input: input ?? '' }, ...mark }
    }
    default:
      return unreachable(call)
  }
}
