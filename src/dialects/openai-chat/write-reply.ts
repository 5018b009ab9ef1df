import type { AssistantPart, JsonObject, ToolUsePart } from '../../conversation/conversation.ts'
import type { Reply, StopReason, Usage } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ReplyHead } from '../dialect.ts'

/** The whole answer of a request that did not ask for a stream. */
export function writeReply(reply: Reply, head: ReplyHead): JsonObject {
  const usedTools = reply.parts.some((part) => part.kind === 'tool-use')
  const choice = {
    index: 0,
    message: writeMessage(reply.parts),
    logprobs: null,
    finish_reason: writeFinishReason(reply.stopReason, usedTools),
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
export function writeFinishReason(reason: StopReason, usedTools: boolean): string {
  if (usedTools) return 'tool_calls'
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

function writeMessage(parts: readonly AssistantPart[]): JsonObject {
  const texts: string[] = []
  const reasoning: string[] = []
  const calls: JsonObject[] = []
  for (const part of parts) {
    switch (part.kind) {
      case 'text':
        texts.push(part.text)
        break
      case 'thinking':
        reasoning.push(part.text)
        break
      case 'redacted-thinking':
        break
      case 'tool-use':
        calls.push(writeCall(part))
        break
      default:
        unreachable(part)
    }
  }
  return {
    role: 'assistant',
    content: texts.length === 0 && calls.length > 0 ? null : texts.join(''),
    refusal: null,
    annotations: [],
    ...(reasoning.length === 0 ? {} : { reasoning_content: reasoning.join('') }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
  }
}

function writeCall(part: ToolUsePart): JsonObject {
  const { id, name, input, inputText = JSON.stringify(input) } = part
  return { id, type: 'function', function: { name, arguments: inputText } }
}
