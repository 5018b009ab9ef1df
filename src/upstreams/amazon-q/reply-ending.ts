/** What the service tells about an answer beside its content: usage, cost, and why it ended. */

import { createTokenTally } from '../../conversation/estimate-tokens.ts'
import type { Refusal, StopReason, Usage } from '../../conversation/reply.ts'
import type { PromptSize } from './prompt-size.ts'
import type { MetadataEvent } from './schema.ts'

export interface ReplyEnding {
  metadata(event: MetadataEvent): void
  credits(credits: number): void
  /** How full the window is, this answer included, in percent. */
  contextUsage(percent: number): void
  /** What the model wrote: text, tool input, thinking. The base of the estimate. */
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

/** A percentage whose count of the prompt is below this part of our own has another base than the window that we know. */
const LEAST_PLAUSIBLE = 0.5

export function createReplyEnding(prompt: PromptSize): ReplyEnding {
  let tokenUsage: MetadataEvent['tokenUsage']
  let stopReason: string | undefined
  let refusal: Refusal | undefined
  let credits: number | undefined
  let contextPercent: number | undefined
  const output = createTokenTally()

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
    contextUsage(percent) {
      contextPercent = percent
    },
    countOutput(text) {
      output.add(text)
    },
    toldStopReason() {
      if (refusal !== undefined) return 'refusal'
      return stopReason === undefined ? undefined : stopReasons.get(stopReason)
    },
    refusal: () => refusal,
    usage() {
      const counts =
        tokenUsage == null ? countedUsage(prompt, output.tokens(), contextPercent) : toldUsage(tokenUsage)
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

/**
 * The percentage gives the whole of prompt and answer, hidden instructions of the service included, so it is often far above
 * our own count of a small prompt. Its base is not the same for all models (protocol 4.7), therefore the check.
 */
function countedUsage(prompt: PromptSize, outputTokens: number, contextPercent = 0): Usage {
  const told = Math.round((contextPercent / 100) * prompt.contextWindowTokens) - outputTokens
  const isPlausible = told > 0 && told >= LEAST_PLAUSIBLE * prompt.tokens
  return {
    inputTokens: isPlausible ? told : prompt.tokens,
    outputTokens,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    source: isPlausible ? 'context-percent' : 'estimated',
  }
}
