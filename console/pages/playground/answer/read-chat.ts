/** Answers of Chat Completions: one chunk of a stream after the other, or a whole one. Pure. */
import { isObject, listAt, memberOf, numberAt, textAt, type Json } from '../json.ts'
import { addText, addThinking, NO_ANSWER, withPart, type Answer, type AnswerUsage } from './answer.ts'

export function readChatEvent(answer: Answer, chunk: Json): Answer {
  const error = textAt(chunk, 'error', 'message')
  if (error !== undefined) return { ...answer, error }
  const choice = memberOf(chunk, 'choices', 0)
  const delta = memberOf(choice, 'delta')
  const usage = usageOf(memberOf(chunk, 'usage'))
  const stopReason = textAt(choice, 'finish_reason')
  const read = listAt(delta, 'tool_calls').reduce(readCall, readSaid(answer, delta))
  return {
    ...read,
    ...(usage !== undefined && { usage }),
    ...(stopReason !== undefined && { stopReason }),
  }
}

export function readWholeChat(body: Json): Answer {
  const choice = memberOf(body, 'choices', 0)
  const message = memberOf(choice, 'message')
  const read = listAt(message, 'tool_calls').reduce<Answer>(
    (answer, call, index) => readCall(answer, call, index),
    readSaid(NO_ANSWER, message),
  )
  return {
    ...read,
    stopReason: textAt(choice, 'finish_reason'),
    usage: usageOf(memberOf(body, 'usage')),
  }
}

/** Words belong to the part that was last, if it is of their kind. */
function readSaid(answer: Answer, said: Json | undefined): Answer {
  const thought = textAt(said, 'reasoning_content') ?? ''
  const text = textAt(said, 'content') ?? ''
  const refusal = textAt(said, 'refusal') ?? ''
  let read = answer
  if (thought !== '') read = addThinking(read, placeOf(read, 'thinking'), thought)
  if (text !== '') read = addText(read, placeOf(read, 'text'), text)
  if (refusal !== '') read = addText(read, placeOf(read, 'text'), refusal)
  return read
}

function placeOf({ parts }: Answer, kind: 'text' | 'thinking'): string {
  const last = parts.at(-1)
  return last?.kind === kind ? last.key : `${kind} ${parts.length}`
}

function readCall(answer: Answer, call: Json, at: number): Answer {
  const key = `call ${numberAt(call, 'index') ?? at}`
  const name = textAt(call, 'function', 'name') ?? textAt(call, 'custom', 'name') ?? ''
  const input = textAt(call, 'function', 'arguments') ?? textAt(call, 'custom', 'input') ?? ''
  return withPart(answer, { kind: 'call', key, id: '', name: '', input: '' }, (part) => ({
    ...part,
    id: part.id || (textAt(call, 'id') ?? ''),
    name: part.name || name,
    input: part.input + input,
  }))
}

function usageOf(usage: Json | undefined): AnswerUsage | undefined {
  if (!isObject(usage)) return undefined
  return {
    inputTokens: numberAt(usage, 'prompt_tokens') ?? 0,
    outputTokens: numberAt(usage, 'completion_tokens') ?? 0,
    cachedTokens: numberAt(usage, 'prompt_tokens_details', 'cached_tokens') ?? 0,
  }
}
