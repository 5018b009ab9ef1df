import type { JsonObject } from '../../conversation/conversation.ts'
import type { StopReason, Usage } from '../../conversation/reply.ts'
import { unreachable } from '../../conversation/unreachable.ts'
import type { ReplyHead } from '../dialect.ts'
import type { AnswerHead } from './answer-wishes.ts'

interface ResponseState {
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed'
  /** Why it is incomplete. */
  reason?: string
  error?: JsonObject
  output: JsonObject[]
  usage?: Usage
}

/** The response object, without what of it repeats the request. */
export function writeResponse(
  head: ReplyHead,
  { status, reason, error, output, usage }: ResponseState,
): JsonObject {
  return {
    id: `resp_${head.id}`,
    object: 'response',
    created_at: createdAt(head),
    status,
    error: error ?? null,
    incomplete_details: reason === undefined ? null : { reason },
    model: head.model,
    output,
    usage: usage === undefined ? null : writeUsage(usage),
  }
}

/** The answer to a request for a summary and nothing else. */
export function writeCompactionDocument(
  head: ReplyHead,
  { output, usage }: Required<Pick<ResponseState, 'output' | 'usage'>>,
): JsonObject {
  return {
    id: `resp_${head.id}`,
    object: 'response.compaction',
    created_at: createdAt(head),
    output,
    usage: writeUsage(usage),
  }
}

/**
 * How the answer ended. What was cut off is incomplete, but not to Codex: that takes `incomplete` for a broken stream, asks
 * for the same answer five times more and throws the turn away. A summary is one wherever it ends.
 */
export function endingOf(
  stopReason: StopReason,
  { isCodex, compaction }: Pick<AnswerHead, 'isCodex' | 'compaction'>,
): Pick<ResponseState, 'status' | 'reason'> {
  const reason = reasonOf(stopReason)
  if (reason === undefined || isCodex || compaction !== undefined) return { status: 'completed' }
  return { status: 'incomplete', reason }
}

function reasonOf(stopReason: StopReason): string | undefined {
  switch (stopReason) {
    case 'end-turn':
    case 'tool-use':
    case 'stop-sequence':
    case 'pause-turn':
      return undefined
    case 'max-tokens':
    case 'context-window-exceeded':
      return 'max_output_tokens'
    // Not the model's words but a filter's: it ends the answer where it is.
    case 'refusal':
      return 'content_filter'
    default:
      return unreachable(stopReason)
  }
}

/** `input_tokens` includes what came from or went to a cache. The service does not count reasoning apart. */
function writeUsage(usage: Usage): JsonObject {
  const inputTokens = usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens
  return {
    input_tokens: inputTokens,
    input_tokens_details: {
      cached_tokens: usage.cacheReadTokens,
      cache_write_tokens: usage.cacheWriteTokens,
    },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: inputTokens + usage.outputTokens,
  }
}

function createdAt({ createdAt: time }: ReplyHead): number {
  return Math.floor(time.getTime() / 1000)
}
