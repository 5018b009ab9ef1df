import type { JsonObject, TextPart } from '../../conversation/conversation.ts'
import type { Refusal, Reply, ReplyPart, StopReason, Usage } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ReplyHead } from '../dialect.ts'
import { writeSources, writeSourcesAfterText } from '../write-sources.ts'
import { writeCitations } from './write-citations.ts'
import { createSearchCount, writeSearchCall, writeSearchResult } from './write-search.ts'

/** The whole answer of a request that did not ask for a stream. */
export function writeReply(reply: Reply, head: ReplyHead): JsonObject {
  const searches = createSearchCount()
  for (const part of reply.parts) if (part.kind === 'web-search') searches.note(part.outcome)
  return {
    ...writeMessageHead(head),
    content: [...reply.parts.flatMap(writePart), ...writeLooseSources(reply)],
    ...writeStop(
      reply,
      reply.parts.some((part) => part.kind === 'tool-use'),
    ),
    usage: { ...writeUsage(reply.usage), ...searches.usage() },
  }
}

/** What is known of a message before its first word. */
export function writeMessageHead(head: ReplyHead): JsonObject {
  return { id: `msg_${head.id}`, type: 'message', role: 'assistant', model: head.model }
}

export function writeUsage(usage: Omit<Usage, 'source'>): JsonObject {
  return {
    input_tokens: usage.inputTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    cache_read_input_tokens: usage.cacheReadTokens,
    output_tokens: usage.outputTokens,
  }
}

interface Stop {
  stopReason: StopReason
  stopSequence?: string
  refusal?: Refusal
}

/** `usedTools`: the answer holds a tool use; agents run their tools only when the stop reason says so. */
export function writeStop(stop: Stop, usedTools: boolean): JsonObject {
  return {
    stop_reason: usedTools ? 'tool_use' : writeStopReason(stop.stopReason),
    stop_sequence: stop.stopSequence ?? null,
    ...(stop.refusal === undefined ? {} : { stop_details: writeRefusal(stop.refusal) }),
  }
}

function writeStopReason(reason: StopReason): string {
  switch (reason) {
    case 'end-turn':
      return 'end_turn'
    case 'tool-use':
      // Said without a tool use; agents would answer it with results of no tool.
      return 'end_turn'
    case 'max-tokens':
      return 'max_tokens'
    case 'stop-sequence':
      return 'stop_sequence'
    case 'refusal':
      return 'refusal'
    case 'context-window-exceeded':
      return 'model_context_window_exceeded'
    case 'pause-turn':
      return 'pause_turn'
    default:
      return unreachable(reason)
  }
}

function writeRefusal(refusal: Refusal): JsonObject {
  return {
    type: 'refusal',
    category: refusal.category ?? null,
    explanation: refusal.explanation ?? null,
  }
}

function writePart(part: ReplyPart): JsonObject[] {
  switch (part.kind) {
    case 'text':
      return [writeText(part)]
    case 'thinking':
      return [{ type: 'thinking', thinking: part.text, signature: part.signature ?? '' }]
    case 'redacted-thinking':
      return [{ type: 'redacted_thinking', data: part.data }]
    case 'tool-use':
      return [{ type: 'tool_use', id: part.id, name: part.name, input: part.input }]
    case 'web-search':
      return [
        { ...writeSearchCall(part.id), input: { query: part.query } },
        writeSearchResult(part.id, part.outcome),
      ]
    default:
      return unreachable(part)
  }
}

function writeText({ text, citations }: TextPart): JsonObject {
  const { native, others } = writeCitations(citations)
  return {
    type: 'text',
    text: text + writeSourcesAfterText(others),
    ...(native.length > 0 && { citations: native }),
  }
}

/** Without a text to stand with, all of them are told in words. */
function writeLooseSources({ citations = [] }: Pick<Reply, 'citations'>): JsonObject[] {
  return citations.length === 0 ? [] : [{ type: 'text', text: writeSources(citations) }]
}
