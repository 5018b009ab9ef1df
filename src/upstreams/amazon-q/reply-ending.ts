/** What the service tells about an answer beside its content: usage, cost, and why it ended. */

import { tokensOfBytes } from '../../conversation/estimate-tokens.ts'
import type { Refusal, StopReason, Usage } from '../../conversation/reply.ts'
import type { MetadataEvent } from './schema.ts'

export interface ReplyEnding {
  metadata(event: MetadataEvent): void
  credits(credits: number): void
  /** UTF-8 bytes that the model wrote: text, tool input, thinking. The base of the estimate. */
  countOutput(text: string): void
  /** Undefined when the service did not say, or said a word that is not known. */
  toldStopReason(): StopReason | undefined
  refusal(): Refusal | undefined
  usage(): Usage
}

const stopReasons: ReadonlyMap<string, StopReason> = new Map([
  ['END_TURN', 'end-turn'],
  ['MAX_TOKENS', 'max-tokens'],
  ['MODEL_CONTEXT_WINDOW_EXCEEDED', 'context-window-exceeded'],
  ['CONTENT_FILTERED', 'refusal'],
  ['PAUSE_TURN', 'pause-turn'],
])

export function createReplyEnding(estimatedInputTokens: number): ReplyEnding {
  let tokenUsage: MetadataEvent['tokenUsage']
  let stopReason: string | undefined
  let refusal: Refusal | undefined
  let credits: number | undefined
  let outputBytes = 0

  return {
    metadata(event) {
      tokenUsage = event.tokenUsage ?? tokenUsage
      stopReason = event.stopReason ?? stopReason
      const told = event.stopDetails?.refusal
      if (told == null) return
      refusal = {
        ...(told.category != null && { category: told.category }),
        ...(told.explanation != null && { explanation: told.explanation }),
      }
    },
    credits(amount) {
      credits = amount
    },
    countOutput(text) {
      outputBytes += Buffer.byteLength(text)
    },
    toldStopReason() {
      if (refusal !== undefined) return 'refusal'
      return stopReason === undefined ? undefined : stopReasons.get(stopReason)
    },
    refusal: () => refusal,
    usage() {
      const counts =
        tokenUsage == null ? estimatedUsage(estimatedInputTokens, outputBytes) : toldUsage(tokenUsage)
      return { ...counts, ...(credits !== undefined && { credits }) }
    },
  }
}

function toldUsage(told: NonNullable<MetadataEvent['tokenUsage']>): Usage {
  return {
    inputTokens: told.uncachedInputTokens,
    outputTokens: told.outputTokens,
    cacheReadTokens: told.cacheReadInputTokens ?? 0,
    cacheWriteTokens: told.cacheWriteInputTokens ?? 0,
    source: 'upstream',
  }
}

function estimatedUsage(inputTokens: number, outputBytes: number): Usage {
  const outputTokens = tokensOfBytes(outputBytes)
  return { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0, source: 'estimated' }
}
