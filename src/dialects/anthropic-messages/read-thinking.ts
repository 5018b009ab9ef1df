import type { Thinking } from '../../conversation/conversation.ts'
import { effortOf } from '../effort.ts'
import type { PromptBody } from './schema.ts'

/** An effort alone is no wish to think. Kinds of thinking that are not known stay off. */
export function readThinking({ thinking, output_config: output }: PromptBody): Thinking {
  if (thinking === undefined || thinking === null) return { kind: 'off' }
  const shown = thinking.display !== 'omitted'
  const adaptive: Thinking = { kind: 'adaptive', shown, ...effortOf(output?.effort) }
  switch (thinking.type) {
    case 'enabled': {
      const budgetTokens = thinking.budget_tokens ?? undefined
      return budgetTokens === undefined ? adaptive : { kind: 'budget', budgetTokens, shown }
    }
    case 'adaptive':
    // Thinking between tool calls alone: the model service knows no such kind, and this one includes it.
    case 'between_tools':
      return adaptive
    default:
      return { kind: 'off' }
  }
}
