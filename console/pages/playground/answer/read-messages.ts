/** Answers of Anthropic's Messages: one event of a stream after the other, or a whole one. Pure. */
import { isObject, listAt, memberOf, numberAt, textAt, type Json, type JsonObject } from '../json.ts'
import { addText, NO_ANSWER, withPart, type Answer, type AnswerPart, type AnswerUsage } from './answer.ts'

export function readMessagesEvent(answer: Answer, event: Json): Answer {
  const key = `block ${numberAt(event, 'index') ?? 0}`
  switch (textAt(event, 'type') ?? '') {
    case 'message_start':
      return withUsage(answer, memberOf(event, 'message', 'usage'))
    case 'content_block_start': {
      const part = partOf(memberOf(event, 'content_block'), key)
      // Its input comes in pieces.
      const begun = part?.kind === 'call' ? { ...part, input: '' } : part
      return begun === undefined ? answer : { ...answer, parts: [...answer.parts, begun] }
    }
    case 'content_block_delta':
      return readDelta(answer, memberOf(event, 'delta'), key)
    case 'message_delta': {
      const stopReason = textAt(event, 'delta', 'stop_reason')
      const counted = withUsage(answer, memberOf(event, 'usage'))
      return stopReason === undefined ? counted : { ...counted, stopReason }
    }
    case 'error':
      return { ...answer, error: textAt(event, 'error', 'message') ?? 'error' }
    default:
      return answer
  }
}

export function readWholeMessage(body: Json): Answer {
  const parts = listAt(body, 'content').flatMap((block, index) => partOf(block, `block ${index}`) ?? [])
  const stopReason = textAt(body, 'stop_reason')
  return withUsage({ ...NO_ANSWER, parts, stopReason }, memberOf(body, 'usage'))
}

function partOf(block: Json | undefined, key: string): AnswerPart | undefined {
  if (!isObject(block)) return undefined
  const type = textAt(block, 'type') ?? ''
  switch (type) {
    case 'text':
      return { kind: 'text', key, text: textAt(block, 'text') ?? '' }
    case 'thinking':
    case 'redacted_thinking':
      return {
        kind: 'thinking',
        key,
        text: textAt(block, 'thinking') ?? '',
        proof: { dialect: 'anthropic-messages', block },
      }
    case 'tool_use': {
      const input = memberOf(block, 'input') ?? {}
      const [id, name] = [textAt(block, 'id') ?? '', textAt(block, 'name') ?? '']
      return { kind: 'call', key, id, name, input: JSON.stringify(input) }
    }
    default:
      return { kind: 'other', key, type, value: block }
  }
}

function readDelta(answer: Answer, delta: Json | undefined, key: string): Answer {
  switch (textAt(delta, 'type') ?? '') {
    case 'text_delta':
      return addText(answer, key, textAt(delta, 'text') ?? '')
    case 'thinking_delta':
      return think(answer, key, { thinking: textAt(delta, 'thinking') ?? '' })
    case 'signature_delta':
      return think(answer, key, { signature: textAt(delta, 'signature') ?? '' })
    case 'input_json_delta': {
      const piece = textAt(delta, 'partial_json') ?? ''
      const begun = { kind: 'call', key, id: '', name: '', input: '' } as const
      return withPart(answer, begun, (part) => ({ ...part, input: part.input + piece }))
    }
    default:
      return answer
  }
}

/** What was thought is said again with its signature, so both are kept as the block that they came in. */
function think(answer: Answer, key: string, piece: { thinking?: string; signature?: string }): Answer {
  return withPart(answer, { kind: 'thinking', key, text: '' }, (part) => {
    const before: JsonObject =
      part.proof?.dialect === 'anthropic-messages' ? part.proof.block : { type: 'thinking' }
    const text = part.text + (piece.thinking ?? '')
    const signature = (textAt(before, 'signature') ?? '') + (piece.signature ?? '')
    const block = { ...before, thinking: text, signature }
    return { ...part, text, proof: { dialect: 'anthropic-messages', block } }
  })
}

/** What a later count leaves out stays as it was. */
function withUsage(answer: Answer, usage: Json | undefined): Answer {
  if (!isObject(usage)) return answer
  const before = answer.usage
  const input = numberAt(usage, 'input_tokens')
  const read = numberAt(usage, 'cache_read_input_tokens') ?? 0
  const written = numberAt(usage, 'cache_creation_input_tokens') ?? 0
  const counted: AnswerUsage = {
    inputTokens: input === undefined ? (before?.inputTokens ?? 0) : input + read + written,
    outputTokens: numberAt(usage, 'output_tokens') ?? before?.outputTokens ?? 0,
    cachedTokens: input === undefined ? (before?.cachedTokens ?? 0) : read,
  }
  return { ...answer, usage: counted }
}
