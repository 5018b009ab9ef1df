import type { JsonObject, ToolUsePart } from '../../conversation/conversation.ts'
import { parseJsonObject } from '../../conversation/parse-json.ts'
import type { Reply, StopReason, Usage } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ReplyHead } from '../dialect.ts'
import type { ChatHead, ToolForms } from './chat-wishes.ts'
import { createCitationList } from './write-citations.ts'

/** The whole answer of a request that did not ask for a stream. */
export function writeReply(reply: Reply, head: ChatHead): JsonObject {
  const usedTools = reply.parts.some((part) => part.kind === 'tool-use')
  const choice = {
    index: 0,
    message: writeMessage(reply, head.toolForms),
    logprobs: null,
    finish_reason: writeFinishReason(reply.stopReason, { usedTools, legacy: head.toolForms.legacy }),
  }
  return {
    ...writeCompletionHead(head, 'chat.completion'),
    choices: [choice],
    usage: writeUsage(reply.usage),
  }
}

/** What is the same in a whole answer and in every chunk of a stream. */
export function writeCompletionHead(head: ReplyHead, object: string): JsonObject {
  const created = Math.floor(head.createdAt.getTime() / 1000)
  return { id: `chatcmpl-${head.id}`, object, created, model: head.model }
}

/** `prompt_tokens` includes what came from or went to a cache. */
export function writeUsage(usage: Usage): JsonObject {
  const promptTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
  return {
    prompt_tokens: promptTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: promptTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens },
  }
}

/** `usedTools`: the answer holds a tool call; agents run their tools only when the finish reason says so. */
export function writeFinishReason(
  reason: StopReason,
  { usedTools, legacy }: { usedTools: boolean; legacy: boolean },
): string {
  if (usedTools) return legacy ? 'function_call' : 'tool_calls'
  switch (reason) {
    case 'end-turn':
    case 'stop-sequence':
    case 'pause-turn':
    // Said without a tool call; agents would look for one.
    case 'tool-use':
      return 'stop'
    case 'max-tokens':
    case 'context-window-exceeded':
      return 'length'
    case 'refusal':
      return 'content_filter'
    default:
      return unreachable(reason)
  }
}

/** A custom tool takes a text, which the model was told to write as `input`. `written`: what it wrote, JSON text. */
export function writeCustomCall(id: string, name: string, written: string): JsonObject {
  const input = parseJsonObject(written)?.['input']
  return { id, type: 'custom', custom: { name, input: typeof input === 'string' ? input : written } }
}

function writeMessage(
  { parts, citations }: Pick<Reply, 'parts' | 'citations'>,
  forms: ToolForms,
): JsonObject {
  const texts: string[] = []
  const reasoning: string[] = []
  const calls: ToolUsePart[] = []
  const cited = createCitationList()
  let textLength = 0
  for (const part of parts) {
    switch (part.kind) {
      case 'text':
        texts.push(part.text)
        textLength += part.text.length
        cited.add(part.citations, textLength)
        break
      case 'thinking':
        reasoning.push(part.text)
        break
      case 'redacted-thinking':
      // This API has no word for what the gateway searches by itself.
      case 'web-search':
        break
      case 'tool-use':
        calls.push(part)
        break
      default:
        unreachable(part)
    }
  }
  cited.add(citations, textLength)
  const { annotations, note } = cited.write(textLength)
  if (note !== '') texts.push(note)
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    refusal: null,
    annotations,
    ...(reasoning.length === 0 ? {} : { reasoning_content: reasoning.join('') }),
    ...writeCalls(calls, forms),
  }
}

function writeCalls(calls: readonly ToolUsePart[], forms: ToolForms): JsonObject {
  const [first] = calls
  if (first === undefined) return {}
  // The older form has room for one call. The client does not know of others, so it asks for them again if need be.
  if (forms.legacy) return { function_call: writeFunction(first) }
  return {
    tool_calls: calls.map((call) =>
      forms.custom.has(call.name)
        ? writeCustomCall(call.id, call.name, inputTextOf(call))
        : { id: call.id, type: 'function', function: writeFunction(call) },
    ),
  }
}

function writeFunction(call: ToolUsePart): JsonObject {
  return { name: call.name, arguments: inputTextOf(call) }
}

function inputTextOf({ input, inputText = JSON.stringify(input) }: ToolUsePart): string {
  return inputText
}
