/**
 * What an answer probably cost whose price nobody told: the service tells it last, and whoever cuts an answer, client or
 * gateway, hears no more of it. Limits of credits heed that, or cut answers would be free of them.
 */
import type { Usage } from '../conversation/reply.ts'

export interface AnswerPrices {
  /** Heeds what the answer has told of its price, if it has. */
  learn(model: string, usage: Usage): void
  /** Credits. 0 for an answer that has told its own. */
  assume(model: string, usage: Usage): number
}

interface Learnt {
  tokens: number
  credits: number
}

/** Of a model of which no answer has told its price since the start. */
const UNKNOWN_PRICE = 1
/** How much of what was learnt an answer leaves: the last fifty or so count. */
const REMEMBERED = 0.98

/** What credits each model has cost lately by the token, learnt from the answers of all clients of this process. */
export function createAnswerPrices(): AnswerPrices {
  const models = new Map<string, Learnt>()
  return {
    learn(model, usage) {
      const { credits } = usage
      const tokens = tokensOf(usage)
      if (credits === undefined || tokens === 0) return
      const before = models.get(model) ?? { tokens: 0, credits: 0 }
      models.set(model, {
        tokens: before.tokens * REMEMBERED + tokens,
        credits: before.credits * REMEMBERED + credits,
      })
    },
    assume(model, usage) {
      if (usage.credits !== undefined) return 0
      const learnt = models.get(model)
      return learnt === undefined ? UNKNOWN_PRICE : (learnt.credits / learnt.tokens) * tokensOf(usage)
    },
  }
}

function tokensOf({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }: Usage): number {
  return inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens
}
